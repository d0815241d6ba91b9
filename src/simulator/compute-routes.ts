import { armError, list, notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { bootDiagnosticsAnswer } from "./boot-diagnostics.ts";
import { same } from "./estate.ts";
import { allMachines, machineNamed } from "./machine.ts";
import { instanceView, machineAnswer } from "./machine-answer.ts";
import type { Machine } from "./machine.ts";
import { begin, operationResult, operationStatus } from "./operations.ts";
import { quotaRoutes } from "./quota-routes.ts";
import type { Route } from "./route.ts";
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

function agentNotReady({ name }: Machine): ArmAnswer {
  return armError(409, "OperationNotAllowed", `The operation requires the VM '${name}' to be running with a ready VM agent.`);
}
