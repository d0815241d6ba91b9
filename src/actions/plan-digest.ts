import type { RecoveryPlan } from "../checks/ports.ts";
import { digestOf } from "../drills/digest.ts";

/**
 * SHA-256 (hex) over what an approver approves of a plan: groups in their order, members, actions with their failover
 * types and, where people do them, with their words. Ids are lower-cased and members of a group sorted, because Azure gives both as it pleases and neither matters:
 * a group's servers start together.
 */
export function planDigest(plan: RecoveryPlan): string {
  const form = plan.groups.map((group) => ({
    type: group.type,
    servers: group.servers.map((id) => id.toLowerCase()).toSorted(),
    actions: group.actions.map((action) => ({ name: action.name, failoverTypes: action.failoverTypes.toSorted(), ...(action.manual === undefined ? {} : { manual: action.manual }) })),
  }));
  return digestOf(form);
}
