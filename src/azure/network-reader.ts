import type { NetworkManagementClient, RouteTable, SecurityRule, Subnet, VirtualNetwork } from "@azure/arm-network";
import type { NetworkReader, NetworkView, WayOut } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { parseArmId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { waysOutOfServer } from "./interface-ways.ts";
import { addressIn } from "./prefix.ts";
import { privateZoneLinks } from "./private-zones.ts";

/** Reads a virtual network with all that leads out of it: peerings, gateways, routes, rules, endpoints, name servers. */
export function networkReader(connection: Connection, pollMs: number): NetworkReader {
  return {
    async privateZones(networkId, look) {
      try {
        return await reading(look, () => privateZoneLinks(connection, networkId, look.signal));
      } catch (thrown) {
        throw readFailure(thrown, "the private DNS zones");
      }
    },

    async server(server, networkId, told, look) {
      try {
        return await reading(look, () => waysOutOfServer(connection, server, networkId, told, pollMs, look.signal));
      } catch (thrown) {
        throw readFailure(thrown, `what is in force on ${server.name}`);
      }
    },

    async network(networkId, look) {
      try {
        return await reading(look, () => viewOf(connection, networkId, look));
      } catch (thrown) {
        throw readFailure(thrown, `the network ${networkId.split("/").at(-1)}`);
      }
    },
  };
}

async function viewOf(connection: Connection, networkId: string, { signal }: Look): Promise<NetworkView> {
  const id = parseArmId(networkId);
  const network = await (await connection.network(id.subscription)).virtualNetworks.get(id.resourceGroup, id.names[0] ?? "", { abortSignal: signal });
  const subnets = network.subnets ?? [];
  const waysOut: WayOut[] = [...peerings(network), ...nameServers(network)];
  for (const subnet of subnets) waysOut.push(...(await waysOutOf(connection, subnet, signal)));
  return {
    name: network.name ?? id.names[0] ?? "",
    region: (network.location ?? "").toLowerCase().replaceAll(" ", ""),
    prefixes: prefixesOf(network),
    subnets: subnets.map((subnet) => ({ name: subnet.name ?? "", prefixes: ownPrefixes(subnet), taken: subnet.ipConfigurations?.length ?? 0 })),
    waysOut,
  };
}

function peerings({ virtualNetworkPeerings }: VirtualNetwork): readonly WayOut[] {
  // Disconnected: the other side is gone, and nothing passes until somebody makes both anew.
  return (virtualNetworkPeerings ?? [])
    .filter(({ peeringState }) => peeringState !== "Disconnected")
    .map(({ name = "", peeringState, remoteVirtualNetwork, useRemoteGateways }) => isHub(name, remoteVirtualNetwork?.id) ? ({
      kind: "hub",
      name,
      words: `connected to a Virtual WAN hub (${lastOf(remoteVirtualNetwork?.id)}, ${peeringState ?? "state unknown"}), which leads to every network and branch that the hub routes to`,
    }) : ({
      kind: "peering",
      name,
      words: `peered with ${lastOf(remoteVirtualNetwork?.id)} (${peeringState ?? "state unknown"})${useRemoteGateways === true ? ", through whose gateway more may be reached" : ""}`,
    }));
}

/** A hub shows itself in the networks that are connected to it as a peering that Azure made, to a network of Azure's own. */
function isHub(name: string, remote: string | undefined): boolean {
  return /^RemoteVnetToHubPeering_/i.test(name) || /\/virtualNetworks\/HV_[^/]+$/i.test(remote ?? "");
}

function nameServers(network: VirtualNetwork): readonly WayOut[] {
  const own = prefixesOf(network);
  return (network.dhcpOptions?.dnsServers ?? [])
    .filter((server) => server !== "168.63.129.16" && !own.some((prefix) => addressIn(server, prefix)))
    .map((server) => ({ kind: "dns", name: server, words: `names are asked of ${server}, which lies outside of the network` }));
}

async function waysOutOf(connection: Connection, subnet: Subnet, signal: AbortSignal): Promise<readonly WayOut[]> {
  const name = subnet.name ?? "";
  if (name === "GatewaySubnet") return [{ kind: "gateway", name, words: "it has a gateway subnet: a VPN or ExpressRoute gateway may lead anywhere" }];
  if (name === "RouteServerSubnet") return [{ kind: "gateway", name, words: "it has a route server: routes to anywhere may be learned" }];
  if (name === "AzureBastionSubnet") return [];
  const table = subnet.routeTable?.id === undefined ? null : await routeTable(connection, subnet.routeTable.id, signal);
  const rules = subnet.networkSecurityGroup?.id === undefined ? [] : await outboundRules(connection, subnet.networkSecurityGroup.id, signal);
  return [
    ...routesOut(table),
    ...internet(subnet, table, rules),
    ...(subnet.serviceEndpoints ?? []).map(({ service = "" }): WayOut => ({ kind: "service-endpoint", name: service, words: `the subnet ${name} reaches ${service} past every route` })),
    ...(await privateEndpoints(connection, subnet, signal)),
  ];
}

async function routeTable(connection: Connection, id: string, abortSignal: AbortSignal): Promise<RouteTable> {
  const { client, resourceGroup, name } = await placeOf(connection, id);
  return client.routeTables.get(resourceGroup, name, { abortSignal });
}

async function outboundRules(connection: Connection, id: string, abortSignal: AbortSignal): Promise<readonly SecurityRule[]> {
  const { client, resourceGroup, name } = await placeOf(connection, id);
  const group = await client.networkSecurityGroups.get(resourceGroup, name, { abortSignal });
  return (group.securityRules ?? []).filter((rule) => rule.direction === "Outbound").toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
}

function routesOut(table: RouteTable | null): readonly WayOut[] {
  return (table?.routes ?? [])
    .filter(({ nextHopType }) => nextHopType === "VirtualAppliance" || nextHopType === "VirtualNetworkGateway" || nextHopType === "Internet")
    .map(({ name = "", addressPrefix = "", nextHopType, nextHopIpAddress }) => ({ kind: "route", name, words: `${addressPrefix} goes to ${nextHopType}${nextHopIpAddress === undefined ? "" : ` ${nextHopIpAddress}`}` }));
}

/** Closed when the default route leads nowhere, or a rule denies the internet before any allows it. */
function internet(subnet: Subnet, table: RouteTable | null, rules: readonly SecurityRule[]): readonly WayOut[] {
  const name = subnet.name ?? "";
  const nowhere = (table?.routes ?? []).some((route) => route.addressPrefix === "0.0.0.0/0" && route.nextHopType === "None");
  const own = ownPrefixes(subnet);
  const first = rules.find((rule) => coversInternet(rule, own));
  if (nowhere || first?.access === "Deny") return [];
  if (subnet.natGateway?.id !== undefined) return [{ kind: "internet", name: lastOf(subnet.natGateway.id), words: `the NAT gateway ${lastOf(subnet.natGateway.id)} leads the subnet ${name} to the internet` }];
  // With Azure's own way out closed, a public address on a server is still one; the rule above is what proves it shut.
  const usual = subnet.defaultOutboundAccess === false ? "no rule or route keeps a server with a public address from the internet" : "Azure gives it a way out to the internet by itself";
  return [{ kind: "internet", name, words: `the subnet ${name} is open: ${usual}` }];
}

/** An allowance for one port or one server is a way out; a denial for one is no wall. */
function coversInternet(rule: SecurityRule, own: readonly string[]): boolean {
  const { destinationAddressPrefix, destinationAddressPrefixes, sourceAddressPrefix, sourceAddressPrefixes, protocol, destinationPortRange, access } = rule;
  const everywhere = ["*", "Internet", "0.0.0.0/0"];
  const wide = [destinationAddressPrefix, ...(destinationAddressPrefixes ?? [])].some((to) => to !== undefined && everywhere.includes(to));
  if (access === "Allow") return wide;
  const sources = [sourceAddressPrefix, ...(sourceAddressPrefixes ?? [])].filter((from) => from !== undefined && from !== "");
  const everybody = sources.some((from) => ["*", "0.0.0.0/0", "VirtualNetwork"].includes(from ?? "")) || (own.length > 0 && own.every((prefix) => sources.includes(prefix)));
  return wide && everybody && (protocol === "*" || protocol === undefined) && (destinationPortRange === "*" || destinationPortRange === undefined);
}

async function privateEndpoints(connection: Connection, subnet: Subnet, abortSignal: AbortSignal): Promise<readonly WayOut[]> {
  const found: WayOut[] = [];
  for (const { id } of subnet.privateEndpoints ?? []) {
    if (id === undefined) continue;
    const { client, resourceGroup, name } = await placeOf(connection, id);
    const { privateLinkServiceConnections, manualPrivateLinkServiceConnections } = await client.privateEndpoints.get(resourceGroup, name, { abortSignal });
    const to = [...(privateLinkServiceConnections ?? []), ...(manualPrivateLinkServiceConnections ?? [])].map((one) => lastOf(one.privateLinkServiceId)).join(", ");
    found.push({ kind: "private-endpoint", name, words: `leads to ${to || "an unknown service"}` });
  }
  return found;
}

async function placeOf(connection: Connection, id: string): Promise<{ readonly client: NetworkManagementClient; readonly resourceGroup: string; readonly name: string }> {
  const { subscription, resourceGroup, names } = parseArmId(id);
  return { client: await connection.network(subscription), resourceGroup, name: names[0] ?? "" };
}

function prefixesOf({ addressSpace }: VirtualNetwork): readonly string[] {
  return addressSpace?.addressPrefixes ?? [];
}

function ownPrefixes({ addressPrefix, addressPrefixes }: Subnet): readonly string[] {
  return addressPrefixes ?? (addressPrefix === undefined ? [] : [addressPrefix]);
}

function lastOf(id: string | undefined): string {
  return id?.split("/").at(-1) ?? "unknown";
}
