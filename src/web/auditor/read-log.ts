import { appendFileSync, chmodSync, existsSync, writeFileSync } from "node:fs";
import type { Reader } from "./shell.ts";

export type ReadEntry = { readonly at: string; readonly reader: Reader | null; readonly method: string; readonly path: string; readonly status: number };

/** Every page that was opened and by whom, one JSON line each, only ever added to. */
export function readLog(file: string): (entry: ReadEntry) => void {
  if (!existsSync(file)) {
    writeFileSync(file, "", { flag: "a", mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`);
}
