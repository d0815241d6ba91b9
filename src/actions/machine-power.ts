import { z } from "zod";
import type { Preview } from "../drills/events.ts";
import type { Action, Look, Progress } from "../drills/ports.ts";
import { digestOf } from "../drills/digest.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { armGroup, armName } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { handleOf, machineId, machineIfAny, readHandle } from "./compute-parts.ts";
import type { ComputeParts } from "./compute-parts.ts";
import type { Machine, Power, PowerState } from "./compute-ports.ts";
import { defaultPollMs, defaultSettlingMs } from "./parts.ts";

/** A machine that has not come where it should within this time has failed. */
const patienceMs = 15 * 60_000;

export const machineInput = z.strictObject({ server: machineId });

/** The Azure operations that a change of power needs, reading included: preflight holds them against what the bot may do. */
export const powerPermissions = (operations: readonly string[]): readonly string[] => ["read", ...operations].map((name) => `Microsoft.Compute/virtualMachines/${name === "read" ? name : `${name}/action`}`);

/** What one change of a machine's power is, beside what all of them share. */
export type PowerOperation<Input extends { readonly server: string }> = {
  readonly facts: ActionFacts;
  readonly schema: z.ZodType<Input>;
  readonly power: (input: Input) => Power;
  /** Whether the machine shows what was asked at `startedAt`. */
  readonly reached: (machine: Machine, time: { readonly startedAt: number; readonly now: number }, input: Input) => boolean;
  readonly words: (power: PowerState, input: Input) => Pick<Preview, "undo" | "facts">;
  /** What takes it back to the power state that the machine had; null: nothing has to. */
  readonly back: (former: PowerState, input: Input) => Json | null;
};

/** An action on a machine's power: one POST, then the machine itself is read until it stands where it should. */
export function powerAction<Input extends { readonly server: string }>(parts: ComputeParts, operation: PowerOperation<Input>): Action {
  const { facts } = operation;
  const read = (input: Json) => readInput(facts.type, operation.schema, input);
  // As the preview just before the intent saw it: what the undo goes back to.
  const formerPower = new Map<string, PowerState>();
  const remember = (input: Json, power: PowerState): void => {
    if (formerPower.size >= 100) formerPower.delete(formerPower.keys().next().value ?? "");
    formerPower.set(digestOf(input), power);
  };
  return {
    facts: { ...facts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async preview(input, look) {
      const wanted = read(input);
      const machine = await machineIfAny(parts, wanted.server, look);
      if (machine !== null) refuseWhileChanging(machine);
      const power = machine?.power ?? "unknown";
      remember(input, power);
      const { undo, facts: shown } = operation.words(power, wanted);
      const name = armName(wanted.server);
      return {
        action: facts.type,
        targets: [{ id: wanted.server.toLowerCase(), name }],
        // Without its power: an earlier step of the same approval may be what changes it.
        planDigest: digestOf({ server: wanted.server.toLowerCase() }),
        recoveryPointRule: null,
        undo,
        facts: [...shown, { label: "Where", value: `${name} in ${armGroup(wanted.server)}; ${machine === null ? "it does not exist yet" : `it is ${power} now`}` }],
      };
    },
    async start(input, send) {
      const wanted = read(input);
      refuseWhileChanging(await lastLook(parts, wanted.server, send));
      const startedAt = parts.clock();
      await parts.machineWriter.power(wanted.server, operation.power(wanted), send);
      return { handle: handleOf(wanted.server, startedAt) };
    },
    // Compute keeps no list by client-request id. What the machine shows since then is what was asked, whoever asked it.
    async find(input, _tag, since, look) {
      const wanted = read(input);
      const machine = await parts.machines.machine(wanted.server, look);
      const changed = machine.provisioning === "updating" || operation.reached(machine, { startedAt: since.getTime(), now: since.getTime() }, wanted);
      return changed ? { handle: handleOf(wanted.server, since) } : null;
    },
    async follow(handle, input, look) {
      const wanted = read(input);
      const { startedAt } = readHandle(handle);
      const machine = await parts.machines.machine(wanted.server, look);
      const now = parts.clock().getTime();
      return progress(machine, operation.reached(machine, { startedAt, now }, wanted), now - startedAt > patienceMs, parts.pollMs ?? defaultPollMs);
    },
    undoInput: (input) => operation.back(formerPower.get(digestOf(input)) ?? "unknown", read(input)),
  };
}

function progress(machine: Machine, reached: boolean, over: boolean, pollMs: number): Progress {
  const failed = machine.provisioning === "failed" || (over && !reached);
  const summary = `${machine.name} is ${machine.power}${machine.power === "running" ? (machine.agentReady ? ", its agent is ready" : ", its agent is not ready yet") : ""}`;
  const outcome = failed ? "failed" : reached ? "succeeded" : "running";
  const problem = { code: "machine-power", message: machine.message || `${machine.name} is still ${machine.power} after ${patienceMs / 60_000} minutes.`, causes: "", action: "Look at the machine's activity log in the Azure portal.", server: machine.name };
  return { state: outcome, summary, tasks: [], servers: [{ name: machine.name, outcome, detail: summary, testServer: null }], problems: failed ? [problem] : [], nextLookMs: pollMs };
}

async function lastLook(parts: ComputeParts, server: string, look: Look): Promise<Machine> {
  try {
    return await parts.machines.machine(server, look);
  } catch (thrown) {
    throw new DrillbookError("not-now", `The machine could not be read before the start: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
}

/** Somebody else's change is under way: Azure would refuse ours, or both would be mixed. */
function refuseWhileChanging({ name, provisioning, power }: Machine): void {
  if (provisioning !== "updating" && !["starting", "stopping", "deallocating"].includes(power)) return;
  throw new DrillbookError("not-now", `Somebody else is at work on ${name}: it is ${power}, and Azure is changing it.`, "Wait until that has ended, or find out in the activity log who it is.");
}
