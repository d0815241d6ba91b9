import type { Json } from "../runbooks/runbook.ts";
import { armError, list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { recoveryGroupPath, testServerName } from "./estate.ts";
import { guid } from "./guid.ts";
import type { Route } from "./router.ts";
import { deleteCommand, getCommand, operation, putCommand } from "./run-command.ts";
import type { Machine } from "./machine.ts";
import { stateOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";

const machines = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/virtualMachines";

/** Compute as far as it is simulated: test servers, and managed run commands on them. */
export const computeRoutes: readonly Route[] = [
  ["GET", machines, (r, s) => list(machinesOf(s, r.names.group ?? "").map((one) => machineAnswer(s, one, false)))],
  ["GET", `${machines}/:machine`, onMachine((r, s, machine) => ok(machineAnswer(s, machine, r.url.searchParams.get("$expand") === "instanceView")))],
  ["GET", `${machines}/:machine/instanceView`, onMachine((_, __, machine) => ok(instanceView(machine)))],
  ["PUT", `${machines}/:machine/runCommands/:command`, onMachine((r, s, machine) => (machine.started ? putCommand(r, s, machine) : agentNotReady(machine)))],
  ["GET", `${machines}/:machine/runCommands/:command`, onMachine(getCommand)],
  ["DELETE", `${machines}/:machine/runCommands/:command`, onMachine(deleteCommand)],
  ["GET", "/subscriptions/:subscription/providers/Microsoft.Compute/locations/:location/operations/:operation", operation],
];

function onMachine(answer: (request: ArmRequest, simulation: Simulation, machine: Machine) => ArmAnswer): Route[2] {
  return (request, simulation) => {
    const { group = "", machine: name = "" } = request.names;
    const found = machinesOf(simulation, group).find(({ server }) => testServerName(server).toLowerCase() === name.toLowerCase());
    return found === undefined ? notFound(`'Microsoft.Compute/virtualMachines/${name}' under resource group '${group}'`) : answer(request, simulation, found);
  };
}

function machinesOf(simulation: Simulation, group: string): readonly Machine[] {
  const vaults = simulation.estate.vaults.filter((vault) => vault.recoveryResourceGroup.toLowerCase() === group.toLowerCase());
  return vaults.flatMap((vault) =>
    vault.servers.flatMap((server) => {
      const { machine } = stateOf(simulation, vault, server);
      return machine === "none" ? [] : [{ vault, server, started: machine === "running" }];
    }),
  );
}

function machineAnswer(simulation: Simulation, machine: Machine, withView: boolean): Json {
  const { vault, server } = machine;
  const name = testServerName(server);
  return {
    id: `${recoveryGroupPath(simulation.estate, vault)}/providers/Microsoft.Compute/virtualMachines/${name}`,
    name,
    type: "Microsoft.Compute/virtualMachines",
    location: vault.recoveryLocation,
    tags: { "hidden-asr": "test-failover" },
    properties: {
      vmId: guid("vm", vault.name, server.name),
      provisioningState: "Succeeded",
      hardwareProfile: { vmSize: server.size },
      storageProfile: { osDisk: { osType: "Windows", createOption: "Attach" } },
      ...(withView ? { instanceView: instanceView(machine) } : {}),
    },
  };
}

function instanceView({ server, started }: Machine): Json {
  const agent = started ? { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Ready" } : { code: "ProvisioningState/Unavailable", level: "Warning", displayStatus: "Not Ready" };
  return {
    computerName: server.name,
    osName: "Windows Server 2022 Datacenter",
    vmAgent: { vmAgentVersion: started ? "2.7.41491.1172" : "Unknown", statuses: [agent] },
    statuses: [
      { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded" },
      started ? { code: "PowerState/running", level: "Info", displayStatus: "VM running" } : { code: "PowerState/starting", level: "Info", displayStatus: "VM starting" },
    ],
  };
}

function agentNotReady({ server }: Machine): ArmAnswer {
  return armError(409, "OperationNotAllowed", `The operation requires the VM '${testServerName(server)}' to be running with a ready VM agent.`);
}
