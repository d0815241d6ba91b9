import { DrillbookError } from "../errors.ts";
import type { Diagnostic } from "./runbook.ts";

/** A runbook that does not compile, with every reason. */
export class UncompiledRunbook extends DrillbookError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(file: string, diagnostics: readonly Diagnostic[]) {
    super("bad-runbook", `${file} does not compile.`, "Mend what is listed and try again.");
    this.diagnostics = diagnostics;
  }
}
