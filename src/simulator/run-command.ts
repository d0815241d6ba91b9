import type { Json } from "../runbooks/runbook.ts";
import { armError, at, list, notFound, ok, textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { machinePath } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { operationHeaders } from "./operations.ts";
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
    machine: machine.life,
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
  return { status: 201, body: commandAnswer(simulation, machine, command, false), headers: operationHeaders(simulation, "Microsoft.Compute", machine.location, command.id) };
}

/** A run command as it stands; its outcome only with `$expand=instanceView`, as in life. */
export function getCommand(request: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  const command = find(request, simulation, machine);
  if (command === undefined) return notFound(`'runCommands/${request.names.command}'`);
  // After a restart nobody is playing it any more.
  if (command.result === null) play(simulation, machine, command);
  return ok(commandAnswer(simulation, machine, command, request.url.searchParams.get("$expand") === "instanceView"));
}

/** The machine's run commands that were not deleted, without their outcomes, as in life. */
export function listCommands(_: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  return list(simulation.world.commands.filter((one) => one.machine === machine.life && one.deletedAt === null).map((one) => commandAnswer(simulation, machine, one, false)));
}

/** 204 when there is none, so that a deletion can be repeated. */
export function deleteCommand(request: ArmRequest, simulation: Simulation, machine: Machine): ArmAnswer {
  const command = find(request, simulation, machine);
  if (command === undefined) return { status: 204 };
  simulation.change({ type: "command.deleted", id: command.id, at: nowOf(simulation) });
  return { status: 202, headers: operationHeaders(simulation, "Microsoft.Compute", machine.location, command.id) };
}

/** The asynchronous operation of a run command, by the command's own id; null when there is none. */
export function commandOperation(request: ArmRequest, simulation: Simulation): ArmAnswer | null {
  const command = simulation.world.commands.findLast((one) => one.id === request.names.operation);
  if (command === undefined) return null;
  const over = command.deletedAt !== null || isOver(simulation, command);
  // The result of a finished command is read from the command itself.
  if (request.names.result === "operationResults") return over ? { status: 200 } : { status: 202, headers: operationHeaders(simulation, "Microsoft.Compute", request.names.location ?? "", command.id) };
  return ok({ name: command.id, status: over ? "Succeeded" : "InProgress", startTime: new Date(command.startedAt).toISOString() });
}

const playing = new WeakMap<Simulation, Set<string>>();

function play(simulation: Simulation, machine: Machine, command: CommandRecord): void {
  const ids = playing.get(simulation) ?? new Set<string>();
  playing.set(simulation, ids);
  if (ids.has(command.id)) return;
  ids.add(command.id);
  void simulation
    .during(() => runScript(simulation, machine, command))
    .then((result) => simulation.change({ type: "command.ended", id: command.id, result }))
    // The simulator was closed meanwhile: its successor plays the command again.
    .catch(() => ids.delete(command.id));
}

function find(request: ArmRequest, simulation: Simulation, { life }: Machine): CommandRecord | undefined {
  const name = (request.names.command ?? "").toLowerCase();
  return simulation.world.commands.findLast((one) => one.machine === life && one.name.toLowerCase() === name && one.deletedAt === null);
}

function isOver(simulation: Simulation, command: CommandRecord): boolean {
  return command.result !== null && nowOf(simulation) >= command.startedAt + (agentSeconds * 1000) / command.pace;
}

function commandAnswer(simulation: Simulation, machine: Machine, command: CommandRecord, withView: boolean): Json {
  const over = isOver(simulation, command);
  return {
    id: `${machinePath(simulation, machine)}/runCommands/${command.name}`,
    name: command.name,
    type: `${machinePath(simulation, machine).split("/").slice(6, 8).join("/")}/runCommands`,
    location: machine.location,
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

function parametersOf(json: Json | undefined): CommandRecord["parameters"] {
  const entries: readonly Json[] = Array.isArray(json) ? json : [];
  return entries.map((one) => ({ name: textAt(one, "name"), value: textAt(one, "value") }));
}
