import type { EarlierRetests, Retest } from "../../drills/events.ts";
import type { DrillState, StepState } from "../../drills/state.ts";
import type { ObjectiveOutcome } from "./objectives.ts";

/**
 * Recovery time covers every phase from the first action on; a recovery point the phases of checks and actions up to it.
 * Without an action that was reached, the whole runbook is meant.
 */
export function retestsOf(state: DrillState, objectives: readonly ObjectiveOutcome[]): readonly Retest[] {
  const firstAction = state.steps.findIndex((s) => s.step.kind === "action");
  return objectives
    .filter((o) => o.result === "not met" || (o.result === "not measured" && state.status !== "running"))
    .map((o) => ({ objective: `${o.id} ${o.target}`, result: o.result, segment: phasesOf(o.rtoMs === null ? state.steps.slice(0, firstAction + 1) : state.steps.slice(Math.max(firstAction, 0)), state.steps) }));
}

/** What became in this drill of each thing that the one before it left. `outcome` null: it is no objective any more. */
export function shownAgain(earlier: EarlierRetests, objectives: readonly ObjectiveOutcome[]): readonly { readonly retest: Retest; readonly outcome: ObjectiveOutcome | null }[] {
  // By the objective and the kind of target: whoever set the target higher in between has not shown it, and the report says both.
  const kindOf = (text: string): string => text.split(" ").slice(0, 2).join(" ");
  return earlier.retests.map((retest) => ({ retest, outcome: objectives.find((o) => kindOf(`${o.id} ${o.target}`) === kindOf(retest.objective)) ?? null }));
}

function phasesOf(steps: readonly StepState[], all: readonly StepState[]): readonly string[] {
  return [...new Set((steps.length === 0 ? all : steps).map((s) => s.step.phase))];
}
