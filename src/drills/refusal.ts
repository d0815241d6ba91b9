import type { ErrorCode } from "../errors.ts";

/** Why a command is not carried out, and what to do instead. */
export type Refusal = { readonly code: ErrorCode; readonly message: string; readonly suggestion: string };

export function needsReason(reason: string, what: string): Refusal | null {
  return reason.trim() === "" ? bad(`${what} needs a reason.`, "Write one short sentence: it is kept in the record.") : null;
}

export function later(message: string, suggestion = "The newest card shows what the drill waits for."): Refusal {
  return { code: "not-now", message, suggestion };
}

export function bad(message: string, suggestion: string): Refusal {
  return { code: "bad-input", message, suggestion };
}

export function denied(message: string, suggestion: string): Refusal {
  return { code: "not-allowed", message, suggestion };
}
