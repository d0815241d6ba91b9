import { z } from "zod";
import { digestOf } from "../drills/digest.ts";
import type { Action, Progress } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { armGroup, armName } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { ScriptLibrary } from "../runbooks/script-library.ts";
import { handleOf, machineId, machineIfAny, readHandle } from "./compute-parts.ts";
import type { ComputeParts } from "./compute-parts.ts";
import type { Machine, RunCommand } from "./compute-ports.ts";
import { defaultPollMs, defaultSettlingMs } from "./parts.ts";

const scriptInput = z.strictObject({
  server: machineId,
  /** Name of a file in the folder `scripts` of the runbook repository. */
  script: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(ps1|sh)$/, { error: "Name a file in the folder scripts beside the runbooks that ends in .ps1 or .sh." }),
  /** Which bytes it must have: a changed script is another script. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "Give the SHA-256 of the script's bytes: 64 hexadecimal digits in small letters." }),
  parameters: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: "A parameter's name has letters, digits and underscores." }), z.union([z.string().max(1000), z.number(), z.boolean()]).transform(String)).default({}),
  timeout: durationText({ min: 10_000, max: 90 * 60_000 }).default("10m"),
});
type Input = z.output<typeof scriptInput>;

export const vmRunScriptFacts: ActionFacts = {
  type: "vm-run-script",
  summary: "Runs a script of the runbook repository on a virtual machine",
  schema: scriptInput,
  undo: null,
  obligations: [{ id: "script-effects", text: "Take back by hand what the script changed, if it is to be taken back" }],
  settlingMs: defaultSettlingMs,
  permissions: ["read", "runCommands/read", "runCommands/write", "runCommands/delete"].map((name) => `Microsoft.Compute/virtualMachines/${name}`),
};

// The guest agent takes its time before a script begins and after it ended.
const agentAllowanceMs = 5 * 60_000;
const soonMs = 1_000;
const mostRemembered = 100;

/** The action `vm-run-script`: a managed run command under a name made of the tag, so that a lost answer is looked up by its own name. */
export function vmRunScript(parts: ComputeParts): Action {
  const read = (input: Json) => readInput(vmRunScriptFacts.type, scriptInput, input);
  // Results are reported once before their command is deleted: a crash in between must not lose them. They are kept
  // afterwards, because a report may not have been recorded.
  const reported = new Map<string, { progress: Progress; removed: boolean }>();
  return {
    facts: { ...vmRunScriptFacts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async preview(input, look) {
      const wanted = read(input);
      const text = scriptText(parts.scriptLibrary, wanted);
      const machine = await machineIfAny(parts, wanted.server, look);
      const name = armName(wanted.server);
      const values = Object.entries(wanted.parameters);
      return {
        action: vmRunScriptFacts.type,
        targets: [{ id: wanted.server.toLowerCase(), name }],
        planDigest: digestOf({ server: wanted.server.toLowerCase(), script: wanted.sha256, parameters: wanted.parameters }),
        recoveryPointRule: null,
        undo: "nothing takes back what a script does",
        documents: [{ title: `${wanted.script}, the whole of it (SHA-256 ${wanted.sha256.slice(0, 16)}…)`, text }],
        facts: [
          { label: "What happens", value: `${wanted.script} runs as the system account on ${name} in ${armGroup(wanted.server)}` },
          { label: "Parameters", value: values.length === 0 ? "none" : values.map(([name, value]) => `${name} = ${value}`).join("; ") },
          { label: "At most", value: sayDuration(parseDuration(wanted.timeout) ?? 0) },
          { label: "Undo", value: "none" },
          // An earlier step of the same approval may create or start it; the start looks again.
          ...(machine === null ? [{ label: "Now", value: "the machine does not exist yet" }] : isReady(machine) ? [] : [{ label: "Now", value: `not ready yet: it is ${machine.power}` }]),
        ],
      };
    },
    async start(input, send) {
      const wanted = read(input);
      const text = scriptText(parts.scriptLibrary, wanted);
      const machine = await parts.machines.machine(wanted.server, send).catch((thrown: unknown) => {
        throw new DrillbookError("not-now", `The machine could not be read before the script: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
      });
      refuseUnlessReady(machine);
      const name = commandName(send.tag);
      const startedAt = parts.clock();
      await parts.machineWriter.runScript(wanted.server, { name, location: machine.location, text, parameters: wanted.parameters, timeoutSeconds: Math.ceil((parseDuration(wanted.timeout) ?? 0) / 1000) }, send);
      return { handle: handleOf(name, startedAt) };
    },
    async find(input, tag, since, look) {
      const name = commandName(tag);
      return (await parts.machines.command(read(input).server, name, look)) === null ? null : { handle: handleOf(name, since) };
    },
    async follow(handle, input, look) {
      const wanted = read(input);
      const { place: name, startedAt } = readHandle(handle);
      const known = reported.get(handle);
      if (known !== undefined) {
        known.removed ||= await parts.machines.removeCommand(wanted.server, name, look);
        return known.removed ? known.progress : { ...known.progress, summary: `${known.progress.summary}; Azure did not delete the command ${name}` };
      }
      const command = await parts.machines.command(wanted.server, name, look);
      const ended = endOf(command, wanted, parts.clock().getTime() - startedAt);
      if (ended === null) return running(wanted, command, parts.pollMs ?? defaultPollMs);
      if (command === null) return ended;
      if (reported.size >= mostRemembered) reported.delete(reported.keys().next().value ?? "");
      reported.set(handle, { progress: ended, removed: false });
      return { ...ended, state: "running", summary: `${ended.summary}; deleting the command`, nextLookMs: Math.min(soonMs, parts.pollMs ?? soonMs) };
    },
    undoInput: () => null,
  };
}

function commandName(tag: string): string {
  return `drillbook-${tag}`;
}

/** The script's text, if it still has the bytes that the runbook names. Throws `not-now`. */
function scriptText(library: ScriptLibrary, { script, sha256 }: Input): string {
  const found = library(script);
  if (found === null) throw new DrillbookError("not-now", `The runbook repository has no script ${script} that could be shown whole.`, "Put it into the folder scripts beside the runbooks: plain text, at most 8,000 bytes, no invisible characters.");
  if (found.sha256 === sha256) return found.text;
  throw new DrillbookError("not-now", `${script} is not what the runbook means: its SHA-256 is ${found.sha256}, the runbook says ${sha256}.`, "Read the script again, and write its SHA-256 into the runbook if it is right.");
}

function isReady({ power, agentReady }: Machine): boolean {
  return power === "running" && agentReady;
}

function refuseUnlessReady(machine: Machine): void {
  const { name, power } = machine;
  if (isReady(machine)) return;
  throw new DrillbookError("not-now", `${name} cannot run a script: it is ${power}${power === "running" ? " and its agent is not ready" : ""}.`, "Start the machine, or wait until its Azure VM agent is ready.");
}

function running({ server, script }: Input, command: RunCommand | null, nextLookMs: number): Progress {
  const name = armName(server);
  return { state: "running", summary: `${script} on ${name}: ${command?.state ?? "not there yet"}`, tasks: [], servers: [{ name, outcome: "running", detail: "", testServer: null }], problems: [], nextLookMs };
}

/** How a script ended; null: it has not. */
function endOf(command: RunCommand | null, { server, script, timeout }: Input, sinceMs: number): Progress | null {
  const name = armName(server);
  const late = sinceMs > (parseDuration(timeout) ?? 0) + agentAllowanceMs;
  const ended = (ok: boolean, summary: string, detail: string, action: string): Progress => ({
    state: ok ? "succeeded" : "failed",
    summary,
    tasks: [],
    servers: [{ name, outcome: ok ? "succeeded" : "failed", detail, testServer: null }],
    problems: ok ? [] : [{ code: "script-failed", message: summary, causes: command?.error ?? "", action, server: name }],
    nextLookMs: soonMs,
  });
  if (command === null) return late || sinceMs > soonMs * 60 ? ended(false, `${script} on ${name}: its command is gone`, "", "What it printed stands in the drill's history if it had ended. Look at the machine, then decide.") : null;
  if (!command.ended) return late ? ended(false, `${script} on ${name} did not end in time`, command.output, "Look at the machine's agent, then run it again.") : null;
  const ok = command.state === "Succeeded" && (command.exitCode ?? 0) === 0;
  const code = command.exitCode === null ? "no exit code" : `exit code ${command.exitCode}`;
  const printed = [command.output, command.error === "" ? "" : `standard error: ${command.error}`].filter((text) => text !== "").join("\n");
  return ended(ok, `${script} on ${name}: ${ok ? "done" : command.state === "Succeeded" ? "failed" : command.state}, ${code}`, `${code}${printed === "" ? "" : `\n${printed}`}`, "Read what the script printed; put right what it names, then run it again.");
}
