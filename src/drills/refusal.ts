import type { ErrorCode } from "../errors.ts";
import { refusalTexts } from "../texts/refusals.ts";

/** Why a command is not carried out, and what to do instead. */
export type Refusal = { readonly code: ErrorCode; readonly message: string; readonly suggestion: string };

/** A refusal of an order without a reason, because the report has to say why; null when one was given. `what` says which order. */
export function needsReason(reason: string, what: string): Refusal | null {
  return reason.trim() === "" ? bad(...refusalTexts.reasonNeeded(what)) : null;
}

/** `not-now`: it may be right at another moment, or was right before. */
export function later(message: string, suggestion: string = refusalTexts.seeNewestCard): Refusal {
  return { code: "not-now", message, suggestion };
}

/** `not-found`: what was named is not in this drill, or no longer. */
export function gone(message: string, suggestion: string): Refusal {
  return { code: "not-found", message, suggestion };
}

/** `bad-input`: what was said cannot be understood or does not fit, at any moment. */
export function bad(message: string, suggestion: string): Refusal {
  return { code: "bad-input", message, suggestion };
}

/** `not-allowed`: this person may not, whatever the moment. */
export function denied(message: string, suggestion: string): Refusal {
  return { code: "not-allowed", message, suggestion };
}
