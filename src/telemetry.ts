import pino from "pino";
import { redactValue, redactor } from "./redaction.ts";
import type { Secret } from "./secret.ts";

/** What the parts of the program log with: fields first, then a sentence. */
export type Log = Pick<pino.Logger, "trace" | "debug" | "info" | "warn" | "error" | "fatal">;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/**
 * The one logger: JSON lines with ISO times, to stderr so that stdout stays for people and programs. Fields pass by key,
 * and the finished line once more by form and by the given secrets, so that a sentence cannot carry one either.
 */
export function createLog(level: LogLevel, secrets: readonly Secret[], write: (line: string) => void = toStderr): Log {
  const redact = redactor(secrets);
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Our own form of an error is already plain data when pino's would look at it.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redactValue(fields, redact) as Record<string, unknown>,
    },
  };
  return pino(options, { write: (line: string) => write(redact(line)) });
}

function toStderr(line: string): void {
  process.stderr.write(line);
}
