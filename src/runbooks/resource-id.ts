import { z } from "zod";

const plan = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.RecoveryServices\/vaults\/[^/\s]+\/replicationRecoveryPlans\/[^/\s?#]+$/i;
const network = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/\s?#]+$/i;

export const recoveryPlanId = z.string().max(1000).regex(plan, { error: "Give the recovery plan's Azure resource id (/subscriptions/…/replicationRecoveryPlans/name)." });

export const virtualNetworkId = z.string().max(1000).regex(network, { error: "Give the virtual network's Azure resource id (/subscriptions/…/virtualNetworks/name)." });

/** The name that ends a resource id. */
export function armName(id: string): string {
  return id.split("/").at(-1) ?? id;
}

/** The resource group in a resource id; empty when there is none. */
export function armGroup(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "";
}

/** Azure spells the same id with capital and small letters in turn. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
