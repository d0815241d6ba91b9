import { z } from "zod";
import type { Check, Clock, Look } from "../drills/ports.ts";
import type { Catalogue, CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId, virtualNetworkId } from "../runbooks/resource-id.ts";
import { oneOrMore } from "./endpoint.ts";
import type { Grant, ReplicationReader, RightsReader } from "./ports.ts";
import { mayDo, rightsFor } from "./rights.ts";
import type { Right } from "./rights.ts";
import { observationOf } from "./rows.ts";
import type { CheckRow } from "./rows.ts";

const permissionsInput = z.strictObject({
  plan: recoveryPlanId,
  /** Types of the runbook's actions and checks, whose rights are needed. */
  for: z.preprocess(oneOrMore, z.array(z.string().regex(/^[a-z][a-z0-9-]{0,60}$/)).min(1).max(60)),
  network: virtualNetworkId.optional(),
});

/** What the compiler knows of `check permissions`. */
export const permissionsFacts: CheckFacts = {
  type: "permissions",
  summary: "Drillbook's identity holds every right that these actions and checks need, where they need it",
  schema: permissionsInput,
  permissions: [
    "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read",
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read",
    "Microsoft.Authorization/permissions/read",
  ],
};

export type PermissionsParts = { readonly reader: ReplicationReader; readonly rights: RightsReader; readonly catalogue: () => Pick<Catalogue, "actions" | "checks">; readonly clock: Clock };

/** The check `permissions`: what Azure would refuse half way through, told before. */
export function permissionsCheck(parts: PermissionsParts): Check {
  return {
    facts: permissionsFacts,
    async observe(input, look) {
      const wanted = readInput(permissionsFacts.type, permissionsInput, input);
      const { actions, checks } = parts.catalogue();
      const facts = wanted.for.map((type) => ({ type, needs: (actions.get(type) ?? checks.get(type))?.permissions }));
      const unknown = facts.filter(({ needs }) => needs === undefined).map(({ type }): CheckRow => ({ target: type, label: "type", verdict: "unknown", status: "", reason: `${type} is no action and no check` }));
      const ids = [wanted.plan, ...(wanted.network === undefined ? [] : [wanted.network])];
      const places = { ids, groups: await recoveryGroups(wanted.plan, parts.reader, look) };
      const rows = await rightRows(rightsFor(facts.flatMap(({ needs }) => needs ?? []), places), parts.rights, look);
      return observationOf([...unknown, ...rows], "Azure", parts.clock(), missingSays(rows), `all ${rows.length} rights are there`);
    },
  };
}

/** The resource groups that a plan's servers recover to; the vault's own where the provider does not say. */
export async function recoveryGroups(plan: string, reader: ReplicationReader, look: Look): Promise<readonly string[]> {
  const servers = await reader.servers(plan, look);
  const groups = [...new Map(servers.flatMap(({ recovery }) => (recovery === undefined || recovery.group === "" ? [] : [[recovery.group.toLowerCase(), recovery.group] as const]))).values()];
  return groups.length > 0 ? groups : [plan.split("/").slice(0, 5).join("/")];
}

/** One row a right, in the order given; each place is asked once. */
export async function rightRows(rights: readonly Right[], reader: RightsReader, look: Look): Promise<readonly CheckRow[]> {
  const grants = new Map<string, readonly Grant[]>();
  for (const scope of new Set(rights.map((right) => right.scope))) grants.set(scope, await reader.at(scope, look));
  return rights.map(({ permission, scope }) => {
    const has = mayDo(grants.get(scope) ?? [], permission);
    const where = scope.split("/").at(-1) ?? scope;
    return { target: where, label: permission, verdict: has ? "up" : "down", status: has ? "granted" : "missing", reason: has ? "granted" : `${permission} is missing on ${where}` };
  });
}

/** What is missing, by place, with what to do. */
export function missingSays(rows: readonly CheckRow[]): readonly string[] {
  const missing = rows.filter((row) => row.verdict === "down");
  return [...Map.groupBy(missing, (row) => row.target)].map(([place, those]) => `On ${place}, Drillbook's identity lacks ${those.map((row) => row.label).join(", ")}: assign the role of roles/drillbook-drills.json there.`);
}
