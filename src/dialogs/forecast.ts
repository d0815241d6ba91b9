import { needsOf } from "../drills/order.ts";
import { isOver, type DrillState, type StepState } from "../drills/state.ts";
import { timesOf } from "../drills/times.ts";

/** When a drill is expected to be through its steps, if nothing waits longer than planned. */
export type Forecast = {
  readonly end: Date;
  /** Steps that are still to come and for which nothing is planned: the end can only be later. */
  readonly unplanned: number;
  /** Recovery time expected by then against the strictest target, in milliseconds; null without a target, before the disruption, and when no step is left that proves the service. */
  readonly recovery: { readonly expectedMs: number; readonly targetMs: number } | null;
};

/** The longest way through what is left, by the times that the runbook plans; null when it plans none or the steps are over. */
export function forecastOf(state: DrillState, now: Date): Forecast | null {
  const left = state.steps.filter((s) => !isOver(s) && s.status !== "failed");
  if (state.status !== "running" || !left.some((s) => s.step.plannedMs !== null)) return null;
  const ends = new Map<string, number>();
  for (const step of state.steps) {
    const from = Math.max(0, ...needsOf(state.runbook, step.step).map((id) => ends.get(id) ?? 0));
    ends.set(step.step.id, from + (left.includes(step) ? remaining(step, now) : 0));
  }
  const leftMs = Math.max(0, ...ends.values());
  return { end: new Date(now.getTime() + leftMs), unplanned: left.filter((s) => s.step.plannedMs === null).length, recovery: recoveryBy(state, now, left, ends) };
}

function remaining({ step, status, openedAt }: StepState, now: Date): number {
  const planned = step.plannedMs ?? 0;
  const isOpen = (status === "open" || status === "failing") && openedAt !== null;
  return isOpen ? Math.max(0, planned - (now.getTime() - Date.parse(openedAt))) : planned;
}

/** The clock of recovery stops at the last step that the runbook marks as proving the service, else at the last of all. */
function recoveryBy(state: DrillState, now: Date, left: readonly StepState[], ends: ReadonlyMap<string, number>): Forecast["recovery"] {
  const { rtoMs, disruptionAt } = timesOf(state, now);
  if (rtoMs === null || disruptionAt === null) return null;
  const marked = state.steps.filter((s) => s.step.marks?.includes("service-proved") === true);
  const proving = (marked.length === 0 ? state.steps : marked).filter((s) => left.includes(s));
  if (proving.length === 0) return null;
  const leftMs = Math.max(...proving.map((s) => ends.get(s.step.id) ?? 0));
  return { expectedMs: now.getTime() + leftMs - Date.parse(disruptionAt), targetMs: rtoMs };
}
