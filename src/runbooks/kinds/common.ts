import { z } from "zod";
import { durationMs } from "../duration.ts";
import { problemWithCondition } from "../condition.ts";
import { roleName } from "../role.ts";

const mode = z.enum(["rehearsal", "test", "live"]);

/** Keys that every block may have beside its own. */
export const commonBody = z.object({
  role: roleName.optional(),
  planned: durationMs.optional(),
  guard: z.boolean().default(false),
  when: z.string().max(500).superRefine((text, context) => {
    const problem = problemWithCondition(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  }).optional(),
  only: z.union([mode.transform((one) => [one]), z.array(mode).min(1)]).optional(),
  onFail: z.enum(["stop", "ask", "continue", "retry"]).default("ask"),
  retry: z.strictObject({ attempts: z.int().min(2).max(20).default(3), after: durationMs.default(30_000) }).optional(),
});

export const commonKeys: readonly string[] = Object.keys(commonBody.shape);
