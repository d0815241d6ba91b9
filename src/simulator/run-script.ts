import { createHash } from "node:crypto";
import { decodeRequests, encodeAnswers } from "../checks/http/wire.ts";
import type { ProbeAnswer, ProbeRequest } from "../checks/http/wire.ts";
import { asDrillbookError } from "../errors.ts";
import { testServerName } from "./estate.ts";
import type { Server, Vault } from "./estate.ts";
import { exchange, unanswered } from "./exchange.ts";
import { nowOf, stateOf, webPortKey } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { CommandRecord, CommandResult } from "./world.ts";

// Azure keeps the last 4 KB of what a script prints.
const outputBytes = 4096;

/**
 * What a run command gives. No script is ever executed: a shipped probe is known by its hash and its exchanges are made
 * here, seen from the test network; any other script fails.
 */
export async function runScript(simulation: Simulation, vault: Vault, command: CommandRecord): Promise<CommandResult> {
  const ended = (exitCode: number, output: string, error: string): CommandResult => ({ exitCode, output: lastOf(output), error: lastOf(error), endedAt: nowOf(simulation) });
  const hash = createHash("sha256").update(command.script, "utf8").digest("hex");
  if (!simulation.knownScripts.has(hash)) return ended(1, "", `The simulator runs only Drillbook's own scripts; script ${hash} is unknown.`);
  try {
    const requests = decodeRequests(command.parameters.find((one) => one.name === "requests")?.value ?? "");
    const answers = await Promise.all(requests.map((request) => probe(simulation, vault, request)));
    return ended(0, encodeAnswers(answers), "");
  } catch (thrown) {
    return ended(1, "", asDrillbookError(thrown).message);
  }
}

/** One exchange inside the vault's test network, which knows the running test servers and nothing else. */
async function probe(simulation: Simulation, vault: Vault, request: ProbeRequest): Promise<ProbeAnswer> {
  const server = vault.servers.find((one) => isAddressOf(one, request.address));
  if (server === undefined || stateOf(simulation, vault, server).machine !== "running") return unanswered(request, "timed-out");
  const port = simulation.webPorts.get(webPortKey(vault, server));
  // A port without a service is dropped by the Windows firewall, not refused.
  if (port === undefined || request.port !== 80) return unanswered(request, "timed-out");
  return request.tls === null ? exchange(request, port) : unanswered(request, "tls-failed");
}

function isAddressOf(server: Server, address: string): boolean {
  return [server.address, server.name, testServerName(server)].some((one) => one.toLowerCase() === address.toLowerCase());
}

function lastOf(text: string): string {
  return Buffer.from(text, "utf8").subarray(-outputBytes).toString("utf8");
}
