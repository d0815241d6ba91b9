import { valuesOf } from "../../drills/values.ts";
import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import { fill } from "../../runbooks/fill.ts";
import type { CheckRecord } from "./records.ts";
import { titleOf } from "./title.ts";

/** Every look that a check took, guards looked at again included, as it was recorded. */
export function checksOf(events: readonly DrillEvent[], state: DrillState): readonly CheckRecord[] {
  return events.flatMap((event): CheckRecord[] => {
    if (event.type !== "check.observed" && event.type !== "guard.observed") return [];
    const at = state.steps.find((s) => s.step.id === event.step);
    return [
      {
        seq: event.seq,
        at: event.at,
        title: titleOf(state, event.step),
        type: at?.step.kind === "check" ? at.step.type : "",
        input: at?.step.kind === "check" ? fill(at.step.input, valuesOf(state)) : null,
        round: event.type === "check.observed" ? event.round : 0,
        again: event.type === "guard.observed",
        verdict: event.verdict,
        summary: event.summary,
        diagnosis: event.diagnosis,
        result: event.result,
      },
    ];
  });
}
