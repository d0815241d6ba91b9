import type { Catalogue } from "./catalogue.ts";
import { diagnostic, errorAt, inReadingOrder, startOfFile } from "./parse/diagnostic.ts";
import type { Fault } from "./parse/diagnostic.ts";
import { parseDocument } from "./parse/document.ts";
import type { RunbookDocument } from "./parse/document.ts";
import { readSource } from "./parse/source.ts";
import { rules } from "./rules/rules.ts";
import type { Diagnostic, Runbook, Step } from "./runbook.ts";
import { readFrontMatter } from "./validate/front-matter.ts";
import type { FrontMatter } from "./validate/front-matter.ts";
import { readSteps } from "./validate/steps.ts";
import type { DraftStep } from "./validate/steps.ts";

export type Compiled = {
  /** null: at least one diagnostic is an error. */
  readonly runbook: Runbook | null;
  /** All of them at once, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
};

const mostDiagnostics = 200;

/**
 * Bytes of a Markdown file to a runbook. Pure, and never throws for what the bytes hold: whatever is wrong comes back as
 * diagnostics. `file` is shown in them and gives the id of a runbook that names none.
 */
export function compile(bytes: Uint8Array, file: string, catalogue: Catalogue): Compiled {
  const read = readSource(bytes, file);
  if ("refused" in read) return { runbook: null, diagnostics: [read.refused] };

  const { document, faults: parseFaults } = parseDocument(read.source);
  const { front, faults: frontFaults } = readFrontMatter(document);
  const { steps, faults: stepFaults } = readSteps(document.steps, catalogue, front?.parameters ?? null);
  const draft = { document, steps, mode: front?.mode ?? "test" };
  const ruleFaults = rules.flatMap((rule) => rule.find(draft));

  const faults = [...parseFaults, ...frontFaults, ...withoutSteps(document), ...stepFaults, ...ruleFaults];
  const failed = faults.some((fault) => fault.severity === "error") || steps.some((step) => step.step === null);
  return { runbook: failed || front === null ? null : assemble(document, front, steps), diagnostics: inFile(faults, file) };
}

function withoutSteps(document: RunbookDocument): readonly Fault[] {
  if (document.steps.length > 0 || !document.isComplete) return [];
  const range = document.headings[0]?.range ?? startOfFile;
  return [errorAt("no-steps", range, "There is nothing to do in this file.", "Add a `##` heading for each step.")];
}

function assemble(document: RunbookDocument, front: FrontMatter, drafts: readonly DraftStep[]): Runbook {
  const steps = drafts.flatMap(({ step }): readonly Step[] => (step === null ? [] : [step]));
  const { title, summary, source } = document;
  return deepFreeze({ format: 1, ...front, hash: source.hash, title, summary, steps });
}

function inFile(faults: readonly Fault[], file: string): readonly Diagnostic[] {
  const all = inReadingOrder(faults.map((fault) => diagnostic(fault, file)));
  if (all.length <= mostDiagnostics) return all;
  const kept = [...all.filter((d) => d.severity === "error"), ...all.filter((d) => d.severity === "warning")].slice(0, mostDiagnostics);
  const last = kept.at(-1);
  const range = last === undefined ? startOfFile : { from: last.to, to: last.to };
  const more = errorAt("too-large", range, `There are ${all.length - mostDiagnostics} more faults.`, "Mend these first.");
  return [...inReadingOrder(kept), diagnostic({ ...more, severity: "warning" }, file)];
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
