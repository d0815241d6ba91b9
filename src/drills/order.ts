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
  const before = new Map<string, ReadonlySet<string>>();
  // A step needs only steps that stand above it, so those are already worked out when it is reached.
  runbook.steps.forEach((step, i) => {
    const needs = step.needs ?? runbook.steps.slice(Math.max(0, i - 1), i).map((s) => s.id);
    before.set(step.id, new Set(needs.flatMap((id) => [id, ...(before.get(id) ?? [])])));
  });
  const order = { index, before };
  known.set(runbook, order);
  return order;
}
