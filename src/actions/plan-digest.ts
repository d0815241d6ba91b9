import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { RecoveryPlan } from "../checks/ports.ts";
import { DrillbookError } from "../errors.ts";

/**
 * SHA-256 (hex) over what an approver approves of a plan: groups in their order, members, actions with their failover
 * types. Ids are lower-cased and members of a group sorted, because Azure gives both as it pleases and neither matters:
 * a group's servers start together.
 */
export function planDigest(plan: RecoveryPlan): string {
  const form = plan.groups.map((group) => ({
    type: group.type,
    servers: group.servers.map((id) => id.toLowerCase()).toSorted(),
    actions: group.actions.map((action) => ({ name: action.name, failoverTypes: action.failoverTypes.toSorted() })),
  }));
  const text = canonicalize(form);
  if (text === undefined) throw new DrillbookError("internal", "A recovery plan could not be digested.", "Report this with the plan's name.");
  return createHash("sha256").update(text, "utf8").digest("hex");
}
