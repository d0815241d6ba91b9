import type { Catalogue } from "./catalogue.ts";

/** What the launch form lists, which no single action or check declares. */
const lists = ["Microsoft.RecoveryServices/vaults/read", "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read", "Microsoft.Network/virtualNetworks/read"];

/** What `drillbook qualify` lists, to find a server by its name. */
const qualification = ["Microsoft.RecoveryServices/vaults/replicationProtectedItems/read"];

/** An Azure custom role, as `az role definition create` takes it. */
type CustomRole = { readonly Name: string; readonly IsCustom: true; readonly Description: string; readonly Actions: readonly string[]; readonly NotActions: readonly string[]; readonly AssignableScopes: readonly string[] };

/** The least that drills need: the permissions that checks and every action that leaves production alone declare, and nothing else. */
export function drillRole(catalogue: Catalogue): CustomRole {
  const harmless = [...catalogue.actions.values()].filter((facts) => facts.live !== true);
  return role("Drillbook drills", "Test failovers, their clean-up and the checks beside them. No real failover.", [...harmless, ...catalogue.checks.values()]);
}

/** The least that a real failover needs: everything that is declared. For an identity of its own, used in a declared incident. */
export function failoverRole(catalogue: Catalogue): CustomRole {
  return role("Drillbook failover", "Real failovers, commit, re-protection and traffic, with all that drills need. For a declared incident.", [{ permissions: qualification }, ...catalogue.actions.values(), ...catalogue.checks.values()]);
}

function role(name: string, description: string, declaring: readonly { readonly permissions: readonly string[] }[]): CustomRole {
  return {
    Name: name,
    IsCustom: true,
    Description: description,
    Actions: [...new Set([...lists, ...declaring.flatMap((facts) => facts.permissions)])].toSorted(),
    NotActions: [],
    AssignableScopes: ["/subscriptions/00000000-0000-0000-0000-000000000000"],
  };
}
