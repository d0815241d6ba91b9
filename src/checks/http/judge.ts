import { sayDuration } from "../../runbooks/duration-text.ts";
import type { Answered, Ask, Exchange } from "./exchange.ts";
import type { HttpInput } from "./input.ts";
import { inRanges, parseRanges } from "./ranges.ts";
import { parseResponse } from "./response.ts";
import type { HttpResponse } from "./response.ts";
import type { ProbeAnswer } from "./wire.ts";

/** Judges an answer as the view's own system does, and a deciding one by the runbook's expectation as well. */
export function judge(ask: Ask, answered: Answered | undefined, expect: HttpInput["expect"]): Exchange {
  if (answered === undefined || "unasked" in answered) {
    return { ...ask, answer: null, response: null, verdict: "unknown", reason: answered?.unasked ?? "not asked", unmet: null };
  }
  const response = answered.outcome === "answered" ? parseResponse(answered.received) : null;
  const seen = { ...ask, answer: answered, response, reason: reason(ask, answered, response) };
  const up = response !== null && inRanges(ask.view.profile.up, response.status);
  if (!up || !ask.decides || !expect) return { ...seen, verdict: up ? "up" : "down", unmet: null };
  const lacks = unmetExpectation(response, expect);
  if (lacks === "text" && answered.totalBytes > answered.received.length) {
    return { ...seen, verdict: "unknown", reason: `the expected text is not in the first ${answered.received.length} bytes, which is all that was kept`, unmet: null };
  }
  const unmet = lacks === "text" ? "the expected text is not in the answer" : lacks === "status" ? `status ${response.status} is not in ${expect.status}` : null;
  return { ...seen, verdict: "up", unmet };
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

function unmetExpectation(response: HttpResponse, expect: NonNullable<HttpInput["expect"]>): "status" | "text" | null {
  const ranges = expect.status === undefined ? null : parseRanges(expect.status);
  if (ranges && !inRanges(ranges, response.status)) return "status";
  return expect.contains === undefined || utf8(response.body).includes(expect.contains) ? null : "text";
}

/** Bodies are kept as latin1, so that bytes survive; an expectation is written in UTF-8. */
function utf8(body: string): string {
  return Buffer.from(body, "latin1").toString("utf8");
}
