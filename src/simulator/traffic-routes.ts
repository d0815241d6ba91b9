import type { Json } from "../runbooks/runbook.ts";
import { armError, at, fieldsOf, list, notFound, ok, textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { groupPath, same } from "./estate.ts";
import { allResources, putResource, resourceById } from "./resources.ts";
import type { Resource } from "./resources.ts";
import type { Route } from "./route.ts";
import { nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";

type Fields = { readonly [key: string]: Json };

const profiles = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Network/trafficmanagerprofiles";
const endpoint = `${profiles}/:profile/:kind/:endpoint`;

/** Traffic Manager: profiles, and endpoints that are switched and ordered. Everything answers at once, as in life. */
export const trafficRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Network/trafficmanagerprofiles", (_, s) => list(everyProfile(s).map((one) => seen(s, one)))],
  ["GET", profiles, (r, s) => list(everyProfile(s).filter(({ id }) => same(id.split("/")[4] ?? "", r.names.group)).map((one) => seen(s, one)))],
  ["GET", `${profiles}/:profile`, onProfile((_, s, profile) => ok(seen(s, profile)))],
  ["GET", endpoint, onProfile((r, s, profile) => found(r, endpointsOf(seen(s, profile)), (one) => ok(one)))],
  ["PATCH", endpoint, onProfile((r, s, profile) => found(r, endpointsOf(profile), (one) => change(r, s, profile, one)))],
  ["PUT", endpoint, onProfile((r, s, profile) => found(r, endpointsOf(profile), (one) => change(r, s, profile, one)))],
];

function onProfile(answer: (request: ArmRequest, simulation: Simulation, profile: Resource) => ArmAnswer): Route[2] {
  return (request, simulation) => {
    const { group = "", profile: name = "" } = request.names;
    const profile = resourceById(simulation, `${groupPath(simulation.estate, group)}/providers/Microsoft.Network/trafficManagerProfiles/${name}`);
    return profile === undefined ? notFound(`'Microsoft.Network/trafficManagerProfiles/${name}'`) : answer(request, simulation, profile);
  };
}

function everyProfile(simulation: Simulation): readonly Resource[] {
  return allResources(simulation).filter(({ type }) => same(type, "Microsoft.Network/trafficManagerProfiles"));
}

function found(request: ArmRequest, endpoints: readonly Fields[], answer: (endpoint: Fields) => ArmAnswer): ArmAnswer {
  const { kind = "", endpoint: name = "" } = request.names;
  const one = endpoints.find((each) => same(textAt(each, "name"), name) && same(textAt(each, "type"), `Microsoft.Network/trafficManagerProfiles/${kind}`));
  return one === undefined ? notFound(`'trafficManagerProfiles/${request.names.profile}/${kind}/${name}'`) : answer(one);
}

/** Takes what the request names and leaves the rest; a priority can stand only once in a profile. */
function change(request: ArmRequest, simulation: Simulation, profile: Resource, endpoint: Fields): ArmAnswer {
  const given = fieldsOf(at(request.body, "properties"));
  const before = fieldsOf(endpoint["properties"]);
  const properties: Fields = { ...before, ...given, endpointMonitorStatus: before["endpointMonitorStatus"] ?? "Online" };
  const others = endpointsOf(profile).filter((one) => one !== endpoint);
  if (given["priority"] !== undefined && others.some((one) => at(one, "properties", "priority") === properties["priority"])) {
    return armError(400, "BadRequest", `The priority ${String(properties["priority"])} is used by another endpoint of the profile '${textAt(profile, "name")}'.`);
  }
  const switchedOn = textAt(properties, "endpointStatus") === "Enabled" && textAt(before, "endpointStatus") !== "Enabled";
  const changed: Fields = { ...endpoint, properties: { ...properties, ...(switchedOn ? { changedAt: nowOf(simulation) } : {}) } };
  const endpoints = endpointsOf(profile).map((one) => (one === endpoint ? changed : one));
  putResource(simulation, profile.id, { ...profile, properties: { ...fieldsOf(profile["properties"]), endpoints } });
  return ok(probed(simulation, profile, changed));
}

/** A profile as it is seen now: an endpoint that was switched on is being checked until probes have come round. */
function seen(simulation: Simulation, profile: Resource): Resource {
  const endpoints = endpointsOf(profile).map((one) => probed(simulation, profile, one));
  const healthy = endpoints.some((one) => textAt(one, "properties", "endpointMonitorStatus") === "Online");
  const properties = fieldsOf(profile["properties"]);
  return { ...profile, properties: { ...properties, monitorConfig: { ...fieldsOf(properties["monitorConfig"]), profileMonitorStatus: healthy ? "Online" : "Degraded" }, endpoints } };
}

function probed(simulation: Simulation, profile: Resource, endpoint: Fields): Fields {
  const { changedAt, ...properties } = fieldsOf(endpoint["properties"]);
  const interval = at(profile, "properties", "monitorConfig", "intervalInSeconds");
  const checking = typeof changedAt === "number" && nowOf(simulation) < changedAt + ((typeof interval === "number" ? interval : 30) * 1000) / simulation.pace;
  const off = textAt(properties, "endpointStatus") !== "Enabled";
  const health = textAt(properties, "endpointMonitorStatus");
  return { ...endpoint, properties: { ...properties, endpointMonitorStatus: off ? "Disabled" : checking ? "CheckingEndpoint" : health === "Degraded" ? "Degraded" : "Online" } };
}

function endpointsOf(profile: Resource): readonly Fields[] {
  const endpoints = at(profile, "properties", "endpoints");
  return Array.isArray(endpoints) ? endpoints.map(fieldsOf) : [];
}
