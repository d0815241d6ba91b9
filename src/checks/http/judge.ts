import { sayDuration } from "../../runbooks/duration-text.ts";
import { failingPart, needsBody } from "./answer-test.ts";
import type { Answered, Ask, Exchange, Probed } from "./exchange.ts";
import { unmetOf } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import type { Profile } from "./profile.ts";
import { inRanges } from "./ranges.ts";
import { readAsHaproxy } from "./read-as-haproxy.ts";
import { hasHead, parseResponse } from "./response.ts";
import type { HttpResponse } from "./response.ts";
import { sayOutcome } from "./say-outcome.ts";
import type { ProbeAnswer } from "./wire.ts";

/** Judges an answer as the view's own system does. */
export function judge(ask: Ask, answered: Answered | undefined): Exchange {
  const blank = { ...ask, unmet: null, hops: null, tries: [], certificate: null };
  if (answered === undefined || "unasked" in answered) {
    return { ...blank, answer: null, response: null, verdict: "unknown", reason: answered?.unasked ?? "not asked" };
  }
  const { profile, form } = ask.view;
  if (profile.reader === "nginx" && answered.received.length > 0 && !beginsLikeHttp(answered.received)) {
    return { ...blank, answer: answered, certificate: answered.certificate ?? null, response: null, verdict: "up", reason: "the answer is not HTTP, and nginx passes it on" };
  }
  const read = readers[profile.reader](ask, answered);
  const { response } = read;
  const seen = { ...blank, certificate: answered.certificate ?? null, answer: answered, response };
  if (response === null) return { ...seen, verdict: "down", reason: read.fault ?? reason(ask, answered, null) };
  const said = reason(ask, answered, response);
  if (!inRanges(form.up ?? profile.up, response.status)) return { ...seen, verdict: "down", reason: said };
  if (read.fault !== null) return { ...seen, verdict: "down", reason: `${said}, but ${read.fault}` };
  const failing = failingPart(response, form.answer);
  if (failing?.part === "presence" && wasCut(answered) && profile.reader !== "haproxy") return { ...seen, ...unproved(answered) };
  if (failing) return { ...seen, verdict: "down", reason: `${said}, but ${failing.say}` };
  return { ...seen, verdict: "up", reason: said };
}

type Read = { readonly response: HttpResponse | null; readonly fault: string | null };

const readers: Readonly<Record<Profile["reader"], (ask: Ask, answered: Probed) => Read>> = {
  tolerant: (_ask, answered) => ({ response: answered.outcome === "answered" ? parseResponse(answered.received) : null, fault: null }),
  nginx: (_ask, answered) => ({ response: answered.outcome === "answered" ? parseResponse(answered.received) : null, fault: hasHead(answered.received) ? null : "its head does not come to an end" }),
  haproxy: asHaproxy,
};

/** nginx takes everything else for HTTP/0.9, which is all body and cannot be wrong. */
function beginsLikeHttp(received: Uint8Array): boolean {
  return /^HTTP\/\d+\.\d+ [1-9]\d\d(?![^ \r\n])/.test(Buffer.from(received.subarray(0, 64)).toString("latin1"));
}

/** HAProxy takes no answer without a body where it is to look for text in one, and finds nothing missing before the end. */
function asHaproxy(ask: Ask, answered: Probed): Read {
  if (answered.received.length === 0) return { response: null, fault: null };
  const read = readAsHaproxy(answered.received, ask.view.form.method === "HEAD", answered.ended ?? true);
  if ("fault" in read) return { response: null, fault: `HAProxy refuses the answer: ${read.fault}` };
  const { answer } = ask.view.form;
  if (!needsBody(answer)) return { response: read.response, fault: null };
  if (read.response.body === "") return { response: read.response, fault: "there is no body to look into" };
  const absent = answer.lacks !== undefined || answer.lacksMatch !== undefined;
  return { response: read.response, fault: absent && !read.whole ? "the answer does not come to its end" : null };
}

/** Holds what decides, and is up, against the runbook's expectation as well. `at`: when it was asked. */
export function expectOf(exchange: Exchange, expect: Expectation | undefined, at: Date): Exchange {
  const { response, answer, certificate, hops } = exchange;
  if (!exchange.decides || exchange.verdict !== "up" || response === null || answer === null) return exchange;
  if (expect === undefined) return hops !== null && hops.end !== "arrived" ? { ...exchange, unmet: hops.say } : exchange;
  const askedName = exchange.sentHost ?? exchange.target.address;
  if (expect.certificate && certificate === null && (answer.tlsMs ?? -1) >= 0) return { ...exchange, verdict: "unknown", reason: "its certificate could not be brought from the test server", unmet: null };
  const unmet = unmetOf(expect, { url: urlOf(exchange), response, totalMs: answer.totalMs, hops, certificate, askedName, at });
  if (unmet?.presence && wasCut(answer)) return { ...exchange, ...unproved(answer) };
  return { ...exchange, unmet: unmet?.say ?? null };
}

function urlOf({ target, sentHost, view }: Exchange): string {
  const url = `${target.scheme}://${sentHost ?? new URL(target.url).host}${view.form.path ?? target.path}`;
  return URL.canParse(url) ? url : target.url;
}

function wasCut(answer: ProbeAnswer): boolean {
  return answer.totalBytes > answer.received.length;
}

function unproved(answer: ProbeAnswer) {
  return { verdict: "unknown", reason: `the expected text is not in the first ${answer.received.length} bytes, which is all that was kept`, unmet: null } as const;
}

function reason(ask: Ask, answer: ProbeAnswer, response: HttpResponse | null): string {
  if (response) return `${response.status} ${response.reason}`.trim();
  switch (answer.outcome) {
    case "answered":
      return "the answer is not HTTP";
    case "timed-out":
      return `no answer within ${sayDuration(ask.request.timeoutMs)}`;
    case "closed":
      return "connection closed without an answer";
    default:
      return sayOutcome(answer);
  }
}
