import type { Catalogue } from "./catalogue.ts";

/** What the launch form lists, which no single action or check declares. */
const lists = ["Microsoft.RecoveryServices/vaults/read", "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read", "Microsoft.Network/virtualNetworks/read"];

/** An Azure custom role, as `az role definition create` takes it. */
type CustomRole = { readonly Name: string; readonly IsCustom: true; readonly Description: string; readonly Actions: readonly string[]; readonly NotActions: readonly string[]; readonly AssignableScopes: readonly string[] };

/** The least that drills need: the permissions that the catalogue's actions and checks declare, and nothing else. */
export function drillRole(catalogue: Catalogue): CustomRole {
  const declared = [...catalogue.actions.values(), ...catalogue.checks.values()].flatMap((facts) => facts.permissions);
  return {
    Name: "Drillbook drills",
    IsCustom: true,
    Description: "Test failovers, their clean-up and the checks beside them. No real failover.",
    Actions: [...new Set([...lists, ...declared])].toSorted(),
    NotActions: [],
    AssignableScopes: ["/subscriptions/00000000-0000-0000-0000-000000000000"],
  };
}
