import { list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Json } from "../runbooks/runbook.ts";
import { arcMachineNamed, machinePath } from "./machine.ts";
import type { Machine } from "./machine.ts";
import type { Route } from "./route.ts";
import { deleteCommand, getCommand, putCommand } from "./run-command.ts";
import type { Simulation } from "./simulation.ts";

const machines = "/subscriptions/:subscription/providers/Microsoft.HybridCompute/machines";
const machine = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.HybridCompute/machines/:machine";

/** Servers on premises as far as they are simulated: that they are there, and their run commands. */
export const arcRoutes: readonly Route[] = [
  ["GET", machines, (_, s) => list((s.estate.arcMachines ?? []).flatMap((one) => arcMachineNamed(s, one.resourceGroup, one.name) ?? []).map((one) => answerOf(s, one)))],
  ["GET", machine, onMachine((_, s, one) => ok(answerOf(s, one)))],
  ["PUT", `${machine}/runCommands/:command`, onMachine(putCommand)],
  ["GET", `${machine}/runCommands/:command`, onMachine((r, s, one) => getCommand(withView(r), s, one))],
  ["DELETE", `${machine}/runCommands/:command`, onMachine(deleteCommand)],
];

function onMachine(answer: (request: ArmRequest, simulation: Simulation, machine: Machine) => ArmAnswer): Route[2] {
  return (request, simulation) => {
    const { group = "", machine: name = "" } = request.names;
    const found = arcMachineNamed(simulation, group, name);
    return found === undefined ? notFound(`'Microsoft.HybridCompute/machines/${name}' under resource group '${group}'`) : answer(request, simulation, found);
  };
}

/** Arc gives the instance view without being asked for it. */
function withView(request: ArmRequest): ArmRequest {
  const url = new URL(request.url);
  url.searchParams.set("$expand", "instanceView");
  return { ...request, url };
}

function answerOf(simulation: Simulation, one: Machine): { readonly [key: string]: Json } {
  return {
    id: machinePath(simulation, one),
    name: one.name,
    type: "Microsoft.HybridCompute/machines",
    location: one.location,
    properties: { provisioningState: "Succeeded", status: "Connected", agentVersion: "1.50.02997.1788", osType: "windows", machineFqdn: `${one.name}.contoso.example`.toLowerCase() },
  };
}
