import type { Json } from "../runbooks/runbook.ts";
import { armError, at, notFound, ok, textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Machine } from "./machine.ts";
import { recoveryGroupPath, testServerName } from "./estate.ts";
import { runScript } from "./run-script.ts";
import { newId, nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { CommandRecord } from "./world.ts";

// An agent needs this long to fetch a script, run it and report, in simulated seconds.
const agentSeconds = 20;

/** Makes a managed run command: it begins at once, and its state is read from the command itself. */
export function putCommand(request: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  const source = textAt(request.body, "properties", "source", "script");
  if (source === "") return armError(400, "InvalidParameter", "The simulator runs inline scripts only: properties.source.script is empty.");
  const timeout = at(request.body, "properties", "timeoutInSeconds");
  const command: CommandRecord = {
    id: newId(simulation, "command"),
    vault: machine.vault.name,
    server: machine.server.name,
    name: request.names.command ?? "",
    script: source,
    parameters: parametersOf(at(request.body, "properties", "parameters")),
    timeoutSeconds: typeof timeout === "number" ? timeout : 3600,
    startedAt: nowOf(simulation),
    pace: simulation.pace,
    result: null,
    deletedAt: null,
  };
  simulation.change({ type: "command.put", command });
  play(simulation, machine, command);
  return { status: 201, body: commandAnswer(simulation, machine, command, false), headers: operationHeaders(simulation, machine, command.id) };
}

/** A run command as it stands; its outcome only with `$expand=instanceView`, as in life. */
export function getCommand(request: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  const command = find(request, simulation, machine);
  if (command === undefined) return notFound(`'runCommands/${request.names.command}'`);
  // After a restart nobody is playing it any more.
  if (command.result === null) play(simulation, machine, command);
  return ok(commandAnswer(simulation, machine, command, request.url.searchParams.get("$expand") === "instanceView"));
}

export function deleteCommand(request: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  const command = find(request, simulation, machine);
  if (command === undefined) return { status: 204 };
  simulation.change({ type: "command.deleted", id: command.id, at: nowOf(simulation) });
  return { status: 202, headers: operationHeaders(simulation, machine, command.id) };
}

/** The asynchronous operation of a run command, by the command's own id. */
export function operation(request: ArmRequest, simulation: Simulation): ArmAnswer {
  const command = simulation.world.commands.find((one) => one.id === request.names.operation);
  if (command === undefined) return notFound(`'operations/${request.names.operation}'`);
  const over = command.deletedAt !== null || isOver(simulation, command);
  return ok({ name: command.id, status: over ? "Succeeded" : "InProgress", startTime: new Date(command.startedAt).toISOString() });
}

const playing = new WeakMap<Simulation, Set<string>>();

function play(simulation: Simulation, machine: Machine, command: CommandRecord): void {
  const ids = playing.get(simulation) ?? new Set<string>();
  playing.set(simulation, ids);
  if (ids.has(command.id)) return;
  ids.add(command.id);
  void runScript(simulation, machine.vault, command)
    .then((result) => simulation.change({ type: "command.ended", id: command.id, result }))
    // The simulator was closed meanwhile: its successor plays the command again.
    .catch(() => ids.delete(command.id));
}

function find(request: ArmRequest, simulation: Simulation, { vault, server }: Machine): CommandRecord | undefined {
  const name = (request.names.command ?? "").toLowerCase();
  return simulation.world.commands.findLast((one) => one.vault === vault.name && one.server === server.name && one.name.toLowerCase() === name && one.deletedAt === null);
}

function isOver(simulation: Simulation, command: CommandRecord): boolean {
  return command.result !== null && nowOf(simulation) >= command.startedAt + (agentSeconds * 1000) / command.pace;
}

function commandAnswer(simulation: Simulation, { vault, server }: Machine, command: CommandRecord, withView: boolean): Json {
  const over = isOver(simulation, command);
  return {
    id: `${recoveryGroupPath(simulation.estate, vault)}/providers/Microsoft.Compute/virtualMachines/${testServerName(server)}/runCommands/${command.name}`,
    name: command.name,
    type: "Microsoft.Compute/virtualMachines/runCommands",
    location: vault.recoveryLocation,
    properties: {
      source: { script: command.script },
      parameters: command.parameters,
      asyncExecution: false,
      timeoutInSeconds: command.timeoutSeconds,
      provisioningState: over ? "Succeeded" : "Creating",
      ...(withView ? { instanceView: view(command, over) } : {}),
    },
  };
}

function view({ result, startedAt }: CommandRecord, over: boolean): Json {
  const startTime = new Date(startedAt).toISOString();
  if (!over || result === null) return { executionState: "Running", executionMessage: "Execution in progress", exitCode: 0, output: "", error: "", startTime };
  return {
    executionState: result.exitCode === 0 ? "Succeeded" : "Failed",
    executionMessage: result.exitCode === 0 ? "Execution completed" : "Execution failed",
    exitCode: result.exitCode,
    output: result.output,
    error: result.error,
    startTime,
    endTime: new Date(result.endedAt).toISOString(),
    statuses: [],
  };
}

function operationHeaders(simulation: Simulation, { vault }: Machine, id: string) {
  const path = `/subscriptions/${simulation.estate.subscription}/providers/Microsoft.Compute/locations/${vault.recoveryLocation}/operations/${id}?api-version=2026-04-01`;
  return { "Azure-AsyncOperation": `https://management.azure.com${path}`, Location: `https://management.azure.com${path}&monitor=true` };
}

function parametersOf(json: Json | undefined): CommandRecord["parameters"] {
  const entries: readonly Json[] = Array.isArray(json) ? json : [];
  return entries.map((one) => ({ name: textAt(one, "name"), value: textAt(one, "value") }));
}
