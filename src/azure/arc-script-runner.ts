import { createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import type { HttpMethods } from "@azure/core-rest-pipeline";
import type { ScriptRunner } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { isArcMachineId, parseArcMachineId } from "./arm-id.ts";
import type { MachineId } from "./arm-id.ts";
import { withoutSecrets } from "./azure-answer.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import type { Sleep } from "./script-runner.ts";

type Script = Parameters<ScriptRunner["run"]>[1];
type Result = Awaited<ReturnType<ScriptRunner["run"]>>;
type Place = MachineId & { readonly command: string };

// The stable version of Microsoft.HybridCompute that has run commands; the SDK on offer is older and has none.
const apiVersion = "2025-01-13";
const agentAllowanceMs = 120_000;
const finished = new Set(["Succeeded", "Failed", "TimedOut", "Canceled"]);

/** Scripts go to Azure virtual machines one way and to Arc machines another; the id of the server tells. */
export function byKindOfServer(runners: { readonly azure: ScriptRunner; readonly arc: ScriptRunner }): ScriptRunner {
  return { run: async (server, script, look) => (isArcMachineId(server.id) ? runners.arc : runners.azure).run(server, script, look) };
}

/**
 * Runs a script on a server on premises through its Arc agent (1.33 or newer), by REST because the SDK knows no run
 * commands. The command is made, looked at until it ends, and deleted whatever happened.
 */
export function arcScriptRunner(connection: Connection, { pollMs, newId, sleep }: { readonly pollMs: number; readonly newId: () => string; readonly sleep: Sleep }): ScriptRunner {
  return {
    async run(server, script, look) {
      const machine = parseArcMachineId(server.id);
      const place: Place = { ...machine, command: `drillbook-${newId()}` };
      try {
        return await reading(look, async () => {
          try {
            await create(connection, place, script, look);
            return await result(connection, place, script, look, pollMs, sleep);
          } finally {
            await remove(connection, place);
          }
        });
      } catch (thrown) {
        throw readFailure(thrown, `the output of ${script.name} on ${server.name}`);
      }
    },
  };
}

async function create(connection: Connection, place: Place, script: Script, { signal }: Look): Promise<void> {
  const machine = await send(connection, "GET", place.subscription, machinePath(place), null, signal);
  const location = text(machine, "location");
  const parameters = Object.entries(script.parameters).map(([name, value]) => ({ name, value }));
  // Sent once: a repeated PUT could run the script twice. Its outcome is read from the command, not from the operation.
  await send(connection, "PUT", place.subscription, commandPath(place), {
    location,
    properties: { source: { script: script.text }, parameters, timeoutInSeconds: Math.max(1, Math.ceil(script.timeoutMs / 1000)) },
  }, signal);
}

async function result(connection: Connection, place: Place, script: Script, { signal }: Look, pollMs: number, sleep: Sleep): Promise<Result> {
  const giveUpAt = performance.now() + script.timeoutMs + agentAllowanceMs;
  for (;;) {
    const properties = part(await send(connection, "GET", place.subscription, commandPath(place), null, signal), "properties");
    const view = part(properties, "instanceView");
    const state = text(view, "executionState");
    if (finished.has(state)) {
      const exitCode = isRecord(view) && typeof view["exitCode"] === "number" ? view["exitCode"] : state === "Succeeded" ? 0 : 1;
      return { exitCode: state === "Succeeded" ? exitCode : exitCode || 1, output: text(view, "output"), error: withoutSecrets(text(view, "error") || (state === "Succeeded" ? "" : `${state}. ${text(view, "executionMessage")}`.trim())) };
    }
    if (text(properties, "provisioningState") === "Failed") throw neverRan(script, place, "Azure could not hand it to the server's Arc agent");
    if (performance.now() > giveUpAt) throw neverRan(script, place, "it did not end in time");
    await sleep(pollMs, signal);
  }
}

/** Deletes the command also after an abort, hence without the caller's signal. */
async function remove(connection: Connection, place: Place): Promise<void> {
  try {
    await send(connection, "DELETE", place.subscription, commandPath(place), null, AbortSignal.timeout(20_000));
  } catch {
    // The request is on record with its status; the script's result must not be lost to it.
  }
}

async function send(connection: Connection, method: HttpMethods, subscription: string, path: string, body: Json, abortSignal: AbortSignal): Promise<Json> {
  const client = method === "GET" ? connection.reader(subscription) : connection.once(subscription);
  const answer = await client.sendRequest(
    createPipelineRequest({ url: `${connection.endpoint}${path}?api-version=${apiVersion}`, method, abortSignal, ...(body === null ? {} : { body: JSON.stringify(body) }) }),
  );
  if (answer.status < 400) return bodyOf(answer.bodyAsText ?? "");
  throw new RestError(`Azure answered ${answer.status}`, { statusCode: answer.status, request: answer.request, response: answer });
}

function bodyOf(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function machinePath({ subscription, resourceGroup, machine }: MachineId): string {
  return `/subscriptions/${subscription}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.HybridCompute/machines/${encodeURIComponent(machine)}`;
}

function commandPath(place: Place): string {
  return `${machinePath(place)}/runCommands/${place.command}`;
}

function part(value: Json | undefined, key: string): Json {
  return isRecord(value) ? (value[key] ?? null) : null;
}

function text(value: Json | undefined, key: string): string {
  const found = part(value, key);
  return typeof found === "string" ? found : "";
}

function neverRan(script: Script, { machine }: Place, why: string): DrillbookError {
  return new DrillbookError("azure-unreachable", `Script ${script.name} on ${machine} gave no result: ${why}.`, "Check that the server is up and that its Arc agent is connected (azcmagent show).");
}
