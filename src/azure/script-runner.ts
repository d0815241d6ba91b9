import type { ComputeManagementClient } from "@azure/arm-compute";
import type { ScriptRunner } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { parseMachineId } from "./arm-id.ts";
import type { MachineId } from "./arm-id.ts";
import { withoutSecrets } from "./azure-answer.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";

type Script = Parameters<ScriptRunner["run"]>[1];
type Result = Awaited<ReturnType<ScriptRunner["run"]>>;
type Pace = { readonly pollMs: number; readonly newId: () => string; readonly sleep: Sleep };
/** Waits; rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;
type Place = MachineId & { readonly command: string };

// The guest agent takes its time before a script begins and after it ended.
const agentAllowanceMs = 120_000;
const finished = new Set(["Succeeded", "Failed", "TimedOut", "Canceled"]);

/**
 * Runs a script by managed run command: the command is made on the server, looked at until it ends, and deleted whatever
 * happened. Parameters travel as data beside the script, never inside it.
 */
export function scriptRunner(connection: Connection, { pollMs, newId, sleep }: Pace): ScriptRunner {
  return {
    async run(server, script, look) {
      const machine = parseMachineId(server.id);
      const place: Place = { ...machine, command: `drillbook-${newId()}` };
      const what = `the output of ${script.name} on ${server.name}`;
      try {
        return await reading(look, async () => {
          try {
            await create(connection, place, script, look);
            return await result(await connection.compute(machine.subscription), place, script, look, pollMs, sleep);
          } finally {
            await remove(await connection.compute(machine.subscription), place);
          }
        });
      } catch (thrown) {
        throw readFailure(thrown, what);
      }
    },
  };
}

async function create(connection: Connection, place: Place, script: Script, { signal }: Look): Promise<void> {
  const { resourceGroup, machine, command } = place;
  const { location } = await (await connection.compute(place.subscription)).virtualMachines.get(resourceGroup, machine, { abortSignal: signal });
  const parameters = Object.entries(script.parameters).map(([name, value]) => ({ name, value }));
  // Sent once: a repeated PUT could run the script twice. Its outcome is read from the command, not from the poller.
  const poller = (await connection.computeWriter(place.subscription)).virtualMachineRunCommands.createOrUpdate(
    resourceGroup,
    machine,
    command,
    { location, source: { script: script.text }, parameters, timeoutInSeconds: Math.max(1, Math.ceil(script.timeoutMs / 1000)) },
    { abortSignal: signal },
  );
  await poller.submitted();
}

async function result(client: ComputeManagementClient, place: Place, script: Script, { signal }: Look, pollMs: number, sleep: Sleep): Promise<Result> {
  const giveUpAt = performance.now() + script.timeoutMs + agentAllowanceMs;
  for (;;) {
    const { instanceView, provisioningState } = await client.virtualMachineRunCommands.getByVirtualMachine(place.resourceGroup, place.machine, place.command, {
      expand: "instanceView",
      abortSignal: signal,
    });
    if (instanceView !== undefined && finished.has(instanceView.executionState ?? "")) {
      return {
        exitCode: instanceView.exitCode ?? (instanceView.executionState === "Succeeded" ? 0 : 1),
        output: instanceView.output ?? "",
        error: withoutSecrets(instanceView.error || (instanceView.executionState === "Succeeded" ? "" : `${instanceView.executionState}. ${instanceView.executionMessage ?? ""}`.trim())),
      };
    }
    if (provisioningState === "Failed") throw neverRan(script, place, "Azure could not hand it to the server's agent");
    if (performance.now() > giveUpAt) throw neverRan(script, place, "it did not end in time");
    await sleep(pollMs, signal);
  }
}

/** Deletes the command also after an abort, hence without the caller's signal; a leftover goes with the test server. */
async function remove(client: ComputeManagementClient, { resourceGroup, machine, command }: Place): Promise<void> {
  try {
    await client.virtualMachineRunCommands.delete(resourceGroup, machine, command).submitted();
  } catch {
    // The request is on record with its status; the script's result must not be lost to it.
  }
}

function neverRan(script: Script, { machine }: Place, why: string): DrillbookError {
  return new DrillbookError("azure-unreachable", `Script ${script.name} on ${machine} gave no result: ${why}.`, "Check that the server has started and that its Azure VM agent is ready.");
}
