import type { Runbook, Step } from "../runbooks/runbook.ts";

type Order = { readonly index: ReadonlyMap<string, number>; readonly before: ReadonlyMap<string, ReadonlySet<string>> };

/** A runbook is frozen at launch, so its order is worked out once and kept for as long as the runbook is. */
const known = new WeakMap<Runbook, Order>();

/** The place of a step in its runbook; -1 for an id that it does not have. */
export function indexOfStep(runbook: Runbook, id: string): number {
  return orderOf(runbook).index.get(id) ?? -1;
}

/** Ids of the steps that must be over before this one opens: what it needs, or the step before it in the file. */
export function needsOf(runbook: Runbook, step: Step): readonly string[] {
  const before = runbook.steps[indexOfStep(runbook, step.id) - 1];
  return step.needs ?? (before === undefined ? [] : [before.id]);
}

/** Whether one step is over before the other can open, through however many steps between them. */
export function isBefore(runbook: Runbook, one: string, other: string): boolean {
  return orderOf(runbook).before.get(other)?.has(one) ?? false;
}

function orderOf(runbook: Runbook): Order {
  const cached = known.get(runbook);
  if (cached !== undefined) return cached;
  const index = new Map(runbook.steps.map((step, i) => [step.id, i]));
  const needs = new Map(runbook.steps.map((step, i) => [step.id, step.needs ?? runbook.steps.slice(Math.max(0, i - 1), i).map((s) => s.id)]));
  const order = { index, before: throughOthers(needs) };
  known.set(runbook, order);
  return order;
}

/**
 * All that must be over before each step. What a step needs stands above it in whatever is compiled today; drills of before may
 * have it further down, and an approval that were not seen there would release its action without its digest being compared.
 */
function throughOthers(needs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  const collect = (id: string): ReadonlySet<string> => {
    const found = before.get(id);
    if (found !== undefined) return found;
    const all = new Set<string>();
    // Set first: a circle, which no compiler lets through, ends here.
    before.set(id, all);
    for (const need of needs.get(id) ?? []) {
      all.add(need);
      for (const each of collect(need)) all.add(each);
    }
    return all;
  };
  for (const id of needs.keys()) collect(id);
  return before;
}
