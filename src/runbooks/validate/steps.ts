import type { z } from "zod";
import type { Catalogue } from "../catalogue.ts";
import { given } from "../given.ts";
import { nodesOf } from "../include/nodes.ts";
import type { Node } from "../include/nodes.ts";
import { readInclude } from "../include/read.ts";
import type { Includes } from "../include/read.ts";
import { mostSteps, tooManySteps } from "../include/too-many-steps.ts";
import { commonBody, commonKeys } from "../kinds/common.ts";
import { includeKeys } from "../kinds/include.ts";
import { kinds } from "../kinds/kinds.ts";
import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { StepPart } from "../parse/document.ts";
import { putResources } from "../resources.ts";
import { stepId } from "../runbook-id.ts";
import { answersOf } from "../runbook.ts";
import type { AskedAnswer, Json, Kind, Parameter, Runbook, Step } from "../runbook.ts";
import { asMap } from "./front-matter.ts";
import { checkShape } from "./shape.ts";

type Common = z.infer<typeof commonBody>;

/** A step as far as it can be understood; rules look at these, whether or not there were faults. */
export type DraftStep = {
  readonly part: StepPart;
  readonly id: string;
  readonly kind: Kind | "include";
  readonly role: string;
  /** The keys that every block may have; null: there is a fault in them. */
  readonly common: Common | null;
  /** null: there is a fault, or the step stands for an included runbook. */
  readonly step: Step | null;
  /** What is included here; null for every other step, and when there is a fault. */
  readonly included: { readonly runbook: Runbook; readonly nodes: readonly Node[] } | null;
};

/** What steps may refer to. `parameters`: null when the front matter is wrong, so that nobody can tell which names exist. */
export type Surroundings = {
  readonly catalogue: Catalogue;
  readonly includes: Includes;
  readonly parameters: readonly Parameter[] | null;
  readonly objectives: ReadonlySet<string>;
  /** How many more steps an include may bring; null: it was told already that there are too many. */
  readonly room: number | null;
};

/** Finds each step's kind and reads what its block says. */
export function readSteps(parts: readonly StepPart[], around: Omit<Surroundings, "room">): { steps: readonly DraftStep[]; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const taken = new Set<string>();
  let names = around.parameters;
  let room: number | null = mostSteps;
  const steps = parts.map((part): DraftStep => {
    const id = uniqueId(stepId([...part.path, part.heading.title]), taken);
    const { draft, faults: own } = readStep(part, id, { ...around, parameters: names, room });
    faults.push(...own);
    if (own.some((fault) => fault.rule === "too-large")) room = null;
    if (room !== null) room -= draft.kind === "include" ? (draft.included?.runbook.steps.length ?? 0) : 1;
    const answers = draft.step !== null ? answersOf(draft.step) : (draft.included?.nodes ?? []).flatMap((node) => (node.step === null ? [] : answersOf(node.step)));
    names = names && [...names, ...answers.map(asParameter)];
    return draft;
  });
  return { steps, faults };
}

function readStep(part: StepPart, id: string, around: Surroundings): { draft: DraftStep; faults: readonly Fault[] } {
  const kind = part.block?.kind ?? (part.items.length > 0 ? "checklist" : "manual");
  const keys = Object.entries(asMap(part.block?.body?.value));
  const own = putResources(Object.fromEntries(keys.filter(([key]) => !commonKeys.includes(key))), around.catalogue.resources);
  const { data: common, faults } = readCommon(part, Object.fromEntries(keys.filter(([key]) => commonKeys.includes(key))));
  if (kind === "include") return readIncluding(part, id, own, common, faults, around);

  const { defaultRole, read } = kinds[kind];
  const { step, faults: ownFaults } = read({ part, own, catalogue: around.catalogue, parameters: around.parameters });
  const misplaced = common === null ? [] : misplacedRetry(part, kind, common);
  const draft = { part, id, kind, role: common?.role ?? defaultRole, common, included: null };
  const all = [...faults, ...ownFaults, ...misplaced];
  if (step === null || common === null || misplaced.length > 0) return { draft: { ...draft, step: null }, faults: all };
  const { heading, phase, prose } = part;
  const { guard, onFail, planned, retry: again, when, only, track, evidence, objective, marks, undo } = common;
  const retry = onFail === "retry" ? { attempts: again?.attempts ?? 3, afterMs: again?.after ?? 30_000 } : undefined;
  const always = { id, title: heading.title, phase, prose, line: heading.line, role: draft.role, plannedMs: planned ?? null, guard, onFail };
  return { draft: { ...draft, step: { ...always, ...given({ retry, when, only, track, evidence, objective, marks, undo }), ...step } }, faults: all };
}

