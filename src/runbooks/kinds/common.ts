import { z } from "zod";
import { durationMs } from "../duration.ts";
import { roleName } from "../role.ts";

/** Keys that every block may have beside its own. */
export const commonBody = z.object({
  role: roleName.optional(),
  planned: durationMs.optional(),
  guard: z.boolean().default(false),
  onFail: z.enum(["stop", "ask", "continue"]).default("ask"),
});

export const commonKeys: readonly string[] = Object.keys(commonBody.shape);
