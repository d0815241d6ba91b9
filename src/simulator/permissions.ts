import type { Json } from "../runbooks/runbook.ts";
import { armError, list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Denial, Estate, Grant } from "./estate.ts";
import { guid } from "./guid.ts";

const everything: readonly Grant[] = [{ actions: ["*"] }];
const authorization = /\/providers\/Microsoft\.Authorization\/(permissions|denyAssignments|roleAssignments|roleDefinitions)(?:\/([0-9a-f-]+))?$/i;
const guessedClient = "11111111-2222-4333-8444-555555555555";
const everybody = "00000000-0000-0000-0000-000000000000";

/** What Authorization says of a scope: rights, deny assignments, assignments and their roles; null when the path asks something else. */
export function permissionsAnswer({ method, url }: Pick<ArmRequest, "method" | "url">, estate: Estate): ArmAnswer | null {
  const [whole, kind = "", named] = authorization.exec(url.pathname) ?? [];
  if (method !== "GET" || whole === undefined) return null;
  const scope = url.pathname.slice(0, -whole.length).replaceAll(/\/{2,}/g, "/");
  const here = grantsAt(estate, scope);
  switch (kind.toLowerCase()) {
    case "permissions":
      return list(here.map(permission));
    case "denyassignments":
      return list(denialsAt(estate, scope).map((one) => denyAssignment(estate, one)));
    case "roleassignments":
      return list(here.map((grant) => roleAssignment(estate, grant)));
    default: {
      const role = granted(estate).find((grant) => roleName(estate, grant) === named?.toLowerCase());
      return role === undefined ? notFound(`'roleDefinitions/${named ?? ""}'`) : ok({ id: roleId(estate, role), name: roleName(estate, role), type: "Microsoft.Authorization/roleDefinitions", properties: { roleName: "simulated", type: "CustomRole", permissions: [permission(role)], assignableScopes: [`/subscriptions/${estate.subscription}`] } });
    }
  }
}

/** The answer to a request that no grant of the estate covers, or that one denies; null when it may be made. */
export function refusedFor({ method, url, clientRequestId }: Pick<ArmRequest, "method" | "url" | "clientRequestId">, estate: Estate): ArmAnswer | null {
  if (estate.grants === undefined && estate.denials === undefined) return null;
  const path = decodeURIComponent(url.pathname);
  const action = actionOf(method, path);
  const has = (ones: readonly Pick<Grant, "actions" | "notActions">[]): boolean => ones.some(({ actions, notActions }) => actions.some((one) => covers(one, action)) && !(notActions ?? []).some((one) => covers(one, action)));
  if (has(grantsAt(estate, path)) && !has(denialsAt(estate, path).filter(({ principals }) => principals === undefined))) return null;
  return armError(403, "AuthorizationFailed", `The client '${guessedClient}' with object id '${guessedClient}' does not have authorization to perform action '${action}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials. (${clientRequestId})`);
}

/** The action that Resource Manager asks for before a request: the types of the path, then read, write, delete or the verb. */
function actionOf(method: string, path: string): string {
  const parts = /\/providers\/(.+)$/i.exec(path)?.[1]?.split("/") ?? [];
  if (parts.length === 0) return path.includes("/resourceGroups") ? "Microsoft.Resources/subscriptions/resourceGroups/read" : "Microsoft.Resources/subscriptions/read";
  const [provider = "", ...rest] = parts;
  const types = rest.filter((_, index) => index % 2 === 0);
  const verb = { GET: "read", PUT: "write", PATCH: "write", DELETE: "delete" }[method];
  return [provider, ...types, verb ?? "action"].join("/");
}

function permission({ actions, notActions }: Grant): Json {
  return { actions: [...actions], notActions: [...(notActions ?? [])], dataActions: [], notDataActions: [] };
}

function denyAssignment(estate: Estate, one: Denial): Json {
  const name = guid("deny", one.name);
  return {
    id: `${scopeOf(estate, one)}/providers/Microsoft.Authorization/denyAssignments/${name}`,
    name,
    type: "Microsoft.Authorization/denyAssignments",
    properties: {
      denyAssignmentName: one.name,
      scope: scopeOf(estate, one),
      doNotApplyToChildScopes: false,
      permissions: [permission(one)],
      principals: (one.principals ?? [{ id: everybody, type: "SystemDefined" }]).map(({ id, type }) => ({ id, type })),
      excludePrincipals: [],
      isSystemProtected: true,
    },
  };
}

function roleAssignment(estate: Estate, grant: Grant): Json {
  const name = guid("assignment", granted(estate).indexOf(grant));
  return {
    id: `${scopeOf(estate, grant)}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: "Microsoft.Authorization/roleAssignments",
    properties: { scope: scopeOf(estate, grant), roleDefinitionId: roleId(estate, grant), principalId: guessedClient, principalType: "ServicePrincipal", condition: grant.condition ?? null, conditionVersion: grant.condition === undefined ? null : "2.0" },
  };
}

function roleId(estate: Estate, grant: Grant): string {
  return `/subscriptions/${estate.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleName(estate, grant)}`;
}

function roleName(estate: Estate, grant: Grant): string {
  return guid("role", granted(estate).indexOf(grant));
}

function scopeOf({ subscription }: Estate, { scope }: { readonly scope?: string }): string {
  return scope ?? `/subscriptions/${subscription}`;
}

function granted({ grants }: Estate): readonly Grant[] {
  return grants ?? everything;
}

function grantsAt(estate: Estate, path: string): readonly Grant[] {
  return granted(estate).filter((one) => standsAt(one, path));
}

function denialsAt({ denials = [] }: Estate, path: string): readonly Denial[] {
  return denials.filter((one) => standsAt(one, path));
}

function standsAt({ scope }: { readonly scope?: string }, path: string): boolean {
  return scope === undefined || `${path.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`);
}

function covers(granted: string, action: string): boolean {
  const pattern = granted.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*");
  return new RegExp(`^${pattern}$`, "i").test(action);
}
