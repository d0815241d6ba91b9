import type { Json } from "../runbooks/runbook.ts";
import { fieldsOf, textAt } from "./arm-answer.ts";
import { applicationGatewayBodies, loadBalancerBodies } from "./balancer-answer.ts";
import { machineAnswer } from "./machine-answer.ts";
import { dnsBodies } from "./dns-answer.ts";
import type { Estate } from "./estate.ts";
import { allMachines } from "./machine.ts";
import { networkAnswer, networkBelongings, privateZoneBodies } from "./network-answer.ts";
import { interfaceAnswer } from "./network-interface.ts";
import { nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { trafficBodies } from "./traffic-answer.ts";
import { vaultAnswer } from "./vault-answer.ts";

/** A resource with at least its id and its type. */
export type Resource = { readonly [key: string]: Json } & { readonly id: string; readonly type: string };

const standing = new WeakMap<Estate, readonly Resource[]>();

/** Everything in the subscription that has an id of its own, in the estate's order; changes are in it. */
export function allResources(simulation: Simulation): readonly Resource[] {
  const machines = allMachines(simulation);
  return [...changed(simulation), ...machines.map((one) => asResource(machineAnswer(simulation, one, false))), ...machines.map((one) => asResource(interfaceAnswer(simulation, one)))];
}

/** A resource by its id, without regard to case; undefined when there is none. */
export function resourceById(simulation: Simulation, id: string): Resource | undefined {
  return allResources(simulation).find((one) => one.id.toLowerCase() === id.toLowerCase());
}

/** Puts a resource in the place of what had its id; null deletes it. */
export function putResource(simulation: Simulation, id: string, body: Resource | null): void {
  simulation.change({ type: "resource.put", resource: { id, body, at: nowOf(simulation) } });
}

function changed(simulation: Simulation): readonly Resource[] {
  const { resources } = simulation.world;
  const fromEstate = standingOf(simulation.estate);
  const known = new Set(fromEstate.map(({ id }) => id.toLowerCase()));
  const kept = fromEstate.flatMap((one) => {
    const now = resources.get(one.id.toLowerCase());
    return now === undefined ? [one] : now.body === null ? [] : [asResource(now.body)];
  });
  const added = [...resources.values()].filter(({ id, body }) => body !== null && !known.has(id.toLowerCase()));
  return [...kept, ...added.map(({ body }) => asResource(body))];
}

function standingOf(estate: Estate): readonly Resource[] {
  const known = standing.get(estate);
  if (known !== undefined) return known;
  const built = [
    ...estate.networks.map((one) => networkAnswer(estate, one)),
    ...estate.networks.flatMap((one) => networkBelongings(estate, one)),
    ...estate.vaults.map((one) => vaultAnswer(estate, one)),
    ...loadBalancerBodies(estate),
    ...applicationGatewayBodies(estate),
    ...trafficBodies(estate),
    ...dnsBodies(estate),
    ...privateZoneBodies(estate),
  ].map(asResource);
  standing.set(estate, built);
  return built;
}

function asResource(body: Json): Resource {
  return { ...fieldsOf(body), id: textAt(body, "id"), type: textAt(body, "type") };
}
