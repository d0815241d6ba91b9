import type { DrillState, StepState } from "../../drills/state.ts";
import type { ObjectiveOutcome } from "./objectives.ts";

/** A part of the runbook that has to be shown again in its next drill, because an objective was missed or not measured. */
export type Retest = {
  /** The objective with its target, "O1 RTO 1 h". */
  readonly objective: string;
  readonly result: string;
  /** Phases of the runbook, by name. */
  readonly segment: readonly string[];
};

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

function phasesOf(steps: readonly StepState[], all: readonly StepState[]): readonly string[] {
  return [...new Set((steps.length === 0 ? all : steps).map((s) => s.step.phase))];
}
