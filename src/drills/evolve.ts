import { DrillbookError } from "../errors.ts";
import type { DrillEvent } from "./events.ts";
import { approvalRules } from "./evolve/approvals.ts";
import { begin } from "./evolve/begin.ts";
import { courseRules } from "./evolve/course.ts";
import { Draft } from "./evolve/draft.ts";
import { operationRules } from "./evolve/operations.ts";
import type { Rules } from "./evolve/rule.ts";
import { stepRules } from "./evolve/steps.ts";
import type { DrillState } from "./state.ts";
import { drillRefusals } from "../texts/refusals.ts";

const rules: Rules<DrillEvent["type"]> = { ...stepRules, ...approvalRules, ...operationRules, ...courseRules };

/**
 * Folds one event into the state. Pure; throws `internal` when the event cannot follow what came before, `store-newer` for a
 * type that it does not know.
 */
export function evolve(state: DrillState | null, event: DrillEvent): DrillState {
  return state === null ? begin(event) : evolveAll(state, [event]);
}

/** Folds events into the state: what one costs does not depend on how many came before. Throws as `evolve` does. */
export function evolveAll(state: DrillState, events: readonly DrillEvent[]): DrillState {
  const draft = new Draft(state);
  for (const event of events) apply(draft, event);
  return draft.state;
}

/** Folds a whole history. Throws `not-found` when it is empty, else as `evolve` does. */
export function fold(events: readonly DrillEvent[]): DrillState {
  const [first, ...rest] = events;
  if (first === undefined) throw new DrillbookError("not-found", ...drillRefusals.noDrill);
  return evolveAll(begin(first), rest);
}

function apply(draft: Draft, event: DrillEvent): void {
  const { id, seq } = draft.state;
  if (event.seq !== seq + 1 || event.drill !== id) {
    throw new DrillbookError("internal", `Event ${event.seq} of ${event.drill} cannot follow ${seq} of ${id}.`, "Verify the store.");
  }
  const rule = rules[event.type] as ((draft: Draft, event: DrillEvent) => void) | undefined;
  if (rule === undefined) throw new DrillbookError("store-newer", `Event ${seq + 1} of ${id} is of a type that this Drillbook does not know: ${event.type}.`, "Run the version that wrote it, or a later one.");
  rule(draft, event);
  draft.set({ seq: event.seq });
}
