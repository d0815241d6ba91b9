import { z } from "zod";
import { durationMs } from "../duration.ts";
import type { ApprovalStep } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { roleName } from "../role.ts";
import { commonKeys } from "./common.ts";
import { withoutType } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

/** How many must agree is judged by a lint rule of its own, which can say why. */
const body = z.strictObject({
  quorum: z.int().max(50).default(1),
  expires: durationMs.default(30 * 60_000),
  escalate: roleName.optional(),
});

/** A decision by people in a role, on what the steps behind it will do. */
export const approval: StepKind<ApprovalStep> = {
  kind: "approval",
  defaultRole: "approver",
  read: ({ part, own }) => {
    const { block } = part;
    if (block === null || block.body === null) return { step: null, faults: [] };
    const unexpected = withoutType(part);
    const { data, faults } = checkShape(body, own, block.body, commonKeys);
    const step = data && { kind: "approval" as const, quorum: data.quorum, expiresMs: data.expires, escalate: data.escalate ?? null };
    return { step: unexpected.length > 0 ? null : step, faults: [...unexpected, ...faults] };
  },
};
