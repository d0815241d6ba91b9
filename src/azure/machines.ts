import type { InstanceViewStatus, VirtualMachineRunCommandInstanceView } from "@azure/arm-compute";
import { isRestError } from "@azure/core-rest-pipeline";
import type { Machine, MachineReader, MachineWriter, PowerState, RunCommand } from "../actions/compute-ports.ts";
import type { Look } from "../drills/ports.ts";
import { parseMachineId } from "./arm-id.ts";
import { withoutSecrets } from "./azure-answer.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { moment } from "./moment.ts";
import { sendOne, tagHeader } from "./write.ts";

const powers: readonly string[] = ["running", "starting", "stopping", "stopped", "deallocating", "deallocated"];
const finished = new Set(["Succeeded", "Failed", "TimedOut", "Canceled"]);

/** Reads virtual machines and the scripts they were given, through the official SDK. */
export function machineReader(connection: Connection): MachineReader {
  return {
    machine: (id, look) =>
      asked(look, `machine ${id}`, async () => {
        const { subscription, resourceGroup, machine } = parseMachineId(id);
        const vm = await (await connection.compute(subscription)).virtualMachines.get(resourceGroup, machine, { expand: "instanceView", abortSignal: look.signal });
        return seen(id, vm.name ?? machine, vm.location, vm.instanceView?.statuses ?? [], vm.instanceView?.vmAgent?.statuses ?? []);
      }),
    command: (id, name, look) =>
      asked(look, `script ${name} on ${id}`, async () => {
        const { subscription, resourceGroup, machine } = parseMachineId(id);
        try {
          const { instanceView } = await (await connection.compute(subscription)).virtualMachineRunCommands.getByVirtualMachine(resourceGroup, machine, name, { expand: "instanceView", abortSignal: look.signal });
          return commandOf(instanceView);
        } catch (thrown) {
          if (isRestError(thrown) && thrown.statusCode === 404) return null;
          throw thrown;
        }
      }),
    removeCommand: (id, name, look) =>
      reading(look, async () => {
        const { subscription, resourceGroup, machine } = parseMachineId(id);
        try {
          await (await connection.computeWriter(subscription)).virtualMachineRunCommands.delete(resourceGroup, machine, name, { abortSignal: look.signal }).submitted();
          return true;
        } catch {
          return false;
        }
      }),
  };
}

/** Starts, stops and scripts virtual machines, one request a call. Nothing here waits: what happened is read from the machine. */
export function machineWriter(connection: Connection): MachineWriter {
  return {
    async power(id, what, send) {
      const { subscription, resourceGroup, machine } = parseMachineId(id);
      const { virtualMachines } = await connection.machineWriter(subscription);
      return sendOne(send, `the ${words[what]} of ${machine}`, () => virtualMachines[what](resourceGroup, machine, { abortSignal: send.signal, requestOptions: { headers: tagHeader(send) } }).submitted());
    },
    async runScript(id, { name, location, text, parameters, timeoutSeconds }, send) {
      const { subscription, resourceGroup, machine } = parseMachineId(id);
      // Values travel beside the script, never inside it: nothing that was typed can become code.
      const body = { location, source: { script: text }, parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, value })), timeoutInSeconds: timeoutSeconds, asyncExecution: false };
      const { virtualMachineRunCommands } = await connection.machineWriter(subscription);
      return sendOne(send, `the script on ${machine}`, () => virtualMachineRunCommands.createOrUpdate(resourceGroup, machine, name, body, { abortSignal: send.signal, requestOptions: { headers: tagHeader(send) } }).submitted());
    },
  };
}

const words = { start: "start", restart: "restart", powerOff: "stop", deallocate: "stop" } as const;

async function asked<T>(look: Look, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await reading(look, work);
  } catch (thrown) {
    throw readFailure(thrown, what);
  }
}

function seen(id: string, name: string, location: string, statuses: readonly InstanceViewStatus[], agent: readonly InstanceViewStatus[]): Machine {
  const coded = (prefix: string) => statuses.find(({ code }) => code?.toLowerCase().startsWith(prefix));
  const provisioning = coded("provisioningstate/");
  const words = provisioning?.code?.split("/")[1]?.toLowerCase() ?? "";
  const power = coded("powerstate/")?.code?.split("/")[1]?.toLowerCase() ?? "";
  return {
    id,
    name,
    location,
    power: powers.includes(power) ? (power as PowerState) : "unknown",
    provisioning: words === "succeeded" || words === "updating" || words === "failed" ? words : "unknown",
    provisionedAt: moment(provisioning?.time),
    agentReady: agent.some(({ displayStatus }) => displayStatus === "Ready"),
    message: words === "failed" ? withoutSecrets(provisioning?.message ?? "") : "",
  };
}

function commandOf(view: VirtualMachineRunCommandInstanceView | undefined): RunCommand {
  const state = view?.executionState ?? "Pending";
  const ended = finished.has(state);
  return {
    ended,
    state,
    exitCode: ended ? (view?.exitCode ?? null) : null,
    output: withoutSecrets(view?.output ?? ""),
    error: withoutSecrets([view?.error ?? "", ended && state !== "Succeeded" ? (view?.executionMessage ?? "") : ""].filter((text) => text !== "").join("\n")),
  };
}
