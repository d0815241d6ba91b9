import { z } from "zod";
import { failingPart } from "./answer-test.ts";
import { certificateExpectation, certificateFault } from "./certificate.ts";
import type { CertificateFacts } from "./certificate.ts";
import type { Hops } from "./hops.ts";
import type { AnswerTest } from "./profile.ts";
import { headerName, hostName, patternText } from "./profile-schema.ts";
import { inRanges, parseRanges } from "./ranges.ts";
import { header } from "./response.ts";
import type { HttpResponse } from "./response.ts";

const text = (value: unknown) => (typeof value === "number" ? String(value) : value);

/** What the runbook expects beyond the balancer's own judgement. Everything stays as it was written. */
export const expectation = z.strictObject({
  status: z.preprocess(text, z.string().refine((s) => parseRanges(s) !== null, { error: "Write status codes such as 200 or 200-299,401." })).optional(),
  contains: z.string().min(1).max(500).optional(),
  lacks: z.string().min(1).max(500).optional(),
  matches: patternText.optional(),
  lacksMatch: patternText.optional(),
  /** Text that stands in the header, or a pattern between slashes. */
  headers: z.array(z.strictObject({ name: headerName, contains: z.string().max(500).optional(), matches: patternText.optional() })).max(8).optional(),
  /** The whole URL that the first answer must redirect to. */
  redirect: z.url({ protocol: /^https?$/, error: "Write the whole URL, with http:// or https://." }).optional(),
  /** Most milliseconds for the whole exchange. */
  withinMs: z.number().int().min(1).max(60_000).optional(),
  certificate: certificateExpectation(hostName).optional(),
});

export type Expectation = z.infer<typeof expectation>;

export type Received = {
  readonly url: string;
  readonly response: HttpResponse;
  readonly totalMs: number;
  readonly hops: Hops | null;
  readonly certificate: CertificateFacts | null;
  readonly askedName: string | null;
  readonly at: Date;
};

/** What is not as expected, in words; null when all of it is. `presence`: the text may stand in what was not kept. */
export function unmetOf(expect: Expectation, got: Received): { readonly say: string; readonly presence: boolean } | null {
  const say = (words: string | null) => (words === null ? null : { say: words, presence: false });
  const body = failingPart(got.response, expect satisfies AnswerTest);
  return (
    say(wrongStatus(expect, got)) ??
    say(wrongRedirect(expect, got)) ??
    (body && { say: body.say, presence: body.part === "presence" }) ??
    say(expect.withinMs !== undefined && got.totalMs > expect.withinMs ? `it took ${got.totalMs} ms, and ${expect.withinMs} ms are allowed` : null) ??
    say(expect.certificate ? certificateFault(expect.certificate, got.certificate, got.askedName, got.at) : null)
  );
}

function wrongStatus({ status }: Expectation, { response }: Received): string | null {
  const ranges = status === undefined ? null : parseRanges(status);
  return ranges && !inRanges(ranges, response.status) ? `status ${response.status} is not in ${status}` : null;
}

function wrongRedirect({ redirect }: Expectation, { response, url, hops }: Received): string | null {
  if (hops !== null && hops.end !== "arrived") return hops.say;
  if (redirect === undefined) return null;
  const to = header(response, "location");
  if (to === null || response.status < 300 || response.status > 399) return `it does not redirect, and ${redirect} is expected`;
  const whole = URL.canParse(to, url) ? new URL(to, url).href : to;
  return whole === new URL(redirect).href ? null : `it redirects to ${whole.slice(0, 200)}, and ${redirect} is expected`;
}
