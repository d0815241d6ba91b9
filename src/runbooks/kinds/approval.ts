import { z } from "zod";
import { durationMs } from "../duration.ts";
import type { ApprovalStep } from "../runbook.ts";
import { roleName } from "../role.ts";
import { readBody } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

/** How many must agree is judged by lint rules of its own, which can say why. */
export const approvalBody = z.strictObject({
  quorum: z.int().max(50).default(1).meta({ description: "How many people of the role must agree", without: "`1`" }),
  also: z
    .record(roleName, z.int().max(50))
    .refine((all) => Object.keys(all).length <= 5, { error: "An approval asks at most six roles." })
    .optional()
    .meta({ description: "Other roles that must agree too, each with how many: `{ owner: 1 }`. One person counts once", without: "none" }),
  expires: durationMs.default(30 * 60_000).meta({ description: "After what time nobody can agree any more", without: "`30m`" }),
  escalate: roleName.optional().meta({ description: "The role that is told in person when it has expired, so that it is asked again in time; being told gives no right to approve", without: "nobody" }),
});

/** A decision by people in a role, on what the steps behind it will do. */
export const approval: StepKind<ApprovalStep> = {
  kind: "approval",
  defaultRole: "approver",
  read: (input) => {
    const { data, faults } = readBody(input, approvalBody);
    if (data === null) return { step: null, faults };
    const also = Object.entries(data.also ?? {}).map(([role, quorum]) => ({ role, quorum }));
    return { step: { kind: "approval", quorum: data.quorum, ...(also.length > 0 ? { also } : {}), expiresMs: data.expires, escalate: data.escalate ?? null }, faults };
  },
};
