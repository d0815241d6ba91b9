import type { Catalogue } from "../catalogue.ts";
import { commonBody, commonKeys } from "../kinds/common.ts";
import { kinds } from "../kinds/kinds.ts";
import type { z } from "zod";
import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { StepPart } from "../parse/document.ts";
import { stepId } from "../runbook-id.ts";
import { answersOf } from "../runbook.ts";
import type { AskedAnswer, Kind, Parameter, Step } from "../runbook.ts";
import { asMap } from "./front-matter.ts";
import { checkShape } from "./shape.ts";

/** A step as far as it can be understood; rules look at these, whether or not there were faults. */
export type DraftStep = {
  readonly part: StepPart;
  readonly id: string;
  readonly kind: Kind;
  readonly role: string;
  /** null: there is a fault. */
  readonly step: Step | null;
};

/** Finds each step's kind and reads what its block says. */
export function readSteps(
  parts: readonly StepPart[],
  catalogue: Catalogue,
  parameters: readonly Parameter[] | null,
): { steps: readonly DraftStep[]; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const taken = new Set<string>();
  let names = parameters;
  const steps = parts.map((part): DraftStep => {
    const id = uniqueId(stepId([...part.path, part.heading.title]), taken);
    const kind = part.block?.kind ?? (part.items.length > 0 ? "checklist" : "manual");
    const { defaultRole, read } = kinds[kind];
    const keys = Object.entries(asMap(part.block?.body?.value));
    const own = Object.fromEntries(keys.filter(([key]) => !commonKeys.includes(key)));
    const common = readCommon(part, Object.fromEntries(keys.filter(([key]) => commonKeys.includes(key))));
    const { step, faults: ownFaults } = read({ part, own, catalogue, parameters: names });
    faults.push(...common.faults, ...ownFaults);
    const role = common.data?.role ?? defaultRole;
    if (step === null || common.data === null) return { part, id, kind, role, step: null };
    const { guard, onFail, planned, when, only, retry: again } = common.data;
    const misplaced = misplacedRetry(part, kind, common.data);
    if (misplaced.length > 0) {
      faults.push(...misplaced);
      return { part, id, kind, role, step: null };
    }
    const { heading, phase, prose } = part;
    const branch = { ...(when === undefined ? {} : { when }), ...(only === undefined ? {} : { only }) };
    const retry = onFail === "retry" ? { retry: { attempts: again?.attempts ?? 3, afterMs: again?.after ?? 30_000 } } : {};
    const whole: Step = { id, title: heading.title, phase, prose, line: heading.line, role, plannedMs: planned ?? null, guard, onFail, ...retry, ...branch, ...step };
    names = names && [...names, ...answersOf(whole).map(asParameter)];
    return { part, id, kind, role, step: whole };
  });
  return { steps, faults };
}

/** Only looking may be repeated without a person: doing something again is a decision. */
function misplacedRetry(part: StepPart, kind: Kind, { onFail, retry }: z.infer<typeof commonBody>): readonly Fault[] {
  const yaml = part.block?.body;
  if (!yaml) return [];
  if (onFail === "retry" && kind !== "check" && kind !== "wait") {
    return [errorAt("bad-value", yaml.valueAt(["onFail"]), "Only a check or a wait is tried again by itself.", "Write `onFail: ask`: people then decide whether to try again.")];
  }
  return retry !== undefined && onFail !== "retry" ? [errorAt("bad-value", yaml.keyAt(["retry"]), "This says how to retry, and `onFail` says something else.", "Add `onFail: retry`.")] : [];
}

/** To the steps behind it an answer is what a parameter is; what only people know is text to the compiler. */
function asParameter({ name, type, label, choices }: AskedAnswer): Parameter {
  return { name, type: type === "number" || type === "choice" ? type : "text", label, choices, default: null };
}

function readCommon(part: StepPart, written: Parameters<typeof checkShape>[1]) {
  const yaml = part.block?.body;
  return yaml ? checkShape(commonBody, written, yaml) : { data: commonBody.parse({}), faults: [] };
}

/** Two steps of one name keep apart by a number; a rule tells the author that their history then depends on the order. */
function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}
