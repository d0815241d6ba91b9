import type { DrillState } from "../../drills/state.ts";

/** The title of a step; empty for none. A history may name a step that its runbook does not have. */
export function titleOf(state: DrillState, step: string | null): string {
  if (step === null) return "";
  return state.steps.find((s) => s.step.id === step)?.step.title ?? step;
}
