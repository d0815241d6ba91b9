import { diagnostic, errorAt, startOfFile } from "./parse/diagnostic.ts";
import type { Diagnostic, Runbook } from "./runbook.ts";

/** The files whose runbook has an id that an earlier file of the list has already, with what to say about it. */
export function repeatedIds(files: readonly { readonly file: string; readonly runbook: Runbook | null }[]): ReadonlyMap<string, Diagnostic> {
  const owner = new Map<string, string>();
  const repeated = new Map<string, Diagnostic>();
  for (const { file, runbook } of files) {
    if (runbook === null) continue;
    const first = owner.get(runbook.id);
    if (first === undefined) {
      owner.set(runbook.id, file);
      continue;
    }
    const message = `The id \`${runbook.id}\` belongs to ${first.replace(/[\p{Cc}\p{Cf}]/gu, "")} already.`;
    repeated.set(file, diagnostic(errorAt("duplicate-id", startOfFile, message, "Give this runbook another `id:` in its front matter."), file));
  }
  return repeated;
}
