import type { EffectiveNetworkSecurityRule, EffectiveRoute } from "@azure/arm-network";
import type { WayOut } from "../checks/ports.ts";
import type { TestServer } from "../drills/events.ts";
import { parseArmId, parseMachineId, sameId } from "./arm-id.ts";
import { addressIn } from "./prefix.ts";
import type { Connection } from "./connection.ts";

/** What a kind of next hop in force is, and the kinds of ways by which the network itself may have told of it already. */
const hops: Readonly<Record<string, { readonly kind: WayOut["kind"]; readonly told: readonly WayOut["kind"][] }>> = {
  VirtualNetworkGateway: { kind: "route", told: ["gateway", "route", "peering", "hub"] },
  VirtualAppliance: { kind: "route", told: ["route", "hub"] },
  VNetPeering: { kind: "route", told: ["peering", "hub"] },
  VNetGlobalPeering: { kind: "route", told: ["peering", "hub"] },
  HyperNetGateway: { kind: "route", told: ["gateway", "hub"] },
  VirtualNetworkServiceEndpoint: { kind: "service-endpoint", told: ["service-endpoint"] },
  InterfaceEndpoint: { kind: "private-endpoint", told: ["private-endpoint"] },
};

/**
 * What leads out of a running test server beyond what its network told: a public address, routes in force that were learned
 * from elsewhere, an internet that no rule in force shuts. Servers outside of this network tell nothing.
 */
export async function waysOutOfServer(connection: Connection, server: TestServer, networkId: string, told: readonly WayOut[], pollMs: number, abortSignal: AbortSignal): Promise<readonly WayOut[]> {
  const { subscription, resourceGroup, machine } = parseMachineId(server.id);
  const { networkProfile } = await (await connection.compute(subscription)).virtualMachines.get(resourceGroup, machine, { abortSignal });
  const ways: WayOut[] = [];
  for (const { id } of networkProfile?.networkInterfaces ?? []) if (id !== undefined) ways.push(...(await ofInterface(connection, id, server, networkId, told, pollMs, abortSignal)));
  return ways;
}

async function ofInterface(connection: Connection, id: string, server: TestServer, networkId: string, told: readonly WayOut[], updateIntervalInMs: number, abortSignal: AbortSignal): Promise<readonly WayOut[]> {
  const { subscription, resourceGroup, names } = parseArmId(id);
  const name = names[0] ?? "";
  const { networkInterfaces } = await connection.network(subscription);
  const { ipConfigurations = [] } = await networkInterfaces.get(resourceGroup, name, { abortSignal });
  if (!ipConfigurations.some(({ subnet }) => sameId((subnet?.id ?? "").replace(/\/subnets\/[^/]+$/i, ""), networkId))) return [];
  const open = ipConfigurations.filter(({ publicIPAddress }) => publicIPAddress?.id !== undefined).map((): WayOut => ({ kind: "internet", name, words: `${server.name} has a public address` }));
  const routes = (await networkInterfaces.getEffectiveRouteTable(resourceGroup, name, { abortSignal, updateIntervalInMs }).pollUntilDone({ abortSignal })).value ?? [];
  const groups = (await networkInterfaces.listEffectiveNetworkSecurityGroups(resourceGroup, name, { abortSignal, updateIntervalInMs }).pollUntilDone({ abortSignal })).value ?? [];
  const inForce = routes.filter(({ state }) => state === "Active");
  return [...open, ...learned(inForce, server, told), ...internet(inForce, groups.map(({ effectiveSecurityRules }) => effectiveSecurityRules ?? []), ipConfigurations.flatMap(({ privateIPAddress }) => privateIPAddress ?? []), server, name, told)];
}

function learned(routes: readonly EffectiveRoute[], server: TestServer, told: readonly WayOut[]): readonly WayOut[] {
  return routes.flatMap(({ nextHopType = "", addressPrefix = [], nextHopIpAddress = [] }): readonly WayOut[] => {
    const hop = hops[nextHopType];
    if (hop === undefined || told.some(({ kind }) => hop.told.includes(kind))) return [];
    return [{ kind: hop.kind, name: addressPrefix.join(", "), words: `in force on ${server.name}: ${addressPrefix.join(", ")} goes to ${nextHopType}${nextHopIpAddress.length === 0 ? "" : ` ${nextHopIpAddress.join(", ")}`}, which the network does not show` }];
  });
}

/** A group at the subnet and one at the interface must both let pass: one that denies is enough. */
function internet(routes: readonly EffectiveRoute[], groups: readonly (readonly EffectiveNetworkSecurityRule[])[], own: readonly string[], server: TestServer, name: string, told: readonly WayOut[]): readonly WayOut[] {
  const led = routes.some(({ nextHopType, addressPrefix = [] }) => nextHopType === "Internet" && addressPrefix.includes("0.0.0.0/0"));
  const shut = groups.some((rules) => firstToInternet(rules, own)?.access === "Deny");
  if (!led || shut || told.some(({ kind }) => kind === "internet")) return [];
  return [{ kind: "internet", name, words: `no rule in force keeps ${server.name} from the internet, whatever its network says` }];
}

/** The first rule that lets anything to the internet, or that keeps everything from it. */
function firstToInternet(rules: readonly EffectiveNetworkSecurityRule[], own: readonly string[]): EffectiveNetworkSecurityRule | undefined {
  const everywhere = new Set(["*", "internet", "0.0.0.0/0"]);
  const wide = (one: string | undefined, more: readonly string[] = []): boolean => [one, ...more].some((each) => each !== undefined && everywhere.has(each.toLowerCase()));
  return rules
    .filter(({ direction }) => direction === "Outbound")
    .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .find((rule) => {
      if (!wide(rule.destinationAddressPrefix, rule.destinationAddressPrefixes)) return false;
      if (rule.access === "Allow") return true;
      const everyPort = rule.destinationPortRange === undefined || ["*", "0-65535"].includes(rule.destinationPortRange);
      const everyProtocol = rule.protocol === undefined || ["*", "all"].includes(rule.protocol.toLowerCase());
      // The rules in force name other servers too: a wall before one of them is none before this one.
      const sources = [rule.sourceAddressPrefix, ...(rule.sourceAddressPrefixes ?? []), ...(rule.expandedSourceAddressPrefix ?? [])].flatMap((one) => one ?? []);
      const ours = sources.some((one) => ["*", "0.0.0.0/0", "virtualnetwork"].includes(one.toLowerCase())) || (own.length > 0 && own.every((address) => sources.some((prefix) => addressIn(address, prefix))));
      return everyPort && everyProtocol && ours;
    });
}
