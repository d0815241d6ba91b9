import type { Json } from "../runbooks/runbook.ts";
import { groupPath } from "./estate.ts";
import type { ApplicationGateway, Estate, LoadBalancer } from "./estate.ts";

type Body = { readonly [key: string]: Json };

/** Every load balancer of the estate as Azure lists it. */
export function loadBalancerBodies(estate: Estate): readonly Body[] {
  return (estate.loadBalancers ?? []).map((one) => loadBalancer(estate, one));
}

/** Every application gateway of the estate as Azure lists it. */
export function applicationGatewayBodies(estate: Estate): readonly Body[] {
  return (estate.applicationGateways ?? []).map((one) => applicationGateway(estate, one));
}

function loadBalancer(estate: Estate, { name, resourceGroup, location, rules }: LoadBalancer): Body {
  const id = `${groupPath(estate, resourceGroup)}/providers/Microsoft.Network/loadBalancers/${name}`;
  const part = (kind: string, part: string, properties: Body): Body => ({ id: `${id}/${kind}/${part}`, name: part, type: `Microsoft.Network/loadBalancers/${kind}`, properties: { provisioningState: "Succeeded", ...properties } });
  return {
    id,
    name,
    type: "Microsoft.Network/loadBalancers",
    location,
    sku: { name: "Standard", tier: "Regional" },
    properties: {
      provisioningState: "Succeeded",
      frontendIPConfigurations: [part("frontendIPConfigurations", "frontend", { privateIPAllocationMethod: "Dynamic" })],
      backendAddressPools: rules.map((rule) => part("backendAddressPools", `pool-${rule.name}`, {})),
      probes: rules.map((rule) => part("probes", `probe-${rule.name}`, { protocol: rule.probe.protocol, port: rule.probe.port, intervalInSeconds: 5, numberOfProbes: 1, probeThreshold: 1, ...(rule.probe.path === undefined ? {} : { requestPath: rule.probe.path }) })),
      loadBalancingRules: rules.map((rule) => part("loadBalancingRules", rule.name, { protocol: "Tcp", frontendPort: rule.port, backendPort: rule.port, frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/frontend` }, backendAddressPool: { id: `${id}/backendAddressPools/pool-${rule.name}` }, probe: { id: `${id}/probes/probe-${rule.name}` } })),
    },
  };
}

function applicationGateway(estate: Estate, { name, resourceGroup, location, pools }: ApplicationGateway): Body {
  const id = `${groupPath(estate, resourceGroup)}/providers/Microsoft.Network/applicationGateways/${name}`;
  const part = (kind: string, part: string, properties: Body): Body => ({ id: `${id}/${kind}/${part}`, name: part, type: `Microsoft.Network/applicationGateways/${kind}`, properties: { provisioningState: "Succeeded", ...properties } });
  return {
    id,
    name,
    type: "Microsoft.Network/applicationGateways",
    location,
    properties: {
      provisioningState: "Succeeded",
      operationalState: "Running",
      backendAddressPools: pools.map((pool) => part("backendAddressPools", pool.name, { backendAddresses: [] })),
      backendHttpSettingsCollection: pools.map((pool) => part("backendHttpSettingsCollection", pool.settings, { port: pool.port, protocol: "Http", pickHostNameFromBackendAddress: pool.host === undefined, ...(pool.host === undefined ? {} : { hostName: pool.host }) })),
    },
  };
}
