import type { Catalogue } from "./catalogue.ts";
import { compile } from "./compile.ts";
import type { Compiled } from "./compile.ts";
import { mayName } from "./include/folder.ts";
import { noSources, sourcesOf } from "./include/sources.ts";
import { diagnostic, errorAt, startOfFile } from "./parse/diagnostic.ts";

/** A file of a folder of runbooks, untouched. */
export type SourceFile = { readonly file: string; readonly bytes: Uint8Array };

/** Compiles untrusted bytes somewhere; `beside` are all files of the folder, which may be named. Never throws for what the bytes hold. */
export type Compiler = (source: SourceFile, beside: readonly SourceFile[]) => Promise<Compiled>;

/** Compiles in this very process: for a command that works on its caller's own files, and for tests. */
export function compilerHere(catalogue: Catalogue): Compiler {
  return async (source, beside) => compileBeside(source, beside, catalogue);
}

/** Reads the neighbours only when one of them may be named. */
export function compileBeside({ file, bytes }: SourceFile, beside: readonly SourceFile[], catalogue: Catalogue): Compiled {
  return compile(bytes, file, catalogue, mayName(bytes) ? sourcesOf(beside) : noSources);
}

/** What is said of a file that kills or exhausts whoever reads it. */
export function tooCostly(file: string): Compiled {
  const fault = errorAt("too-costly", startOfFile, "Reading this file took more time or memory than any runbook needs.", "Look for brackets or marks that are repeated thousands of times, and make it simpler.");
  return { runbook: null, diagnostics: [diagnostic(fault, file)] };
}
