import { waitsForDecision, type DrillState, type StepState } from "./state.ts";

/** The times of a drill, in milliseconds. RTO runs as things were: pausing or waiting never improves it. */
export type Times = {
  /** Launch to now, or to the end. */
  readonly elapsedMs: number;
  /** Of it, the time in which the drill stood still for somebody's decision. */
  readonly waitingMs: number;
  /**
   * From the first action's intent to the last step that proved the service. For a test failover this is the recovery time
   * of what was exercised, not of the whole service. Null: nothing was started, or nothing proved yet.
   */
  readonly recoveryMs: number | null;
  /** Whether the recovery time is final: every step has been closed. */
  readonly recoveryFinal: boolean;
  /** The strictest RTO among the objectives; null when the runbook sets none. */
  readonly rtoMs: number | null;
};

export function timesOf(state: DrillState, now: Date): Times {
  const end = state.endedAt === null ? now.getTime() : Date.parse(state.endedAt);
  const first = state.operations.find((o) => o.undoOf === null);
  const proved = state.steps.filter((s) => s.status === "passed" && s.closedAt !== null && first !== undefined && s.closedAt > first.intendedAt);
  const last = proved.map((s) => Date.parse(s.closedAt ?? "")).reduce((a, b) => Math.max(a, b), 0);
  const targets = state.runbook.objectives.flatMap((o) => o.rtoMs ?? []);
  return {
    elapsedMs: end - Date.parse(state.launchedAt),
    waitingMs: state.steps.reduce((sum, step) => sum + waitedOf(step, end), 0),
    recoveryMs: first === undefined || last === 0 ? null : last - Date.parse(first.intendedAt),
    recoveryFinal: state.status !== "running",
    rtoMs: targets.length === 0 ? null : Math.min(...targets),
  };
}

function waitedOf(step: StepState, end: number): number {
  const running = waitsForDecision(step) && step.since !== null ? end - Date.parse(step.since) : 0;
  return step.waitedMs + Math.max(0, running);
}
