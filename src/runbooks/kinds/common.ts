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
  role: roleName.optional().describe("Who performs or decides the step"),
  planned: durationMs.optional().describe("How long it should take, a [duration](#durations)"),
  guard: z.boolean().default(false).describe("`true`: cannot be skipped or continued past, and is looked at again right before an action"),
  onFail: z.enum(["stop", "ask", "continue", "retry", "rollback"]).default("ask").describe("`stop`, `ask`, `continue`, `rollback`, or for a check or a wait `retry`. See [when a step fails](#when-a-step-fails)"),
  retry: z
    .strictObject({ attempts: z.int().min(2).max(20).default(3), after: durationMs.default(30_000) })
    .optional()
    .describe("With `onFail: retry`: `{ attempts, after }`. The second attempt comes after so long, and each next one after twice the time before it; then people are asked"),
  when: condition.optional().describe("A [condition](#branches): the step is left out when it does not hold"),
  only: oneOrMore(mode, 3).optional().describe("`rehearsal`, `test` or `live`, or a list of them: the step is left out in other modes"),
  needs: oneOrMore(oneLine(400), 20).optional().describe("Titles or ids of the steps that must be over first. See [side by side](#side-by-side)"),
  track: track.optional().describe("The track of the phase that the step belongs to. See [side by side](#side-by-side)"),
  evidence: oneOrMore(oneLine(200), 10).optional().describe("What must be attached before the step is done, in words, or a list of that"),
  objective: oneLine(40).optional().describe("The id of the objective that the step proves"),
  marks: oneOrMore(z.enum(["disruption", "service-proved", "users-confirmed"]), 3).optional().describe("`disruption`, `service-proved`, `users-confirmed`, or a list of them: the moments that the [times](#objectives-and-times) are taken from"),
  undo: undo.optional().describe("How people take the step back, in words; or `{ none: <reason> }`. See [taking back](#taking-back)"),
});

export const commonKeys: readonly string[] = Object.keys(commonBody.shape);
