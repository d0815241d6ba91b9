import { createLog } from "../../../src/telemetry.ts";
import type { Log } from "../../../src/telemetry.ts";

export type Written = { readonly level: string; readonly msg: string; readonly [field: string]: unknown };

/** The real logger, with its redaction; keeps its lines so that a test can read them. */
export function keptLog(): { readonly log: Log; readonly written: readonly Written[] } {
  const written: Written[] = [];
  return { log: createLog("debug", [], (line) => void written.push(JSON.parse(line) as Written)), written };
}
