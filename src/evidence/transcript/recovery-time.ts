import type { DrillState, StepState } from "../../drills/state.ts";
import { timesOf } from "../../drills/times.ts";
import { clocksOf } from "./clocks.ts";
import type { Moment } from "./activity.ts";
import { between } from "../../texts/words.ts";

/** The recovery time, and how it was come by. `ms` null: not measured, and `why` says what was missing. */
export type RecoveryTime = {
  readonly ms: number | null;
  readonly from: string | null;
  /** What `from` is the moment of. */
  readonly begins: "disruption" | "first action";
  readonly to: string | null;
  /** Of it, the time in which nothing moved until somebody decided. It is not taken off. */
  readonly waitingMs: number;
  readonly rule: string;
  readonly why: string;
};

/**
 * From the disruption (as declared, or at the end of the step that is marked so, or else the intent of the first action) to
 * the proof of the service: the last step that is marked to prove it, or, where none is, the last step after the first action
 * that passed, provided that at least one check or confirmation by people came after it. Any step of these that was left
 * unproved leaves it unmeasured. Neither pausing, skipping nor waiting can shorten it.
 */
export function recoveryTimeOf(moments: readonly Moment[], state: DrillState): RecoveryTime {
  const { disruptionAt: from } = timesOf(state, new Date(state.endedAt ?? state.launchedAt));
  const first = state.operations.find((o) => o.undoOf === null);
  const marked = state.steps.filter((s) => s.step.marks?.includes("service-proved") && s.status !== "left-out");
  const proved = marked.length > 0 ? marked : first === undefined ? [] : stepsFrom(state, first.step);
  const why = from === null ? "no action was started" : whyNot(state, proved, marked.length > 0);
  const to = why === "" ? (proved.flatMap((s) => s.closedAt ?? []).toSorted().at(-1) ?? null) : null;
  const measured = from !== null && to !== null && from <= to;
  return {
    ms: measured ? between(from, to) : null,
    from,
    begins: isDisruptionKnown(state) ? "disruption" : "first action",
    to,
    waitingMs: measured ? clocksOf(moments, from, to).waitingMs : 0,
    rule: ruleOf(state, marked.length > 0),
    why,
  };
}

function ruleOf(state: DrillState, marked: boolean): string {
  const what = state.mode === "live" ? "" : " It is the recovery time of what was exercised, not of the whole service: nobody had to notice, decide, or move users.";
  return `Measured from ${beginning(state)} to ${marked ? "the last step that the runbook marks as the proof of the service" : "the last step after the first action that passed"}. Waiting for people is included.${what}`;
}

function beginning(state: DrillState): string {
  if (state.declared?.disruptedAt != null) return "the disruption, as whoever declared the incident says";
  if (isDisruptionKnown(state)) return "the end of the step that the runbook marks as the disruption";
  return "the moment Drillbook recorded its intent to start the first action (no disruption was declared or marked before it)";
}

function isDisruptionKnown({ declared, steps }: DrillState): boolean {
  return declared?.disruptedAt != null || steps.some((s) => s.step.marks?.includes("disruption") && s.status === "passed");
}

function stepsFrom(state: DrillState, step: string): readonly StepState[] {
  const at = state.steps.findIndex((s) => s.step.id === step);
  return at < 0 ? [] : state.steps.slice(at);
}

function whyNot(state: DrillState, steps: readonly StepState[], marked: boolean): string {
  if (steps.length === 0) return "no action was started";
  const failed = failedServers(state);
  if (failed.length > 0) return `${failed.join(", ")} did not come up`;
  const unproved = steps.find((s) => s.status !== "passed" && s.status !== "left-out");
  if (unproved !== undefined) return `"${unproved.step.title}" ${saidOf(unproved)}`;
  if (marked) return "";
  const proofs = steps.filter((s) => s.step.kind === "check" || s.step.kind === "manual" || s.step.kind === "checklist");
  return proofs.length === 0 ? "no step after the action proves the service" : "";
}

function saidOf(step: StepState): string {
  if (step.status === "skipped") return "was skipped";
  if (step.status === "continued") return "failed and was passed over";
  if (step.status === "pending") return "was not reached";
  return step.status === "open" ? "is still open" : "failed";
}

/** Servers that the latest operation of their step left failed. */
export function failedServers(state: DrillState): readonly string[] {
  const latest = new Map(state.operations.filter((o) => o.undoOf === null).map((o) => [o.step, o]));
  return [...latest.values()].flatMap((o) => o.servers.filter((s) => s.outcome === "failed").map((s) => s.name));
}
