import type { Json } from "../runbooks/runbook.ts";
import { armError, list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { bootDiagnosticsAnswer } from "./boot-diagnostics.ts";
import { same } from "./estate.ts";
import { guid } from "./guid.ts";
import { allMachines, machineNamed, machinePath } from "./machine.ts";
import type { Machine, PowerState } from "./machine.ts";
import { interfacePath } from "./network-interface.ts";
import { begin, operationResult, operationStatus } from "./operations.ts";
import { quotaRoutes } from "./quota-routes.ts";
import type { Route } from "./router.ts";
import { commandOperation, deleteCommand, getCommand, listCommands, putCommand } from "./run-command.ts";
import type { Simulation } from "./simulation.ts";
import type { PowerRecord } from "./world.ts";

const machines = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/virtualMachines";
const machine = `${machines}/:machine`;
const location = "/subscriptions/:subscription/providers/Microsoft.Compute/locations/:location";

/** Compute as far as it is simulated: machines and their power, boot diagnostics, managed run commands, quota. */
export const computeRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Compute/virtualMachines", (_, s) => list(allMachines(s).map((one) => machineAnswer(s, one, false)))],
  ["GET", machines, (r, s) => list(allMachines(s).filter((one) => same(one.group, r.names.group)).map((one) => machineAnswer(s, one, false)))],
  ["GET", machine, onMachine((r, s, one) => ok(machineAnswer(s, one, r.url.searchParams.get("$expand") === "instanceView")))],
  ["GET", `${machine}/instanceView`, onMachine((_, __, one) => ok(instanceView(one)))],
  ["POST", `${machine}/start`, onMachine((_, s, one) => power(s, one, "start", 30))],
  ["POST", `${machine}/restart`, onMachine((_, s, one) => power(s, one, "restart", 45))],
  ["POST", `${machine}/deallocate`, onMachine((_, s, one) => power(s, one, "deallocate", 40))],
  ["POST", `${machine}/powerOff`, onMachine((_, s, one) => power(s, one, "powerOff", 25))],
  ["POST", `${machine}/retrieveBootDiagnosticsData`, onMachine((_, s, one) => ok(bootDiagnosticsAnswer(s, one)))],
  ["GET", `${machine}/runCommands`, onMachine(listCommands)],
  ["PUT", `${machine}/runCommands/:command`, onMachine((r, s, one) => (one.ready ? putCommand(r, s, one) : agentNotReady(one)))],
  ["GET", `${machine}/runCommands/:command`, onMachine(getCommand)],
  ["DELETE", `${machine}/runCommands/:command`, onMachine(deleteCommand)],
  ["GET", `${location}/operations/:operation`, (r, s) => commandOperation(r, s) ?? operationStatus(r, s) ?? notFound(`'operations/${r.names.operation}'`)],
  ["GET", `${location}/operationResults/:operation`, (r, s) => commandOperation({ ...r, names: { ...r.names, result: "operationResults" } }, s) ?? operationResult("Microsoft.Compute")(r, s)],
  ...quotaRoutes,
];

function onMachine(answer: (request: ArmRequest, simulation: Simulation, machine: Machine) => ArmAnswer): Route[2] {
  return (request, simulation) => {
    const { group = "", machine: name = "" } = request.names;
    const found = machineNamed(simulation, group, name);
    return found === undefined ? notFound(`'Microsoft.Compute/virtualMachines/${name}' under resource group '${group}'`) : answer(request, simulation, found);
  };
}

function power(simulation: Simulation, one: Machine, asked: PowerRecord["asked"], seconds: number): ArmAnswer {
  if (one.power.endsWith("ing") && one.power !== "running") {
    return armError(409, "Conflict", `The request failed due to conflict with a concurrent request on '${one.name}', which is ${one.power}.`);
  }
  const { answer, operation } = begin(simulation, "Microsoft.Compute", one.location, seconds, null);
  simulation.change({ type: "power.asked", power: { machine: one.life, asked, at: operation.startedAt, endsAt: operation.endsAt } });
  return answer;
}

/** A machine as Compute answers it. */
export function machineAnswer(simulation: Simulation, one: Machine, withView: boolean): { readonly [key: string]: Json } {
  return {
    id: machinePath(simulation, one),
    name: one.name,
    type: "Microsoft.Compute/virtualMachines",
    location: one.location,
    tags: one.test ? { "hidden-asr": "test-failover" } : {},
    properties: {
      vmId: guid("vm", one.life),
      provisioningState: "Succeeded",
      hardwareProfile: { vmSize: one.size },
      storageProfile: { osDisk: { osType: "Windows", createOption: "Attach", name: `${one.name}-os` }, dataDisks: [] },
      networkProfile: { networkInterfaces: [{ id: interfacePath(simulation, one), properties: { primary: true } }] },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      ...(withView ? { instanceView: instanceView(one) } : {}),
    },
  };
}

const powerWords: Readonly<Record<PowerState, string>> = {
  starting: "VM starting",
  running: "VM running",
  stopping: "VM stopping",
  stopped: "VM stopped",
  deallocating: "VM deallocating",
  deallocated: "VM deallocated",
};

function instanceView({ name, server, power: state, ready }: Machine): Json {
  const agent = ready ? { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Ready", message: "GuestAgent is running and processing the extensions." } : { code: "ProvisioningState/Unavailable", level: "Warning", displayStatus: "Not Ready", message: "VM status blob is found but not yet populated." };
  return {
    computerName: server?.name ?? name,
    osName: "Windows Server 2022 Datacenter",
    osVersion: "10.0.20348.2849",
    vmAgent: { vmAgentVersion: ready ? "2.7.41491.1172" : "Unknown", statuses: [agent], extensionHandlers: [] },
    bootDiagnostics: {},
    extensions: [],
    statuses: [
      { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded" },
      { code: `PowerState/${state}`, level: "Info", displayStatus: powerWords[state] },
    ],
  };
}

function agentNotReady({ name }: Machine): ArmAnswer {
  return armError(409, "OperationNotAllowed", `The operation requires the VM '${name}' to be running with a ready VM agent.`);
}
