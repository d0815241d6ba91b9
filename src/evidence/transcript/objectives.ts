import type { DrillState } from "../../drills/state.ts";
import { sayDuration } from "../../runbooks/duration-text.ts";
import type { RecoveryPoint } from "./recovery-point.ts";
import type { RecoveryTime } from "./recovery-time.ts";

export type ObjectiveResult = "met" | "not met" | "not measured" | "judged by people";

/** One target of an objective: an objective with an RTO and an RPO makes two. */
export type ObjectiveOutcome = {
  readonly id: string;
  readonly text: string;
  /** null: this target is no recovery time. */
  readonly rtoMs: number | null;
  readonly target: string;
  readonly achieved: string;
  readonly result: ObjectiveResult;
};

/** A row for each target. An objective without a figure is judged by people, and a figure that was not measured is never met. */
export function objectivesOf(state: DrillState, time: RecoveryTime, point: RecoveryPoint): readonly ObjectiveOutcome[] {
  return state.runbook.objectives.flatMap(({ id, text, rtoMs, rpoMs }): ObjectiveOutcome[] => {
    const outcomes: ObjectiveOutcome[] = [];
    if (rtoMs !== null) outcomes.push({ id, text, rtoMs, target: `RTO ${sayDuration(rtoMs)}`, achieved: saidTime(state, time), result: judged(time.ms, rtoMs) });
    if (rpoMs !== null) outcomes.push({ id, text, rtoMs: null, target: `RPO ${sayDuration(rpoMs)}`, achieved: saidPoint(point), result: judged(point.ms, rpoMs) });
    if (outcomes.length === 0) outcomes.push({ id, text, rtoMs: null, target: "no figure set", achieved: "see who signed, and the findings", result: "judged by people" });
    return outcomes;
  });
}

function judged(achieved: number | null, target: number): ObjectiveResult {
  if (achieved === null) return "not measured";
  return achieved <= target ? "met" : "not met";
}

function saidTime(state: DrillState, time: RecoveryTime): string {
  if (time.ms === null) return `not measured: ${time.why}`;
  return `${sayDuration(time.ms)}${state.mode === "live" ? "" : ", of what was exercised"}`;
}

function saidPoint(point: RecoveryPoint): string {
  if (point.ms === null) return `not measured: ${point.why}`;
  return point.servers.map((s) => `${s.name} ${s.ms === null ? "no figure" : sayDuration(s.ms)}`).join(" · ");
}
