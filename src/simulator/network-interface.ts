import type { Json } from "../runbooks/runbook.ts";
import { groupPath } from "./estate.ts";
import type { Network } from "./estate.ts";
import { allMachines, machinePath, networkOf, reachableNetworks } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { securityRuleAnswers } from "./network-answer.ts";
import type { Simulation } from "./simulation.ts";

/** The resource id of the one network interface that every simulated machine has. */
export function interfacePath(simulation: Simulation, machine: Machine): string {
  return `${groupPath(simulation.estate, machine.group)}/providers/Microsoft.Network/networkInterfaces/${machine.name}-nic`;
}

/** The interface with its address and its network's name servers, as Azure answers it. */
export function interfaceAnswer(simulation: Simulation, machine: Machine): { readonly [key: string]: Json } {
  const id = interfacePath(simulation, machine);
  const network = networkOf(simulation, machine.network);
  return {
    id,
    name: `${machine.name}-nic`,
    type: "Microsoft.Network/networkInterfaces",
    location: machine.location,
    properties: {
      provisioningState: "Succeeded",
      primary: true,
      enableIPForwarding: false,
      virtualMachine: { id: machinePath(simulation, machine) },
      dnsSettings: { dnsServers: [], appliedDnsServers: [...(network?.dnsServers ?? [])] },
      ipConfigurations: [
        {
          id: ipConfigurationPath(simulation, machine),
          name: "ipconfig1",
          properties: {
            privateIPAddress: machine.address,
            privateIPAllocationMethod: "Static",
            primary: true,
            provisioningState: "Succeeded",
            ...(machine.test && machine.server?.publicAddress !== undefined ? { publicIPAddress: { id: `${groupPath(simulation.estate, machine.group)}/providers/Microsoft.Network/publicIPAddresses/${machine.server.publicAddress}` } } : {}),
            ...(network === undefined ? {} : { subnet: { id: `${machine.network}/subnets/${network.subnet}` } }),
          },
        },
      ],
    },
  };
}

/** The one address configuration of the machine's interface: what back-end pools point to. */
export function ipConfigurationPath(simulation: Simulation, machine: Machine): string {
  return `${interfacePath(simulation, machine)}/ipConfigurations/ipconfig1`;
}

/** The machine behind an interface, by its group and name in any case; undefined when there is none. */
export function machineOfInterface(simulation: Simulation, group: string, name: string): Machine | undefined {
  return allMachines(simulation).find((one) => one.group.toLowerCase() === group.toLowerCase() && `${one.name}-nic`.toLowerCase() === name.toLowerCase());
}

/** The routes in force: Azure's own, those of peerings and gateways, and what the user's routes put in their place. */
export function effectiveRoutes(simulation: Simulation, machine: Machine): Json {
  const network = networkOf(simulation, machine.network);
  const own = network?.routes ?? [];
  const replaced = (prefix: string) => own.some((one) => one.prefix === prefix);
  const system = (prefix: string, nextHopType: string) => ({ name: null, source: "Default", state: replaced(prefix) ? "Invalid" : "Active", addressPrefix: [prefix], nextHopIpAddress: [], nextHopType, disableBgpRoutePropagation: false });
  const joined = reachableNetworks(simulation, machine).slice(1).flatMap((id) => networkOf(simulation, id) ?? []);
  return {
    value: [
      ...(network === undefined ? [] : [system(network.prefix, "VnetLocal")]),
      ...joined.map(({ prefix }) => system(prefix, "VNetPeering")),
      ...(network?.gateway === undefined ? [] : [{ ...system("10.0.0.0/8", "VirtualNetworkGateway"), source: "VirtualNetworkGateway" }]),
      ...(network?.privateEndpoints ?? []).map((_, index) => system(`${hostPart(network?.prefix ?? "", 200 + index)}/32`, "InterfaceEndpoint")),
      ...(network?.learned ?? []).map((one) => ({ ...system(one.prefix, one.via), source: "VirtualNetworkGateway", nextHopIpAddress: one.address === undefined ? [] : [one.address] })),
      system("0.0.0.0/0", "Internet"),
      ...own.map((one) => ({ name: one.name, source: "User", state: "Active", addressPrefix: [one.prefix], nextHopIpAddress: one.address === undefined ? [] : [one.address], nextHopType: one.via, disableBgpRoutePropagation: false })),
    ],
    nextLink: null,
  };
}

/** The security rules in force, Azure's own after the user's. */
export function effectiveRules(simulation: Simulation, machine: Machine): Json {
  const network = networkOf(simulation, machine.network);
  if (network === undefined) return { value: [] };
  const group = (called: string, of: Pick<Network, "rules">): readonly Json[] => {
    const rules = securityRuleAnswers(of).map(({ name, properties }) => ({ name: `securityRules/${String(name)}`, ...properties }));
    return rules.length === 0 ? [] : [{ networkSecurityGroup: { id: `${machine.network.split("/virtualnetworks/")[0] ?? ""}/networkSecurityGroups/${called}` }, association: {}, effectiveSecurityRules: [...rules, ...usual] }];
  };
  return { value: [...group(`nsg-${network.name}`, network), ...group(`nsg-${machine.name}`, machine.server ?? {})], nextLink: null };
}

/** Azure's own rules, which come after everybody's. */
const usual: readonly Json[] = [
  { name: "defaultSecurityRules/AllowVnetOutBound", direction: "Outbound", access: "Allow", priority: 65000, protocol: "All", sourcePortRange: "0-65535", destinationPortRange: "0-65535", sourceAddressPrefix: "VirtualNetwork", destinationAddressPrefix: "VirtualNetwork" },
  { name: "defaultSecurityRules/AllowInternetOutBound", direction: "Outbound", access: "Allow", priority: 65001, protocol: "All", sourcePortRange: "0-65535", destinationPortRange: "0-65535", sourceAddressPrefix: "0.0.0.0/0", destinationAddressPrefix: "Internet" },
  { name: "defaultSecurityRules/DenyAllOutBound", direction: "Outbound", access: "Deny", priority: 65500, protocol: "All", sourcePortRange: "0-65535", destinationPortRange: "0-65535", sourceAddressPrefix: "0.0.0.0/0", destinationAddressPrefix: "0.0.0.0/0" },
];

function hostPart(prefix: string, host: number): string {
  return prefix.split("/")[0]?.split(".").slice(0, 3).concat(String(host)).join(".") ?? "";
}