function readIncluding(part: StepPart, id: string, own: Readonly<Record<string, Json>>, common: Common | null, faults: readonly Fault[], around: Surroundings): { draft: DraftStep; faults: readonly Fault[] } {
  const draft = { part, id, kind: "include" as const, role: "operator", common, step: null, included: null };
  const yaml = part.block?.body;
  const written = Object.keys(asMap(yaml?.value)).filter((key) => commonKeys.includes(key) && !includeKeys.includes(key));
  const unfit = written.map((key) => errorAt("unknown-key", yaml?.keyAt([key]) ?? part.heading.range, `\`${key}\` cannot be said of a whole runbook.`, "Say it in a step of the included runbook."));
  const { found, faults: ownFaults } = readInclude(part, own, around.parameters, around.includes);
  const all = [...faults, ...unfit, ...ownFaults];
  if (found === null || common === null || unfit.length > 0) return { draft, faults: all };
  const { runbook, bindings } = found;
  if (around.room === null) return { draft, faults: all };
  if (runbook.steps.length > around.room) return { draft, faults: [...all, tooManySteps(part.block?.info ?? part.heading.range)] };
  const { when, only, track } = common;
  const nodes = nodesOf(runbook.steps, bindings, { id, phase: part.phase, when, only, track, runbook: { runbook: runbook.id, hash: runbook.hash }, objectives: around.objectives });
  return { draft: { ...draft, included: { runbook, nodes: withLead(nodes, part) } }, faults: all };
}

/** What the including step says in prose stands before its first step. */
function withLead(nodes: readonly Node[], part: StepPart): readonly Node[] {
  const first = nodes.findIndex((node) => node.step !== null);
  return part.prose.length === 0 ? nodes : nodes.map((node, i) => (i === first && node.step !== null ? { ...node, step: { ...node.step, prose: [...part.prose, ...node.step.prose] } } : node));
}

/** Only looking may be repeated without a person: doing something again is a decision. */
function misplacedRetry(part: StepPart, kind: Kind, { onFail, retry }: Common): readonly Fault[] {
  const yaml = part.block?.body;
  if (!yaml) return [];
  if (onFail === "retry" && kind !== "check" && kind !== "wait") {
    return [errorAt("bad-value", yaml.valueAt(["onFail"]), "Only a check or a wait is tried again by itself.", "Write `onFail: ask`: people then decide whether to try again.")];
  }
  return retry !== undefined && onFail !== "retry" ? [errorAt("bad-value", yaml.keyAt(["retry"]), "This says how to retry, and `onFail` says something else.", "Add `onFail: retry`.")] : [];
}

/** To the steps behind it an answer is what a parameter is; what only people know is text to the compiler. */
function asParameter({ name, type, label, choices }: AskedAnswer): Parameter {
  const as = { number: "number", choice: "choice", resource: "azure-resource", output: "text", text: "text", date: "text", person: "text" } as const;
  return { name, type: as[type], label, choices, default: null };
}

function readCommon(part: StepPart, written: Parameters<typeof checkShape>[1]): { data: Common | null; faults: readonly Fault[] } {
  const yaml = part.block?.body;
  return yaml && Object.keys(asMap(written)).length > 0 ? checkShape(commonBody, written, yaml) : { data: nothingSaid, faults: [] };
}

const nothingSaid: Common = commonBody.parse({});

/** Two steps of one name keep apart by a number; a rule tells the author that their history then depends on the order. */
function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}
