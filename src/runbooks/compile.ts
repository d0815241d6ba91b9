import type { Catalogue } from "./catalogue.ts";
import { inOrder } from "./include/expand.ts";
import type { Node } from "./include/nodes.ts";
import { includesFrom } from "./include/includes.ts";
import type { Known } from "./include/includes.ts";
import { noSources } from "./include/sources.ts";
import type { Sources } from "./include/sources.ts";
import { diagnostic, errorAt, inReadingOrder, startOfFile } from "./parse/diagnostic.ts";
import type { Fault } from "./parse/diagnostic.ts";
import { parseDocument } from "./parse/document.ts";
import type { RunbookDocument } from "./parse/document.ts";
import { readSource } from "./parse/source.ts";
import { rules } from "./rules/rules.ts";
import type { Diagnostic, Runbook } from "./runbook.ts";
import { readFrontMatter } from "./validate/front-matter.ts";
import type { FrontMatter } from "./validate/front-matter.ts";
import { unknownFailback } from "./validate/failback.ts";
import { checkReferences } from "./validate/references.ts";
import { orderOf } from "./validate/order.ts";
import type { Order } from "./validate/order.ts";
import { repeatedStepIds } from "./validate/step-ids.ts";
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
 * diagnostics. `file` is shown in them and gives the id of a runbook that names none; `sources` are the runbooks that it
 * may include.
 */
export function compile(bytes: Uint8Array, file: string, catalogue: Catalogue, sources: Sources = noSources): Compiled {
  return compileWithin(bytes, file, catalogue, sources, [], new Map());
}

/** `chain`: the ids of the runbooks that include this one, the outermost first. `known`: what was compiled on the way. */
function compileWithin(bytes: Uint8Array, file: string, catalogue: Catalogue, sources: Sources, chain: readonly string[], known: Known): Compiled {
  const read = readSource(bytes, file);
  if ("refused" in read) return { runbook: null, diagnostics: [read.refused] };

  const { document, faults: parseFaults } = parseDocument(read.source);
  const { front, faults: frontFaults } = readFrontMatter(document, catalogue.resources);
  const objectives = new Set(front?.objectives.map((o) => o.id));
  const within = [...chain, ...(front === null ? [] : [front.id])];
  const includes = includesFrom(sources, within, known, (source) => compileWithin(source.bytes, source.file, catalogue, sources, within, known));
  const { steps: written, faults: stepFaults } = readSteps(document.steps, { catalogue, includes, parameters: front?.parameters ?? null, objectives });
  const { steps, order, faults: orderFaults } = orderOf(written);
  const { authority, faults: referenceFaults } = checkReferences(document, front, steps);
  const draft = { document, front, steps, order, catalogue, mode: front?.mode ?? "test" };
  const ruleFaults = rules.flatMap((rule) => rule.find(draft));

  const faults = [...parseFaults, ...frontFaults, ...withoutSteps(document), ...stepFaults, ...orderFaults, ...referenceFaults, ...unknownFailback(document, front, sources), ...repeatedStepIds(steps), ...ruleFaults];
  const failed = faults.some((fault) => fault.severity === "error") || steps.some((step) => step.step === null && step.included === null);
  const runbook = failed || front === null ? null : assemble(document, { ...front, ...(authority.length > 0 ? { standingAuthority: authority } : {}) }, steps, order);
  return { runbook, diagnostics: inFile(faults, file) };
}

function withoutSteps(document: RunbookDocument): readonly Fault[] {
  if (document.steps.length > 0 || !document.isComplete) return [];
  const range = document.headings[0]?.range ?? startOfFile;
  return [errorAt("no-steps", range, "There is nothing to do in this file.", "Add a `##` heading for each step.")];
}

function assemble(document: RunbookDocument, front: FrontMatter, drafts: readonly DraftStep[], order: Order): Runbook {
  const nodes = drafts.flatMap(({ id, step, included }): readonly Node[] => {
    const needs = order.needs.get(id) ?? [];
    if (included === null) return [{ id, step, needs }];
    return included.nodes.map((node) => (node.needs === "host" || (node.step === null && node.needs.length === 0) ? { ...node, needs } : node));
  });
  const parts = drafts.flatMap(({ included }) => (included === null ? [] : [included.runbook]));
  const includes = [...new Map(parts.flatMap((r) => [{ runbook: r.id, hash: r.hash }, ...(r.includes ?? [])]).map((i) => [i.runbook, i])).values()];
  const roles = Object.assign({}, ...parts.map((r) => r.roles), front.roles) as Runbook["roles"];
  const { title, summary, source } = document;
  return deepFreeze({ format: 1, ...front, roles, hash: source.hash, title, summary, ...(includes.length > 0 ? { includes } : {}), steps: inOrder(nodes) });
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
