import { DrillbookError } from "../errors.ts";
import type { Log } from "../telemetry.ts";
import { deliveryTexts } from "../texts/notices.ts";

/**
 * What a person is told about anything that was thrown. Only the words of our own errors go out; any other message may
 * quote a payload, a path or a secret, so it stays in the log under the reference that the person gets.
 */
export function apologyFor(thrown: unknown, log: Log, newReference: () => string): string {
  if (thrown instanceof DrillbookError && thrown.code !== "internal") return `${thrown.message} ${thrown.suggestion}`;
  const reference = newReference();
  log.error({ reference, err: thrown }, "a message could not be answered");
  return deliveryTexts.wentWrong(reference);
}
