import type { Json } from "../runbooks/runbook.ts";
import { at, list, notFound, ok, textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { groupPath, same } from "./estate.ts";
import { allResources, resourceById } from "./resources.ts";
import type { Resource } from "./resources.ts";
import type { Route } from "./route.ts";
import type { Simulation } from "./simulation.ts";

/** Lists over resources of every kind. */
export const resourceRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription", (_, s) => ok({ id: `/subscriptions/${s.estate.subscription}`, subscriptionId: s.estate.subscription, displayName: "Simulated", state: "Enabled" })],
  ["GET", "/subscriptions/:subscription/resourceGroups", (_, s) => list(groups(s))],
  ["GET", "/subscriptions/:subscription/resources", (r, s) => list(filtered(r, allResources(s)).map(short))],
  ["GET", "/subscriptions/:subscription/resourceGroups/:group/resources", (r, s) => list(filtered(r, ofGroup(s, r.names.group ?? "")).map(short))],
];

/**
 * Any resource by its id, the parts that stand inside it (a network's subnets, a balancer's rules), and lists of one type:
 * what no route of its own answers.
 */
export function resourceAnswer(request: Omit<ArmRequest, "names">, simulation: Simulation): ArmAnswer | null {
  if (request.method !== "GET") return null;
  const path = decodeURIComponent(request.url.pathname);
  const parsed = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/providers\/([^/]+)\/(.+)$/i.exec(path);
  if (parsed === null) return null;
  const [, scope = "", provider = "", rest = ""] = parsed;
  const parts = rest.split("/");
  if (parts.length === 1) return list(ofType(allResources(simulation), scope, `${provider}/${parts[0] ?? ""}`));
  const parent = resourceById(simulation, `${scope}/providers/${provider}/${parts[0]}/${parts[1]}`);
  const inside = parts.slice(2);
  const exact = resourceById(simulation, path);
  if (exact !== undefined) return ok(exact);
  if (parent === undefined) return notFound(`'${provider}/${parts[0]}/${parts[1]}'`);
  const [collection = "", name, ...more] = inside;
  const members = listAt(parent, collection);
  if (members === null || more.length > 0) return null;
  if (name === undefined) return list(members);
  const found = members.find((one) => same(textAt(one, "name"), name));
  return found === undefined ? notFound(`'${collection}/${name}'`) : ok(found);
}

function ofType(resources: readonly Resource[], scope: string, type: string): readonly Json[] {
  return resources.filter((one) => same(one.type, type) && one.id.toLowerCase().startsWith(`${scope.toLowerCase()}/`));
}

function listAt(parent: Json, collection: string): readonly Json[] | null {
  const properties = at(parent, "properties");
  if (properties === null || typeof properties !== "object" || Array.isArray(properties)) return null;
  const found = Object.entries(properties).find(([name, value]) => same(name, collection) && Array.isArray(value))?.[1];
  return Array.isArray(found) ? found : null;
}

function filtered(request: ArmRequest, resources: readonly Resource[]): readonly Resource[] {
  const wanted = /resourceType\s+eq\s+'([^']*)'/i.exec(request.url.searchParams.get("$filter") ?? "")?.[1];
  return wanted === undefined ? resources : resources.filter(({ type }) => same(type, wanted));
}

function ofGroup(simulation: Simulation, group: string): readonly Resource[] {
  const scope = `${groupPath(simulation.estate, group)}/`.toLowerCase();
  return allResources(simulation).filter(({ id }) => id.toLowerCase().startsWith(scope));
}

function short(one: Resource): Json {
  return { id: one.id, name: one["name"] ?? "", type: one.type, location: one["location"] ?? "global", ...(one["tags"] === undefined ? {} : { tags: one["tags"] }) };
}

function groups(simulation: Simulation): readonly Json[] {
  const names = new Map(allResources(simulation).map(({ id }) => { const name = id.split("/")[4] ?? ""; return [name.toLowerCase(), name]; }));
  return [...names.values()].map((name) => ({ id: groupPath(simulation.estate, name), name, type: "Microsoft.Resources/resourceGroups", location: simulation.estate.vaults[0]?.location ?? "", properties: { provisioningState: "Succeeded" } }));
}
