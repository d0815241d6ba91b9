import type { ErrorCode } from "../errors.ts";
import { refusalTexts } from "../texts/refusals.ts";

/** Why a command is not carried out, and what to do instead. */
export type Refusal = { readonly code: ErrorCode; readonly message: string; readonly suggestion: string };

export function needsReason(reason: string, what: string): Refusal | null {
  return reason.trim() === "" ? bad(...refusalTexts.reasonNeeded(what)) : null;
}

export function later(message: string, suggestion: string = refusalTexts.seeNewestCard): Refusal {
  return { code: "not-now", message, suggestion };
}

export function gone(message: string, suggestion: string): Refusal {
  return { code: "not-found", message, suggestion };
}

export function bad(message: string, suggestion: string): Refusal {
  return { code: "bad-input", message, suggestion };
}

export function denied(message: string, suggestion: string): Refusal {
  return { code: "not-allowed", message, suggestion };
}
