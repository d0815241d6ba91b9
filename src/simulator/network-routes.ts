import { applicationGatewayHealth, loadBalancerHealth } from "./balancer-health.ts";
import { armError, list, notFound } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { same } from "./estate.ts";
import type { Machine } from "./machine.ts";
import { effectiveRoutes, effectiveRules, machineOfInterface } from "./network-interface.ts";
import { begin, operationResult, operationStatus } from "./operations.ts";
import { allResources } from "./resources.ts";
import type { Route } from "./route.ts";
import type { Simulation } from "./simulation.ts";

const network = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Network";
const location = "/subscriptions/:subscription/providers/Microsoft.Network/locations/:location";

/** What Network computes on request, each as an operation; resources themselves are read as any resource is. */
export const networkRoutes: readonly Route[] = [
  ["POST", `${network}/networkInterfaces/:interface/effectiveRouteTable`, onInterface((s, machine) => begin(s, "Microsoft.Network", machine.location, 4, effectiveRoutes(s, machine)).answer)],
  ["POST", `${network}/networkInterfaces/:interface/effectiveNetworkSecurityGroups`, onInterface((s, machine) => begin(s, "Microsoft.Network", machine.location, 4, effectiveRules(s, machine)).answer)],
  ["POST", `${network}/loadBalancers/:balancer/loadBalancingRules/:rule/health`, (r, s) => healthOfRule(r, s)],
  ["POST", `${network}/applicationGateways/:gateway/backendhealth`, (r, s) => healthOfGateway(r, s)],
  ["GET", `${network}/privateDnsZones/:zone/virtualNetworkLinks`, ({ url }, s) => list(allResources(s).filter(({ id }) => id.toLowerCase().startsWith(`${decodeURIComponent(url.pathname).toLowerCase()}/`)))],
  ["GET", `${network}/virtualNetworkGateways/:gateway/connections`, () => list([])],
  ["GET", `${location}/operations/:operation`, (r, s) => operationStatus(r, s) ?? notFound(`'operations/${r.names.operation}'`)],
  ["GET", `${location}/operationResults/:operation`, operationResult("Microsoft.Network")],
];

function onInterface(answer: (simulation: Simulation, machine: Machine) => ArmAnswer): Route[2] {
  return ({ names }, simulation) => {
    const machine = machineOfInterface(simulation, names.group ?? "", names.interface ?? "");
    if (machine === undefined) return notFound(`'Microsoft.Network/networkInterfaces/${names.interface}'`);
    if (machine.power !== "running") return armError(400, "NetworkInterfaceVmNotRunning", `The network interface ${names.interface} must be attached to a running virtual machine.`);
    return answer(simulation, machine);
  };
}

function healthOfRule({ names }: ArmRequest, simulation: Simulation): ArmAnswer {
  const balancer = (simulation.estate.loadBalancers ?? []).find((one) => same(one.name, names.balancer) && same(one.resourceGroup, names.group));
  const rule = balancer?.rules.find((one) => same(one.name, names.rule));
  if (balancer === undefined || rule === undefined) return notFound(`'loadBalancers/${names.balancer}/loadBalancingRules/${names.rule}'`);
  return begin(simulation, "Microsoft.Network", balancer.location, 5, loadBalancerHealth(simulation, rule)).answer;
}

function healthOfGateway({ names }: ArmRequest, simulation: Simulation): ArmAnswer {
  const gateway = (simulation.estate.applicationGateways ?? []).find((one) => same(one.name, names.gateway) && same(one.resourceGroup, names.group));
  if (gateway === undefined) return notFound(`'Microsoft.Network/applicationGateways/${names.gateway}'`);
  return begin(simulation, "Microsoft.Network", gateway.location, 8, applicationGatewayHealth(simulation, gateway)).answer;
}
