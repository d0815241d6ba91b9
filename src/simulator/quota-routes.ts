import type { Json } from "../runbooks/runbook.ts";
import { list } from "./arm-answer.ts";
import { same } from "./estate.ts";
import type { Quota } from "./estate.ts";
import { allMachines } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { vcpusOf, familyOf } from "./vm-size.ts";
import type { Route } from "./route.ts";
import type { Simulation } from "./simulation.ts";

/** Usage and limits of a region, and the sizes that it offers. */
export const quotaRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Compute/locations/:location/usages", (r, s) => list(computeUsages(s, r.names.location ?? ""))],
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Network/locations/:location/usages", (r, s) => list(networkUsages(s, r.names.location ?? ""))],
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Compute/skus", (r, s) => list(sizes(s, /location\s+eq\s+'([^']*)'/i.exec(r.url.searchParams.get("$filter") ?? "")?.[1] ?? ""))],
];

const roomy = 350;

function computeUsages(simulation: Simulation, location: string): readonly Json[] {
  const here = running(simulation, location);
  const families = [...new Set(simulation.estate.vaults.flatMap((vault) => vault.servers.map(({ size }) => familyOf(size))))];
  const cores = (machines: readonly Machine[]) => machines.reduce((sum, { size }) => sum + vcpusOf(size), 0);
  return [
    usage(simulation, location, "cores", "Total Regional vCPUs", cores(here)),
    usage(simulation, location, "virtualMachines", "Virtual Machines", here.length, 25_000),
    ...families.map((family) => usage(simulation, location, family, `${family} vCPUs`, cores(here.filter(({ size }) => same(familyOf(size), family))))),
  ];
}

/** How many vCPUs of a family a region still has. */
export function vcpusLeft(simulation: Simulation, location: string, family: string): number {
  const here = running(simulation, location).filter(({ size }) => same(familyOf(size), family));
  const { limit, used } = known(simulation, location, family);
  return (limit ?? roomy) - (used ?? 0) - here.reduce((sum, { size }) => sum + vcpusOf(size), 0);
}

function known(simulation: Simulation, location: string, name: string): Partial<Quota> {
  return (simulation.estate.quotas ?? []).find((one) => same(one.location, location) && same(one.name, name)) ?? {};
}

function networkUsages(simulation: Simulation, location: string): readonly Json[] {
  const here = running(simulation, location);
  return [
    { ...usage(simulation, location, "VirtualNetworks", "Virtual Networks", simulation.estate.networks.filter((one) => same(one.location, location)).length, 1000), id: "" },
    { ...usage(simulation, location, "NetworkInterfaces", "Network Interfaces", here.length, 65_536), id: "" },
    { ...usage(simulation, location, "PublicIPAddresses", "Public IP Addresses", 0, 1000), id: "" },
  ];
}

/** What the estate says of a limit, with what its running machines use of it. */
function usage(simulation: Simulation, location: string, name: string, localizedValue: string, ours: number, usual = roomy): { readonly [key: string]: Json } {
  const { used, limit } = known(simulation, location, name);
  return { unit: "Count", currentValue: (used ?? 0) + ours, limit: limit ?? usual, name: { value: name, localizedValue } };
}

function running(simulation: Simulation, location: string): readonly Machine[] {
  return allMachines(simulation).filter((one) => same(one.location, location) && one.power !== "deallocated");
}

function sizes(simulation: Simulation, location: string): readonly Json[] {
  const names = [...new Set([...simulation.estate.vaults.flatMap((vault) => vault.servers.map(({ size }) => size)), ...(simulation.estate.machines ?? []).map(({ size }) => size)])];
  return names.map((name) => ({
    resourceType: "virtualMachines",
    name,
    tier: "Standard",
    size: name.replace(/^Standard_/, ""),
    family: familyOf(name),
    locations: [location],
    locationInfo: [{ location, zones: ["1", "2", "3"] }],
    capabilities: [{ name: "vCPUs", value: String(vcpusOf(name)) }, { name: "vCPUsAvailable", value: String(vcpusOf(name)) }],
    restrictions: (simulation.estate.withheld ?? []).filter((one) => same(one.location, location) && same(one.size, name)).map(({ zones }) => ({ type: zones === undefined ? "Location" : "Zone", values: [location], restrictionInfo: { locations: [location], ...(zones === undefined ? {} : { zones: [...zones] }) }, reasonCode: "NotAvailableForSubscription" })),
  }));
}
