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
    const start = { line: 1, column: 1 };
    const message = `The id \`${runbook.id}\` belongs to ${first.replace(/[\p{Cc}\p{Cf}]/gu, "")} already.`;
    repeated.set(file, { rule: "duplicate-id", severity: "error", file, from: start, to: start, message, suggestion: "Give this runbook another `id:` in its front matter." });
  }
  return repeated;
}
