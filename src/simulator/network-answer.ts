import type { Json } from "../runbooks/runbook.ts";
import { groupPath, networkPath, same } from "./estate.ts";
import type { Estate, Network, Peering } from "./estate.ts";
import { guid } from "./guid.ts";

type Body = { readonly [key: string]: Json };

/** A virtual network with its subnets and peerings. */
export function networkAnswer(estate: Estate, network: Network): Body {
  const id = networkPath(estate, network);
  return {
    id,
    name: network.name,
    etag: `W/"${guid("etag", id)}"`,
    type: "Microsoft.Network/virtualNetworks",
    location: network.location,
    properties: {
      provisioningState: "Succeeded",
      resourceGuid: guid("network", id),
      addressSpace: { addressPrefixes: [network.prefix] },
      ...(network.dnsServers === undefined ? {} : { dhcpOptions: { dnsServers: [...network.dnsServers] } }),
      subnets: [subnetAnswer(estate, network), ...(network.gateway === undefined ? [] : [gatewaySubnet(id)])],
      virtualNetworkPeerings: [...(network.peerings ?? []), ...hubPeering(network)].map((one) => ({
        id: `${id}/virtualNetworkPeerings/${one.name}`,
        name: one.name,
        type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        properties: {
          provisioningState: "Succeeded",
          peeringState: one.state ?? "Connected",
          peeringSyncLevel: "FullyInSync",
          remoteVirtualNetwork: { id: networkIdByName(estate, one.to) },
          remoteAddressSpace: { addressPrefixes: estate.networks.filter(({ name }) => same(name, one.to)).map(({ prefix }) => prefix) },
          allowVirtualNetworkAccess: true,
          allowForwardedTraffic: false,
          allowGatewayTransit: one.gatewayTransit ?? false,
          useRemoteGateways: one.remoteGateways ?? false,
        },
      })),
      enableDdosProtection: false,
    },
  };
}

/** Everything that hangs on a network as a resource of its own: security group, routes, gateway, endpoints, NAT. */
export function networkBelongings(estate: Estate, network: Network): readonly Body[] {
  const one = (type: string, name: string, properties: Body): Body => ({ id: `${groupPath(estate, network.resourceGroup)}/providers/Microsoft.Network/${type}/${name}`, name, type: `Microsoft.Network/${type}`, location: network.location, properties: { provisioningState: "Succeeded", ...properties } });
  const subnet = { id: `${networkPath(estate, network)}/subnets/${network.subnet}` };
  return [
    ...(hasRules(network) ? [one("networkSecurityGroups", `nsg-${network.name}`, { securityRules: securityRuleAnswers(network), defaultSecurityRules: [], subnets: [subnet] })] : []),
    ...(network.routes === undefined ? [] : [one("routeTables", `rt-${network.name}`, { disableBgpRoutePropagation: false, routes: network.routes.map((route) => ({ name: route.name, properties: { provisioningState: "Succeeded", addressPrefix: route.prefix, nextHopType: route.via, ...(route.address === undefined ? {} : { nextHopIpAddress: route.address }) } })), subnets: [subnet] })]),
    ...(network.gateway === undefined ? [] : [one("virtualNetworkGateways", network.gateway.name, { gatewayType: network.gateway.type, vpnType: "RouteBased", ipConfigurations: [{ name: "default", properties: { subnet: { id: `${networkPath(estate, network)}/subnets/GatewaySubnet` } } }] })]),
    ...(network.privateEndpoints ?? []).map((endpoint) => one("privateEndpoints", endpoint.name, { subnet, privateLinkServiceConnections: [{ name: endpoint.name, properties: { privateLinkServiceId: endpoint.to, groupIds: [], privateLinkServiceConnectionState: { status: "Approved", description: "", actionsRequired: "None" } } }], customDnsConfigs: [] })),
    ...(network.natGateway === undefined ? [] : [one("natGateways", network.natGateway, { idleTimeoutInMinutes: 4, subnets: [subnet] })]),
  ];
}

