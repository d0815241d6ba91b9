import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { judge } from "../actions/qualification/compare.ts";
import type { Verdict } from "../actions/qualification/compare.ts";
import { qualificationSteps, runQualification } from "../actions/qualification/run.ts";
import type { StepSeen } from "../actions/qualification/run.ts";
import type { ProtectedServer } from "../checks/ports.ts";
import { openAzure } from "../composition.ts";
import type { AzureSide } from "../composition.ts";
import { readConfig } from "../config.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { openLocalKey } from "../evidence/keys.ts";
import { storeQualification } from "../evidence/qualification.ts";
import { sameId } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { payroll } from "../simulator/estates/payroll.ts";
import { parsed } from "./options.ts";
import { print, version } from "./output.ts";

/** How fast the simulator runs that Azure is compared with. */
const twinPace = 600;

type Target = { readonly vault: string; readonly server: ProtectedServer; readonly network: string };

/**
 * Takes one sacrificial server through test failover, cleanup, failover, commit and re-protection, compares what Azure
 * showed with what the simulator shows, and stores the signed result; 1 when it does not qualify.
 */
export async function qualifyServer(args: readonly string[]): Promise<number> {
  const { values } = parsed(args, { vault: { type: "string" }, item: { type: "string" }, network: { type: "string" }, confirm: { type: "string" }, json: { type: "boolean" } });
  const config = readConfig(process.env);
  const quiet = values["json"] === true;
  const real = config.azure.kind === "azure";
  const folder = mkdtempSync(join(tmpdir(), "drillbook-qualify-"));
  // A simulated Azure is one of its own: the qualification leaves the rehearsals' world alone.
  const side = await openAzure(config.azure.kind === "azure" ? config.azure : { kind: "simulator", pace: twinPace }, folder, clock);
  try {
    const target = await targetOf(side, values, real);
    confirm(target, values["confirm"], real);
    if (!quiet) console.log(`${target.server.name} (${target.server.provider}) in ${target.vault.split("/").at(-1)}, ${real ? "Azure" : "a simulated Azure: this gives no leave for real failovers"}.`);
    const began = clock().toISOString();
    const azure = await run(side, target, quiet ? () => undefined : teller());
    const simulator = await twin(target.server.provider);
    const verdict = judge(azure, simulator, qualificationSteps(target.server.provider));
    const qualification = { v: 1, provider: target.server.provider, azure: real ? "real" : "simulator", vault: target.vault, item: target.server.id, at: clock().toISOString(), began, version: version(), ...verdict, steps: azure } as const;
    const file = await storeQualification(config.data, plain(qualification), openLocalKey(config.data, { rehearsal: !real }));
    if (quiet) print({ ...qualification, file });
    else console.log(report(verdict, azure, file, real));
    return verdict.qualified ? 0 : 1;
  } finally {
    await side.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(side: AzureSide, { server, network }: Target, onStep: (step: StepSeen["step"], words: string) => void): Promise<readonly StepSeen[]> {
  const { reader, writer } = side.azure;
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal);
  const sleep = (ms: number): Promise<void> => delay(ms, undefined, { signal: stop.signal });
  return runQualification({ reader, writer, clock, pollMs: side.pollMs, settlingMs: side.settlingMs, newId: randomUUID, sleep, signal: stop.signal, onStep }, server.id, network).finally(() => process.off("SIGINT", onSignal));
}

/** The same steps on the simulator, with a server of the same provider. */
async function twin(provider: string): Promise<readonly StepSeen[]> {
  if (provider !== "A2A" && provider !== "HyperVReplicaAzure") return [];
  const { startSimulator } = await import("../simulator/start.ts");
  const { connectAzure } = await import("../azure/connect.ts");
  const { simulatorConnection } = await import("../azure/simulator-connection.ts");
  const estate = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, provider: provider === "A2A" ? ("A2A" as const) : ("HyperVReplicaAzure" as const) })) };
  const simulator = await startSimulator({ estate, pace: twinPace, knownScripts: new Set(), seed: "qualification", clock });
  const azure = connectAzure({ ...simulatorConnection(simulator.url), subscriptions: [simulator.subscription], now: clock });
  const side: AzureSide = { azure, simulator, pollMs: 50, pace: twinPace, settlingMs: 2_000, close: () => simulator.close() };
  try {
    return await run(side, await targetOf(side, {}, false), () => undefined);
  } finally {
    await side.close();
  }
}

/** What is named on the command line; of a simulated Azure the first that there is. Throws `bad-input` or `not-found`. */
async function targetOf({ azure }: AzureSide, values: Readonly<Record<string, unknown>>, real: boolean): Promise<Target> {
  const { vault: named, item, network } = values;
  if (real && (typeof named !== "string" || typeof item !== "string" || typeof network !== "string")) {
    throw new DrillbookError("bad-input", "qualify needs a vault, a server and an isolated network.", "drillbook qualify --vault <id> --item <name> --network <id> --confirm <name>");
  }
  const [plan] = typeof named === "string" ? [] : await azure.estate.recoveryPlans(look());
  const vault = typeof named === "string" ? named : (plan?.id.split("/replicationRecoveryPlans/")[0] ?? "");
  const servers = await azure.reader.serversIn(vault, look());
  const server = typeof item === "string" ? servers.find((one) => sameId(one.id, item) || sameId(one.name, item)) : servers[0];
  if (server === undefined) throw new DrillbookError("not-found", `The vault protects no server ${String(item)}.`, `It protects: ${servers.map(({ name }) => name).join(", ") || "none"}.`);
  const chosen = typeof network === "string" ? network : ((await azure.estate.networks(look()))[0]?.id ?? "");
  return { vault, server, network: chosen };
}

/** A real server is really failed over: whoever starts that types its name once more. */
function confirm({ server }: Target, typed: unknown, real: boolean): void {
  if (!real || typed === server.name) return;
  throw new DrillbookError(
    "bad-input",
    `This fails ${server.name} over for real, commits it and turns its replication round. Whatever it serves stops; what was not replicated is lost.`,
    `If ${server.name} is a server that nobody needs, add --confirm ${server.name}.`,
  );
}

function teller(): (step: StepSeen["step"], words: string) => void {
  let last = "";
  return (step, words) => {
    const line = `${step.padEnd(14)} ${words}`;
    if (line !== last) console.log(line);
    last = line;
  };
}

function report({ qualified, reasons, differences }: Verdict, steps: readonly StepSeen[], file: string, real: boolean): string {
  const lines = steps.map(({ step, outcome, seconds, foundByTag }) => `${outcome.padEnd(10)} ${step.padEnd(14)} ${seconds} s${foundByTag ? "" : ", not found by its id"}`);
  const other = differences.map(({ step, what, azure, simulator, safety }) => `  ${safety ? "! " : "  "}${step}, ${what}: Azure "${azure}", simulator "${simulator}"`);
  return [
    "",
    ...lines,
    qualified ? (real ? "Qualified: live runbooks of this provider may run." : "Every step came through, on a simulated Azure.") : `Not qualified:\n${reasons.map((one) => `  ${one}`).join("\n")}`,
    differences.length === 0 ? "Azure and the simulator showed the same." : `Azure and the simulator differ (! where a safety rule looks):\n${other.join("\n")}`,
    `Signed result: ${file}`,
  ].join("\n");
}

function plain(data: object): Json {
  return JSON.parse(JSON.stringify(data));
}

const look = (): Look => ({ signal: AbortSignal.timeout(60_000), record: () => undefined });
const clock = (): Date => new Date();
