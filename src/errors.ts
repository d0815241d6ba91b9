/** Closed list of what can go wrong, so that callers branch on a code and never on message text. */
export const errorCodes = [
  "bad-input",
  "bad-setting",
  "bad-runbook",
  "not-found",
  "not-allowed",
  "not-now",
  "conflict",
  "azure-refused",
  "azure-throttled",
  "azure-unreachable",
  "outcome-unknown",
  "store-busy",
  "store-newer",
  "evidence-broken",
  "port-taken",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error class. `message` says what happened, `suggestion` what the reader can do about it, `cause` keeps the
 * original. Never put a secret, token or SAS into either text: both are shown to people and written to evidence.
 */
export class DrillbookError extends Error {
  readonly code: ErrorCode;
  readonly suggestion: string;

  constructor(code: ErrorCode, message: string, suggestion: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DrillbookError";
    this.code = code;
    this.suggestion = suggestion;
  }
}

/** Turns anything that was thrown into a DrillbookError, keeping the original as the cause. */
export function asDrillbookError(thrown: unknown): DrillbookError {
  if (thrown instanceof DrillbookError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new DrillbookError("internal", message, "This is a fault in Drillbook: keep the log and report it.", {
    cause: thrown,
  });
}
