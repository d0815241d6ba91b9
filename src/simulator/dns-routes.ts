import type { Json } from "../runbooks/runbook.ts";
import { armError, at, fieldsOf, list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { recordSetId } from "./dns-answer.ts";
import { groupPath, same } from "./estate.ts";
import { guid } from "./guid.ts";
import { allResources, putResource, resourceById } from "./resources.ts";
import type { Resource } from "./resources.ts";
import type { Route } from "./route.ts";
import type { Simulation } from "./simulation.ts";

type Fields = { readonly [key: string]: Json };

const zone = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Network/dnsZones/:zone";
const recordSet = `${zone}/:type/:record`;
const types = ["A", "AAAA", "CNAME", "TXT"];

/** DNS: record sets under the optimistic lock of their etag. */
export const dnsRoutes: readonly Route[] = [
  ["GET", `${zone}/recordsets`, onZone((_, s, one) => list(recordsOf(s, one)))],
  ["GET", `${zone}/all`, onZone((_, s, one) => list(recordsOf(s, one)))],
  ...types.map((type): Route => ["GET", `${zone}/${type}`, onZone((_, s, one) => list(recordsOf(s, one).filter((each) => same(each.type, `Microsoft.Network/dnszones/${type}`))))]),
  ["GET", recordSet, onZone((r, s, one) => onRecord(r, s, one, (record) => ok(record)))],
  ["PUT", recordSet, onZone((r, s, one) => write(r, s, one, false))],
  ["PATCH", recordSet, onZone((r, s, one) => onRecord(r, s, one, () => write(r, s, one, true)))],
  ["DELETE", recordSet, onZone(remove)],
];

function onZone(answer: (request: ArmRequest, simulation: Simulation, zone: Resource) => ArmAnswer): Route[2] {
  return (request, simulation) => {
    const { group = "", zone: name = "" } = request.names;
    const found = resourceById(simulation, `${groupPath(simulation.estate, group)}/providers/Microsoft.Network/dnszones/${name}`);
    return found === undefined ? notFound(`'Microsoft.Network/dnszones/${name}'`) : answer(request, simulation, found);
  };
}

function recordsOf(simulation: Simulation, { id }: Resource): readonly Resource[] {
  return allResources(simulation).filter((one) => one.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
}

function recordOf({ names }: ArmRequest, simulation: Simulation, { id }: Resource): Resource | undefined {
  return resourceById(simulation, recordSetId(id, names.type ?? "", names.record ?? ""));
}

function onRecord(request: ArmRequest, simulation: Simulation, one: Resource, answer: (record: Resource) => ArmAnswer): ArmAnswer {
  const record = recordOf(request, simulation, one);
  return record === undefined ? armError(404, "NotFound", `The resource record '${request.names.record}' does not exist in resource group '${request.names.group}' of subscription '${simulation.estate.subscription}'.`) : answer(record);
}

function write(request: ArmRequest, simulation: Simulation, one: Resource, keepsRest: boolean): ArmAnswer {
  const before = recordOf(request, simulation, one);
  const refused = preconditionFails(request, before);
  if (refused !== null) return refused;
  const { type = "", record = "" } = request.names;
  const word = types.find((known) => same(known, type));
  if (word === undefined) return armError(400, "BadRequest", `Record sets of type '${type}' are not simulated.`);
  const id = before?.id ?? recordSetId(one.id, word, record);
  const name = String(one["name"] ?? "");
  const given = fieldsOf(at(request.body, "properties"));
  const properties: Fields = { ...(keepsRest ? fieldsOf(before?.["properties"]) : { metadata: {} }), ...given, fqdn: `${record === "@" ? "" : `${record}.`}${name}.`, targetResource: {}, provisioningState: "Succeeded" };
  const body: Resource = { id, name: record, type: `Microsoft.Network/dnszones/${word}`, etag: guid("etag", id, simulation.world.changes, JSON.stringify(properties)), properties };
  putResource(simulation, id, body);
  return { status: before === undefined ? 201 : 200, body };
}

function remove(request: ArmRequest, simulation: Simulation, one: Resource): ArmAnswer {
  const before = recordOf(request, simulation, one);
  if (before === undefined) return { status: 204 };
  const refused = preconditionFails(request, before);
  if (refused !== null) return refused;
  putResource(simulation, before.id, null);
  return { status: 200 };
}

function preconditionFails({ ifMatch, ifNoneMatch }: ArmRequest, before: Resource | undefined): ArmAnswer | null {
  const wrong = (ifMatch !== "" && ifMatch !== "*" && unquoted(ifMatch) !== before?.["etag"]) || (ifMatch !== "" && before === undefined) || (ifNoneMatch === "*" && before !== undefined);
  return wrong ? armError(412, "PreconditionFailed", "The condition set on the request was not met: the etag of the record set is another one.") : null;
}

function unquoted(etag: string): string {
  return etag.replace(/^W\//, "").replaceAll('"', "");
}
