import type { Log } from "../../../src/bot/log.ts";

export type Written = { readonly level: string; readonly facts: object; readonly message: string };

/** Keeps what would be logged, so that a test can read it. */
export function keptLog(): Log & { readonly written: Written[] } {
  const written: Written[] = [];
  const at = (level: string) => (facts: object, message: string) => void written.push({ level, facts, message });
  return { written, info: at("info"), warn: at("warn"), error: at("error") };
}
