import { sayDuration } from "../../runbooks/duration-text.ts";
import { failingPart } from "./answer-test.ts";
import type { Answered, Ask, Exchange } from "./exchange.ts";
import { unmetOf } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import { inRanges } from "./ranges.ts";
import { readAsHaproxy } from "./read-as-haproxy.ts";
import { parseResponse } from "./response.ts";
import type { HttpResponse } from "./response.ts";
import type { ProbeAnswer } from "./wire.ts";

/** Judges an answer as the view's own system does. */
export function judge(ask: Ask, answered: Answered | undefined): Exchange {
  const blank = { ...ask, unmet: null, hops: null, tries: [], certificate: null };
  if (answered === undefined || "unasked" in answered) {
    return { ...blank, answer: null, response: null, verdict: "unknown", reason: answered?.unasked ?? "not asked" };
  }
  const { profile, form } = ask.view;
  const response = answered.outcome === "answered" ? parseResponse(answered.received) : null;
  const fault = profile.reader === "haproxy" && response !== null ? readAsHaproxy(answered.received, ask) : null;
  const seen = { ...blank, certificate: answered.certificate ?? null, answer: answered, response };
  if (response === null || fault !== null) return { ...seen, verdict: "down", reason: fault ?? reason(ask, answered, response) };
  if (!inRanges(form.up ?? profile.up, response.status)) return { ...seen, verdict: "down", reason: reason(ask, answered, response) };
  const failing = failingPart(response, form.answer);
  if (failing?.part === "presence" && wasCut(answered) && profile.reader !== "haproxy") return { ...seen, ...unproved(answered) };
  if (failing) return { ...seen, verdict: "down", reason: `${reason(ask, answered, response)}, but ${failing.say}` };
  return { ...seen, verdict: "up", reason: reason(ask, answered, response) };
}

/** Holds what decides, and is up, against the runbook's expectation as well. `at`: when it was asked. */
export function expectOf(exchange: Exchange, expect: Expectation | undefined, at: Date): Exchange {
  const { response, answer, certificate, hops } = exchange;
  if (!exchange.decides || exchange.verdict !== "up" || response === null || answer === null) return exchange;
  if (expect === undefined) return hops !== null && hops.end !== "arrived" ? { ...exchange, unmet: hops.say } : exchange;
  const askedName = exchange.sentHost ?? exchange.target.address;
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
    case "refused":
      return "connection refused";
    case "timed-out":
      return `no answer within ${sayDuration(ask.request.timeoutMs)}`;
    case "reset":
      return "connection reset";
    case "unreachable":
      return "no route to it";
    case "tls-failed":
      return "TLS handshake failed";
    case "closed":
      return "connection closed without an answer";
  }
}