/** The user's security rules as a security group has them. */
export function securityRuleAnswers(network: Pick<Network, "rules">): readonly { readonly name: string; readonly properties: Body }[] {
  return (network.rules ?? []).map((rule) => ({
    name: rule.name,
    properties: {
      provisioningState: "Succeeded",
      direction: rule.direction,
      access: rule.access,
      priority: rule.priority,
      protocol: rule.protocol ?? "*",
      sourcePortRange: "*",
      destinationPortRange: rule.ports ?? "*",
      sourceAddressPrefix: rule.from ?? "*",
      destinationAddressPrefix: rule.to,
    },
  }));
}

function subnetAnswer(estate: Estate, network: Network): Body {
  const own = (type: string, name: string) => ({ id: `${groupPath(estate, network.resourceGroup)}/providers/Microsoft.Network/${type}/${name}` });
  return {
    id: `${networkPath(estate, network)}/subnets/${network.subnet}`,
    name: network.subnet,
    type: "Microsoft.Network/virtualNetworks/subnets",
    properties: {
      provisioningState: "Succeeded",
      addressPrefix: network.prefix,
      ...(hasRules(network) ? { networkSecurityGroup: own("networkSecurityGroups", `nsg-${network.name}`) } : {}),
      ...(network.routes === undefined ? {} : { routeTable: own("routeTables", `rt-${network.name}`) }),
      ...(network.natGateway === undefined ? {} : { natGateway: own("natGateways", network.natGateway) }),
      ...(network.defaultOutbound === undefined ? {} : { defaultOutboundAccess: network.defaultOutbound }),
      serviceEndpoints: (network.serviceEndpoints ?? []).map((service) => ({ service, locations: ["*"], provisioningState: "Succeeded" })),
      privateEndpoints: (network.privateEndpoints ?? []).map(({ name }) => own("privateEndpoints", name)),
      delegations: [],
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    },
  };
}

/** A hub stands in a network of Azure's own, and its connection shows as a peering to that. */
function hubPeering({ hub, name }: Network): readonly Peering[] {
  if (hub === undefined) return [];
  return [{ name: `RemoteVnetToHubPeering_${guid("hub", hub, name)}`, to: `/subscriptions/${guid("hub-subscription")}/resourceGroups/RG_${hub}/providers/Microsoft.Network/virtualNetworks/HV_${hub}_${guid("hub", hub)}`, remoteGateways: true }];
}

/** Private zones, and the networks that they answer in. */
export function privateZoneBodies(estate: Estate): readonly Body[] {
  return (estate.privateZones ?? []).flatMap((zone) => {
    const id = `${groupPath(estate, zone.resourceGroup)}/providers/Microsoft.Network/privateDnsZones/${zone.name}`;
    return [
      { id, name: zone.name, type: "Microsoft.Network/privateDnsZones", location: "global", properties: { provisioningState: "Succeeded", numberOfVirtualNetworkLinks: zone.networks.length } },
      ...zone.networks.map((network) => ({ id: `${id}/virtualNetworkLinks/${network}`, name: network, type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", location: "global", properties: { provisioningState: "Succeeded", virtualNetworkLinkState: "Completed", registrationEnabled: zone.registers?.includes(network) ?? false, virtualNetwork: { id: networkIdByName(estate, network) } } })),
    ];
  });
}

function gatewaySubnet(network: string): Body {
  return { id: `${network}/subnets/GatewaySubnet`, name: "GatewaySubnet", type: "Microsoft.Network/virtualNetworks/subnets", properties: { provisioningState: "Succeeded", addressPrefix: "10.255.255.0/27", serviceEndpoints: [], delegations: [] } };
}

function networkIdByName(estate: Estate, name: string): string {
  const found = estate.networks.find((one) => same(one.name, name));
  return found === undefined ? name : networkPath(estate, found);
}

function hasRules({ rules }: Network): boolean {
  return rules !== undefined && rules.length > 0;
}
