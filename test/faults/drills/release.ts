import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

/** One edit of a copy: what stands there exactly once, and what stands there afterwards. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string };

const root = resolve(import.meta.dirname, "../../..");

/** A copy of this code in a temporary folder, which the caller removes; without what a folder of tests installed for itself, hundreds of megabytes. */
export function copyOfCode(): string {
  const copy = mkdtempSync(join(tmpdir(), "drillbook-copy-"));
  for (const part of ["src", "test", "runbooks", "scenarios", "package.json", "tsconfig.json"]) cpSync(join(root, part), join(copy, part), { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

/** Throws when the text is not there exactly once: an edit that changes nothing must not look like one that nobody noticed. */
export function edit(copy: string, { file, from, to }: Edit): void {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  assert.equal(source.split(from).length, 2, `${file} no longer says exactly once: ${from}`);
  writeFileSync(path, source.replace(from, () => to));
}
