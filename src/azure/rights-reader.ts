import type { AuthorizationManagementClient, DenyAssignment, Principal, RoleAssignment } from "@azure/arm-authorization";
import type { Denial, Grant, RightLimits, RightsReader } from "../checks/ports.ts";
import { parseArmId, sameId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { DrillbookError } from "../errors.ts";

/** Reads what the identity in use may do: Azure answers for whoever asks, with every inherited assignment counted in. */
export function rightsReader(connection: Connection): RightsReader {
  return {
    async at(scope, look) {
      try {
        return await reading(look, async () => {
          const grants: Grant[] = [];
          for await (const { actions, notActions } of pageOf(connection, scope, look.signal)) grants.push({ actions: actions ?? [], notActions: notActions ?? [] });
          return grants;
        });
      } catch (thrown) {
        throw readFailure(thrown, `what Drillbook may do at ${scope}`);
      }
    },

    async limits(scope, look) {
      try {
        return await reading(look, async () => {
          const client = connection.rights(subscriptionOf(scope));
          const own = await connection.ownId(look.signal);
          return { denials: await denialsAt(client, scope, own, look.signal), ...(await conditionsAt(client, scope, own, look.signal)) };
        });
      } catch (thrown) {
        throw readFailure(thrown, `what is denied to Drillbook at ${scope}`);
      }
    },
  };
}

function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] ?? "";
}

/** How Azure writes that a deny assignment is for everybody. */
const everybody = "00000000-0000-0000-0000-000000000000";

/** Deny assignments at the place or above it that may concern us: all of them where nobody can tell. */
async function denialsAt(client: AuthorizationManagementClient, scope: string, own: string | null, abortSignal: AbortSignal): Promise<readonly Denial[]> {
  const denials: Denial[] = [];
  for await (const one of client.denyAssignments.listForScope(bare(scope), { filter: "atScope()", abortSignal })) {
    const here = sameId(one.scope ?? scope, scope);
    if (one.doNotApplyToChildScopes === true && !here) continue;
    const concerns = concerned(one, own);
    if (concerns === "no") continue;
    const certain = concerns === "yes" && !one.condition;
    for (const { actions, notActions } of one.permissions ?? []) denials.push({ name: one.denyAssignmentName ?? one.name ?? "without a name", certain, actions: actions ?? [], notActions: notActions ?? [] });
  }
  return denials;
}

/** A group may hold us or not, and so may an exclusion: then only Azure knows. */
function concerned({ principals = [], excludePrincipals = [] }: DenyAssignment, own: string | null): "yes" | "no" | "perhaps" {
  const is = ({ id }: Principal, other: string | null): boolean => other !== null && (id ?? "").toLowerCase() === other.toLowerCase();
  if (excludePrincipals.some((one) => is(one, own))) return "no";
  const named = principals.some((one) => is(one, everybody) || is(one, own));
  const open = (list: readonly Principal[]): boolean => list.some((one) => own === null ? !is(one, everybody) : one.type === undefined || /group/i.test(one.type));
  if (named) return open(excludePrincipals) ? "perhaps" : "yes";
  return open(principals) ? "perhaps" : "no";
}

/** What our assignments at the place or above it grant, with and without a condition; nothing where none has one. */
async function conditionsAt(client: AuthorizationManagementClient, scope: string, own: string | null, abortSignal: AbortSignal): Promise<Omit<RightLimits, "denials">> {
  const filter = own === null ? "atScope()" : `assignedTo('${own}')`;
  const assignments: RoleAssignment[] = [];
  for await (const one of client.roleAssignments.listForScope(bare(scope), { filter, abortSignal })) if (`${scope.toLowerCase()}/`.startsWith(`${(one.scope ?? "").toLowerCase()}/`) || isAbove(one.scope)) assignments.push(one);
  if (!assignments.some(({ condition }) => condition)) return { conditional: [], unconditional: [] };
  const [conditional, unconditional]: [Grant[], Grant[]] = [[], []];
  for (const { roleDefinitionId, condition } of assignments) {
    const { permissions = [] } = await client.roleDefinitions.getById((roleDefinitionId ?? "").replace(/^\//, ""), { abortSignal });
    for (const { actions, notActions } of permissions) (condition ? conditional : unconditional).push({ actions: actions ?? [], notActions: notActions ?? [] });
  }
  return { conditional, unconditional };
}

/** A management group, or the tenant, stands above every subscription that shows it. */
function isAbove(scope: string | undefined): boolean {
  return scope === undefined || scope === "/" || /^\/providers\/Microsoft\.Management\/managementGroups\//i.test(scope);
}

/** The SDK puts a slash before the scope itself. */
function bare(scope: string): string {
  return scope.replace(/^\//, "");
}

function pageOf(connection: Connection, scope: string, abortSignal: AbortSignal) {
  const [, subscription, group] = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i.exec(scope) ?? [];
  if (subscription !== undefined && group !== undefined) return connection.rights(subscription).permissions.listForResourceGroup(group, { abortSignal });
  const id = parseArmId(scope);
  const [name] = id.names;
  if (id.names.length !== 1 || name === undefined) throw new DrillbookError("bad-input", `${scope} is no resource group and no resource in one.`, "Give the id of the vault or of a resource group.");
  return connection.rights(id.subscription).permissions.listForResource(id.resourceGroup, id.provider, "", id.types[0] ?? "", name, { abortSignal });
}
