import type { DrillState, StepState } from "../../drills/state.ts";
import type { Occupation } from "./activity.ts";
import type { Span } from "./spans.ts";
import type { StepRecord } from "./records.ts";
import { between } from "../../texts/words.ts";

/** Every step of the runbook in its order, reached or not. `now` closes what is still open. */
export function stepsOf(state: DrillState, spans: readonly Span[], now: string): readonly StepRecord[] {
  return state.steps.map((s) => {
    const own = spans.filter((span) => span.step === s.step.id);
    const spent = (occupation: Occupation) =>
      own.filter((span) => span.occupation === occupation).reduce((sum, span) => sum + between(span.from, span.to ?? now), 0);
    return {
      id: s.step.id,
      title: s.step.title,
      phase: s.step.phase,
      kind: s.step.kind,
      status: s.status,
      guard: s.step.guard,
      rounds: s.round,
      openedAt: s.openedAt,
      closedAt: s.closedAt,
      closedBy: closedBy(s),
      reason: s.reason,
      items: s.step.kind === "checklist" ? s.step.items.map((text, i) => ({ text, ticked: s.ticks[i] === true })) : [],
      plannedMs: s.step.plannedMs,
      machineMs: spent("machine"),
      peopleMs: spent("people"),
      waitingMs: spent("waiting"),
    };
  });
}

function closedBy(step: StepState): string {
  if (step.approval !== null) {
    return step.approval.decisions.map((d) => d.by.name).join(", ");
  }
  return step.closedBy?.name ?? "";
}
