import { waitsForDecision, type DrillState, type StepState } from "./state.ts";
import type { Mark } from "../runbooks/runbook.ts";

/** What a step was meant to take and took, in milliseconds. Null: not planned, or not begun. */
export type StepTimes = { readonly step: string; readonly plannedMs: number | null; readonly actualMs: number | null; readonly waitedMs: number };

/** The recovery time of one objective. Null: not measured, or the runbook sets none. */
export type ObjectiveTimes = { readonly id: string; readonly rtoMs: number | null; readonly recoveryMs: number | null };

/** The times of a drill. RTO runs as things were: pausing or waiting never improves it. Durations are in milliseconds. */
export type Times = {
  /** Launch to now, or to the end. */
  readonly elapsedMs: number;
  /** Of it, the time in which something stood still for somebody's decision. Several at once count once. */
  readonly waitingMs: number;
  /**
   * From the disruption to the proof of the service. For a test failover this is the recovery time of what was exercised, not
   * of the whole service. Null: nothing was disrupted or started, or nothing proved yet.
   */
  readonly recoveryMs: number | null;
  /** Whether the recovery time is final: every step has been closed. */
  readonly recoveryFinal: boolean;
  /** The strictest RTO among the objectives; null when the runbook sets none. */
  readonly rtoMs: number | null;
  /** ISO 8601. When the service was lost: as declared, or as a step says, or else when the first action began. */
  readonly disruptionAt: string | null;
  /** When somebody noticed: as declared, or as a step says. */
  readonly detectedAt: string | null;
  readonly declaredAt: string | null;
  readonly firstActionAt: string | null;
  readonly serviceProvedAt: string | null;
  readonly usersConfirmedAt: string | null;
  readonly objectives: readonly ObjectiveTimes[];
  readonly steps: readonly StepTimes[];
};

/**
 * The times as of `now`, which stops counting once the drill has ended. Without a disruption that was declared or marked,
 * recovery counts from the first action.
 */
export function timesOf(state: DrillState, now: Date): Times {
  const end = state.endedAt === null ? now.getTime() : Date.parse(state.endedAt);
  const targets = state.runbook.objectives.flatMap((o) => o.rtoMs ?? []);
  const firstActionAt = state.operations.find((o) => o.undoOf === null)?.intendedAt ?? null;
  const disruptionAt = state.declared?.disruptedAt ?? marked(state, "disruption").at(0)?.closedAt ?? firstActionAt;
  const serviceProvedAt = provedAt(state, disruptionAt, firstActionAt);
  return {
    elapsedMs: end - Date.parse(state.launchedAt),
    waitingMs: state.waiting.ms + (state.waiting.since === null ? 0 : Math.max(0, end - Date.parse(state.waiting.since))),
    recoveryMs: between(disruptionAt, serviceProvedAt),
    recoveryFinal: state.status !== "running",
    rtoMs: targets.length === 0 ? null : Math.min(...targets),
    disruptionAt,
    detectedAt: state.declared?.detectedAt ?? marked(state, "detected").at(0)?.closedAt ?? null,
    declaredAt: state.declared?.at ?? null,
    firstActionAt,
    serviceProvedAt,
    usersConfirmedAt: latest(marked(state, "users-confirmed")),
    objectives: state.runbook.objectives.map(({ id, rtoMs }) => ({ id, rtoMs, recoveryMs: between(disruptionAt, objectiveProvedAt(state, id, serviceProvedAt)) })),
    steps: state.steps.map((step) => ({ step: step.step.id, plannedMs: step.step.plannedMs, actualMs: actualOf(step, end), waitedMs: waitedOf(step, end) })),
  };
}

/** When the last of the marked steps passed; in a runbook that marks none, the last step after the first action. Null while one is missing. */
function provedAt(state: DrillState, disruptionAt: string | null, firstActionAt: string | null): string | null {
  const proofs = state.steps.filter((s) => s.step.marks?.includes("service-proved") && s.status !== "left-out");
  if (proofs.length > 0) return proofs.every((s) => s.status === "passed") ? latest(proofs) : null;
  const from = firstActionAt ?? disruptionAt;
  return from === null ? null : latest(state.steps.filter((s) => s.status === "passed" && s.closedAt !== null && s.closedAt > from));
}

function objectiveProvedAt(state: DrillState, id: string, otherwise: string | null): string | null {
  const proofs = state.steps.filter((s) => s.step.objective === id && s.status !== "left-out");
  if (proofs.length === 0) return otherwise;
  return proofs.every((s) => s.status === "passed") ? latest(proofs) : null;
}

/** Steps that carry a mark and were done, in the order in which they were closed. */
function marked(state: DrillState, mark: Mark): readonly StepState[] {
  return state.steps.filter((s) => s.step.marks?.includes(mark) && s.status === "passed").toSorted((a, b) => (a.closedAt ?? "").localeCompare(b.closedAt ?? ""));
}

function latest(steps: readonly StepState[]): string | null {
  return steps.flatMap((s) => s.closedAt ?? []).toSorted().at(-1) ?? null;
}

function between(from: string | null, to: string | null): number | null {
  return from === null || to === null || to < from ? null : Date.parse(to) - Date.parse(from);
}

function actualOf(step: StepState, end: number): number | null {
  if (step.openedAt === null) return null;
  return Math.max(0, (step.closedAt === null ? end : Date.parse(step.closedAt)) - Date.parse(step.openedAt));
}

function waitedOf(step: StepState, end: number): number {
  const running = waitsForDecision(step) && step.since !== null ? end - Date.parse(step.since) : 0;
  return step.waitedMs + Math.max(0, running);
}
