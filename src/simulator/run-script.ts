import { createHash } from "node:crypto";
import { decodeRequests, encodeAnswers } from "../checks/http/wire.ts";
import type { ProbeAnswer, ProbeRequest } from "../checks/http/wire.ts";
import { asDrillbookError } from "../errors.ts";
import type { ScriptOutput } from "./estate.ts";
import { exchange, unanswered } from "./exchange.ts";
import { allMachines, reachableNetworks } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { atNow } from "./output-time.ts";
import { standing } from "./misfortunes.ts";
import { fateOf, nowOf, webPortKey } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { CommandRecord, CommandResult } from "./world.ts";

// Azure keeps the last 4 KB of what a script prints.
const outputBytes = 4096;

/**
 * What a run command gives. No script is ever executed: a shipped probe is known by its hash and its exchanges are made
 * here, seen from the test network; any other script fails.
 */
export async function runScript(simulation: Simulation, machine: Machine, command: CommandRecord): Promise<CommandResult> {
  const ended = (exitCode: number, output: string, error: string): CommandResult => ({ exitCode, output: lastOf(output), error: lastOf(error), endedAt: nowOf(simulation) });
  const hash = createHash("sha256").update(command.script, "utf8").digest("hex");
  const planted = plantedFor(simulation, machine, hash);
  if (planted !== undefined) return ended(planted.exitCode, atNow(planted.output, new Date(nowOf(simulation))), planted.error);
  if (!simulation.knownScripts.has(hash)) return ended(1, "", `The simulator runs only Drillbook's own scripts; script ${hash} is unknown.`);
  try {
    const requests = decodeRequests(command.parameters.find((one) => one.name === "requests")?.value ?? "");
    const answers = await Promise.all(requests.map((request) => probe(simulation, machine, request)));
    return ended(0, encodeAnswers(answers), "");
  } catch (thrown) {
    return ended(1, "", asDrillbookError(thrown).message);
  }
}

/** What a scenario has a script say on a server: a misfortune first, then the server's own, then the estate's. */
function plantedFor(simulation: Simulation, { name, server, vault }: Machine, hash: string): Omit<ScriptOutput, "script"> | undefined {
  const host = server?.name ?? name;
  const said = standing(simulation.world.misfortunes, "script-says", fateOf(simulation).open).findLast((one) => one.server === host && (one.script ?? hash) === hash);
  const own = (vault?.servers ?? []).find((one) => one.name === host)?.scripts ?? [];
  return said ?? own.find(({ script }) => script === hash) ?? (simulation.estate.scripts ?? []).find(({ script }) => script === hash);
}

/** One exchange from a machine, which reaches the running machines of its network and of those joined to it, and nothing else. */
async function probe(simulation: Simulation, from: Machine, request: ProbeRequest): Promise<ProbeAnswer> {
  const networks = reachableNetworks(simulation, from);
  const target = allMachines(simulation).find((one) => networks.includes(one.network) && isAddressOf(one, request.address) && one.power === "running" && one.condition !== "boot-manager" && one.condition !== "blue-screen");
  if (target === undefined) return unanswered(request, "timed-out");
  const port = target.vault === null || target.server === null ? undefined : simulation.webPorts.get(webPortKey(target.vault, target.server));
  // A port without a service is dropped by the Windows firewall, not refused.
  if (port === undefined || request.port !== 80) return unanswered(request, "timed-out");
  return request.tls === null ? exchange(request, port) : unanswered(request, "tls-failed");
}

function isAddressOf(machine: Machine, address: string): boolean {
  return [machine.address, machine.name, machine.server?.name ?? machine.name].some((one) => one.toLowerCase() === address.toLowerCase());
}

function lastOf(text: string): string {
  return Buffer.from(text, "utf8").subarray(-outputBytes).toString("utf8");
}
