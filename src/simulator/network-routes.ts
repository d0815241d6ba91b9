import type { Json } from "../runbooks/runbook.ts";
import { list, notFound, ok } from "./arm-answer.ts";
import { networkPath } from "./estate.ts";
import type { Estate, Network } from "./estate.ts";
import type { Route } from "./router.ts";

const networks = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Network/virtualNetworks";

/** Virtual networks, which have neither peerings nor gateways: nothing leads out of them. */
export const networkRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Network/virtualNetworks", (_, s) => list(s.estate.networks.map((one) => networkAnswer(s.estate, one)))],
  ["GET", networks, (r, s) => list(s.estate.networks.filter((one) => same(one.resourceGroup, r.names.group)).map((one) => networkAnswer(s.estate, one)))],
  [
    "GET",
    `${networks}/:network`,
    (r, s) => {
      const found = s.estate.networks.find((one) => same(one.resourceGroup, r.names.group) && same(one.name, r.names.network));
      return found === undefined ? notFound(`'Microsoft.Network/virtualNetworks/${r.names.network}'`) : ok(networkAnswer(s.estate, found));
    },
  ],
];

function networkAnswer(estate: Estate, network: Network): Json {
  const id = networkPath(estate, network);
  return {
    id,
    name: network.name,
    type: "Microsoft.Network/virtualNetworks",
    location: network.location,
    properties: {
      provisioningState: "Succeeded",
      addressSpace: { addressPrefixes: [network.prefix] },
      subnets: [{ id: `${id}/subnets/${network.subnet}`, name: network.subnet, properties: { addressPrefix: network.prefix, provisioningState: "Succeeded" } }],
      virtualNetworkPeerings: [],
    },
  };
}

function same(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === (other ?? "").toLowerCase();
}
