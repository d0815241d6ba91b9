import { join } from "node:path";
import { DrillbookError } from "../errors.ts";
import type { Catalogue } from "./catalogue.ts";
import { compile } from "./compile.ts";
import { sourcesBeside } from "./include/folder.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { runbookFiles } from "./runbook-files.ts";
import type { RunbookFiles } from "./runbook-files.ts";
import type { Diagnostic } from "./runbook.ts";

export type LintReport = {
  /** In the order they were read. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Compiles files, and the Markdown files of folders and their subfolders. Throws `not-found` for a path that does not
 * exist or cannot be read.
 */
export async function lint(paths: readonly string[], catalogue: Catalogue, files: RunbookFiles = runbookFiles): Promise<LintReport> {
  const found: string[] = [];
  for (const path of paths) found.push(...(await orNotFound(path, () => expand(path, files))));
  const unique = [...new Set(found)];

  const diagnostics: Diagnostic[] = [];
  const compiled = [];
  for (const file of unique) {
    const bytes = await orNotFound(file, () => files.read(file));
    const { runbook, diagnostics: own } = compile(bytes, file, catalogue, await sourcesBeside(file, bytes, files));
    compiled.push({ file, runbook });
    diagnostics.push(...own);
  }
  return { files: unique, diagnostics: [...diagnostics, ...repeatedIds(compiled).values()] };
}

/** Whether the command that linted should fail. */
export function hasErrors(report: LintReport): boolean {
  return report.diagnostics.some((d) => d.severity === "error");
}

async function expand(path: string, files: RunbookFiles): Promise<readonly string[]> {
  if (!(await files.isFolder(path))) return [path];
  return (await files.list(path, true)).map((name) => join(path, name));
}

async function orNotFound<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new DrillbookError("not-found", `${path} cannot be read.`, "Check the path, and that you may read it.", { cause });
  }
}
