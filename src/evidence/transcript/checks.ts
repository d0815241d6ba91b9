import { fill } from "../../runbooks/fill.ts";
import { titleOf, type CheckRecord, type Moment } from "./transcript.ts";

/** Every look that a check took, guards looked at again included, as it was recorded. */
export function checksOf(moments: readonly Moment[]): readonly CheckRecord[] {
  return moments.flatMap(({ event, after }): CheckRecord[] => {
    if (event.type !== "check.observed" && event.type !== "guard.observed") return [];
    const at = after.steps.find((s) => s.step.id === event.step);
    return [
      {
        seq: event.seq,
        at: event.at,
        title: titleOf(after, event.step),
        type: at?.step.kind === "check" ? at.step.type : "",
        input: at?.step.kind === "check" ? fill(at.step.input, after.params) : null,
        round: event.type === "check.observed" ? event.round : (at?.round ?? 0),
        again: event.type === "guard.observed",
        verdict: event.verdict,
        summary: event.summary,
        diagnosis: event.diagnosis,
        result: event.result,
      },
    ];
  });
}
