import type { ProbeAnswer } from "./wire.ts";

/** How an exchange that brought nothing ended, in words. */
export function sayOutcome(answer: Pick<ProbeAnswer, "outcome" | "connectMs">): string {
  switch (answer.outcome) {
    case "answered":
      return "it answers";
    case "refused":
      return "connection refused";
    case "timed-out":
      return answer.connectMs < 0 ? "no connection in time" : "connected, and no answer in time";
    case "reset":
      return "connection reset";
    case "unreachable":
      return "no route to it";
    case "tls-failed":
      return "TLS handshake failed";
    case "forbidden":
      return "its name leads to a metadata or platform address";
    case "closed":
      return "connected, and closed without an answer";
  }
}
