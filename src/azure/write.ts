import type { Send } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { writing } from "./call.ts";
import type { WriteAttempt } from "./call.ts";
import { writeFailure } from "./failure.ts";

/** One write and what became of it. `thrown` is also what stops the SDK's poller: the attempt tells what happened to the request itself. */
export async function attempted(send: Send, request: () => Promise<unknown>): Promise<{ readonly attempt: WriteAttempt; readonly thrown: unknown }> {
  const attempt: WriteAttempt = { send, sent: false, answer: null };
  try {
    await writing(attempt, request);
    return { attempt, thrown: null };
  } catch (thrown) {
    return { attempt, thrown };
  }
}

/**
 * Sends one write whose acceptance is all that matters. Throws `azure-refused`, `azure-throttled`, `not-now` or `bad-input`
 * when it certainly did not happen, `outcome-unknown` when nobody can tell.
 */
export async function sendOne(send: Send, what: string, request: () => Promise<unknown>): Promise<void> {
  const { attempt, thrown } = await attempted(send, request);
  if (attempt.answer === null || attempt.answer.status < 200 || attempt.answer.status >= 300) throw writeFailure(attempt, thrown, what);
}

/** The tag as a header value: nothing that could end it or start another. Throws `bad-input`. */
export function tagHeader({ tag }: Send): Record<string, string> {
  if (!/^[\w.-]{1,128}$/.test(tag)) throw new DrillbookError("bad-input", "A tag has letters, digits, dots, dashes and underscores only.", "This is a fault in Drillbook: report it.");
  return { "x-ms-client-request-id": tag };
}
