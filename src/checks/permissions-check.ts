import { z } from "zod";
import type { Check, Clock, Look } from "../drills/ports.ts";
import { asDrillbookError } from "../errors.ts";
import type { Catalogue, CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId, virtualNetworkId } from "../runbooks/resource-id.ts";
import { oneOrMore } from "./endpoint.ts";
import type { Grant, ReplicationReader, RightLimits, RightsReader } from "./ports.ts";
import { rightsFor, standing } from "./rights.ts";
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
    "Microsoft.Authorization/denyAssignments/read",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleDefinitions/read",
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
  const places = new Map<string, { readonly grants: readonly Grant[]; readonly limits: RightLimits }>();
  const unread: CheckRow[] = [];
  for (const scope of new Set(rights.map((right) => right.scope))) {
    const grants = await reader.at(scope, look);
    const limits = await reader.limits(scope, look).catch((thrown: unknown): RightLimits => {
      if (look.signal.aborted) throw thrown;
      unread.push({ target: nameOf(scope), label: "deny assignments and conditions", verdict: "unknown", status: "not read", reason: `deny assignments and conditions on ${nameOf(scope)} could not be read: ${asDrillbookError(thrown).message}` });
      return { denials: [], conditional: [], unconditional: [] };
    });
    places.set(scope, { grants, limits });
  }
  const rows = rights.map(({ permission, scope }): CheckRow => {
    const place = places.get(scope);
    const { verdict, why } = place === undefined ? { verdict: "unknown" as const, why: "not asked" } : standing(place.grants, place.limits, permission);
    return { target: nameOf(scope), label: permission, verdict, status: why, reason: why === "granted" ? why : `${permission} is ${why} on ${nameOf(scope)}` };
  });
  return [...rows, ...unread];
}

function nameOf(scope: string): string {
  return scope.split("/").at(-1) ?? scope;
}

/** What is missing and what was not proved, one sentence a place, each with what to do: an operator hands them on to whoever assigns rights. */
export function missingSays(rows: readonly CheckRow[]): readonly string[] {
  const missing = rows.filter((row) => row.status === "missing");
  return [
    ...[...Map.groupBy(missing, (row) => row.target)].map(([place, those]) => `On ${place}, Drillbook's identity lacks ${those.map((row) => row.label).join(", ")}: assign the role of roles/drillbook-drills.json there.`),
    ...[...Map.groupBy(rows.filter((row) => row.verdict !== "up" && row.status !== "missing"), (row) => `${row.target}\n${row.status}`).values()].flatMap(([first, ...more]) => {
      if (first === undefined) return [];
      const others = more.length === 0 ? "" : ` (and ${more.length} more: ${more.slice(0, 20).map((row) => row.label).join(", ")})`;
      return [`${first.verdict === "unknown" ? "Not proved: " : ""}${first.reason}${others}. Ask whoever owns the subscription's access control.`];
    }),
  ];
}
