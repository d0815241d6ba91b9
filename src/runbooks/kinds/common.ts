import { z } from "zod";
import { problemWithCondition } from "../condition.ts";
import { durationMs } from "../duration.ts";
import { roleName } from "../role.ts";
import type { StepUndo } from "../runbook.ts";
import { oneLine, oneOrMore } from "./text.ts";

const mode = z.enum(["rehearsal", "test", "live"]);

const condition = z.string().max(500).superRefine((text, context) => {
  const problem = problemWithCondition(text);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
});

const undoHelp = "Why is there nothing to take back?\nWrite `undo: { none: <the reason> }`, or say how to take the step back.";

const undo = z.union([
  oneLine(1_000)
    .refine((text) => !/^none\.?$/i.test(text.trim()), { error: undoHelp })
    .transform((text): StepUndo => ({ text })),
  z.strictObject({ none: oneLine(500) }),
]);

/** A track's name is shown on cards and in lists; it never names anything outside its phase. */
const track = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: "This is not the name of a track.\nUse small letters, digits and hyphens." });

/** Keys that every block may have beside its own. */
export const commonBody = z.object({
  role: roleName.optional().meta({ description: "Who performs or decides the step", without: "`operator`; `approver` for an approval" }),
  planned: durationMs.optional().meta({ description: "How long it should take, a [duration](#durations)", without: "not said" }),
  guard: z.boolean().default(false).meta({ description: "`true`: cannot be skipped or continued past, and is looked at again right before an action", without: "`false`" }),
  onFail: z.enum(["stop", "ask", "continue", "retry", "rollback"]).default("ask").meta({ description: "`stop`, `ask`, `continue`, `rollback`, or for a check or a wait `retry`. See [when a step fails](#when-a-step-fails)", without: "`ask`" }),
  retry: z
    .strictObject({ attempts: z.int().min(2).max(20).default(3), after: durationMs.default(30_000) })
    .optional()
    .meta({ description: "With `onFail: retry`: `{ attempts, after }`. The second attempt comes after so long, and each next one after twice the time before it; then people are asked", without: "`{ attempts: 3, after: 30s }`" }),
  when: condition.optional().meta({ description: "A [condition](#branches): the step is left out when it does not hold", without: "always" }),
  only: oneOrMore(mode, 3).optional().meta({ description: "`rehearsal`, `test` or `live`, or a list of them: the step is left out in other modes", without: "in all" }),
  needs: oneOrMore(oneLine(400), 20).optional().meta({ description: "Titles or ids of the steps that must be over first. See [side by side](#side-by-side)", without: "the step before it" }),
  track: track.optional().meta({ description: "The track of the phase that the step belongs to. See [side by side](#side-by-side)", without: "the phase runs in one line" }),
  evidence: oneOrMore(oneLine(200), 10).optional().meta({ description: "What must be attached before the step is done, in words, or a list of that", without: "nothing" }),
  objective: oneLine(40).optional().meta({ description: "The id of the objective that the step proves", without: "none" }),
  marks: oneOrMore(z.enum(["disruption", "detected", "service-proved", "users-confirmed"]), 4).optional().meta({ description: "`disruption`, `detected`, `service-proved`, `users-confirmed`, or a list of them: the moments that the [times](#objectives-and-times) are taken from", without: "none" }),
  undo: undo.optional().meta({ description: "How people take the step back, in words; or `{ none: <reason> }`. See [taking back](#taking-back)", without: "not said" }),
});

export const commonKeys: readonly string[] = Object.keys(commonBody.shape);
