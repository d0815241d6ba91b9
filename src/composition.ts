import { lookup } from "node:dns/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { actionFacts, actionsWith } from "./actions/all.ts";
import type { Azure } from "./azure/connect.ts";
import { azureCheckFacts, azureChecks } from "./checks/azure-checks.ts";
import { asrPlanCheck, asrPlanFacts } from "./checks/asr-plan.ts";
import { asrReplicationCheck, asrReplicationFacts } from "./checks/asr-replication.ts";
import { dnsCheck, dnsCheckFacts } from "./checks/dns.ts";
import { fieldChecks, fieldFacts, fieldScripts } from "./checks/field/field-tools.ts";
import { connectPlain, httpCheck } from "./checks/http/check.ts";
import { httpCheckFactsFor } from "./checks/http/input.ts";
import { readProfiles } from "./checks/http/profile-files.ts";
import { probeScripts } from "./checks/http/probe-scripts.ts";
import { builtInViews, viewsOf } from "./checks/http/views.ts";
import type { Views } from "./checks/http/views.ts";
import { osAndDriversScript } from "./checks/vm-known-bad.ts";
import { tcpCheck, tcpCheckFacts } from "./checks/tcp.ts";
import { tlsCheck, tlsCheckFacts } from "./checks/tls.ts";
import type { DrillHistory } from "./checks/ports.ts";
import type { OwnPlace } from "./checks/preflight/own-place.ts";
import { preflight } from "./checks/preflight/preflight.ts";
import type { Preflight } from "./checks/preflight/preflight.ts";
import type { AzureChoice, Config } from "./config.ts";
import type { Offer, Offers } from "./dialogs/offers.ts";
import type { Preview } from "./drills/events.ts";
import type { Action, Check, Clock, Look } from "./drills/ports.ts";
import { asDrillbookError, DrillbookError } from "./errors.ts";
import { usualGroups } from "./people/people.ts";
import type { Catalogue } from "./runbooks/catalogue.ts";
import { fill } from "./runbooks/fill.ts";
import type { Resources } from "./runbooks/resources.ts";
import type { Mode, Runbook } from "./runbooks/runbook.ts";
import { scriptsIn } from "./runbooks/script-library.ts";
import type { Simulator } from "./simulator/start.ts";
import type { OutputChoice } from "./simulator/tool-outputs.ts";
import type { VirtualTime } from "./simulator/virtual-time.ts";

/** Every action and check there is, with these profiles of load balancers. A check is one file and one line here, an action one line in `actions/all.ts`. */
export function catalogueWith(views: Views): Catalogue {
  const checks = [asrPlanFacts, asrReplicationFacts, httpCheckFactsFor(views), tcpCheckFacts, dnsCheckFacts, tlsCheckFacts, ...azureCheckFacts, ...fieldFacts];
  return {
    actions: new Map(actionFacts.map((facts) => [facts.type, facts])),
    checks: new Map(checks.map((facts) => [facts.type, facts])),
  };
}

export const catalogue: Catalogue = catalogueWith(builtInViews);

/** What the compiler knows here: everything there is, and what the configuration names. The people who stand in for a rehearsal say nothing about a runbook. */
export function catalogueFor(config: Pick<Config, "profiles" | "resources" | "people" | "peopleFile">): Catalogue {
  const people = config.peopleFile === null ? {} : { people: { groups: config.people.groups, usual: usualGroups } };
  return { ...catalogueWith(viewsWith(config.profiles)), resources: config.resources, ...people };
}

/** The aliases as they are here: in a simulated Azure each stands for something of its kind that is there, because the real one is not. */
export async function resourcesHere(resources: Resources, side: AzureSide): Promise<Resources> {
  if (side.simulator === null || resources.size === 0) return resources;
  const [plan] = await side.azure.estate.recoveryPlans(nobodyLooks());
  const [network] = await side.azure.estate.networks(nobodyLooks());
  const instead = (id: string): string => (/\/replicationRecoveryPlans\//i.test(id) ? (plan?.id ?? id) : /\/virtualNetworks\//i.test(id) ? (network?.id ?? id) : id);
  return new Map([...resources].map(([alias, id]) => [alias, instead(id)]));
}

/** Our profiles, and those of a folder. Throws `bad-setting` with file, line and column of what is wrong. */
export function viewsWith(folder: string | null): Views {
  return folder === null ? builtInViews : viewsOf(readProfiles(folder));
}

/** Azure, real or simulated, with how patient one has to be with it. */
export type AzureSide = {
  readonly azure: Azure;
  readonly simulator: Simulator | null;
  /** Time between two looks at a job, and how long after a send its trace may take to show; in milliseconds. */
  readonly pollMs: number;
  /** How many of its seconds pass in one; absent: one. */
  readonly pace?: number;
  readonly settlingMs: number;
  close(): Promise<void>;
};

/** How a rehearsal wants its Azure: a scenario by name or file, what tools print on its servers, the seed of what chance decides, and time of its own. */
export type Rehearsed = { readonly scenario?: string; readonly outputs?: OutputChoice; readonly seed?: string; readonly newId?: () => string; readonly time?: Pick<VirtualTime, "sleep" | "during"> };

/**
 * Connects to Azure, or starts a simulated one whose world is kept in the data folder: like Azure, it forgets nothing when
 * Drillbook dies. Throws `bad-setting` when real Azure is to be used without a subscription.
 */
export async function openAzure(choice: AzureChoice, dataFolder: string, clock: Clock, rehearsed: Rehearsed = {}): Promise<AzureSide> {
  const { connectAzure } = await import("./azure/connect.ts");
  if (choice.kind === "azure") {
    const { cloud, subscriptions } = choice;
    const { realCredential } = await import("./azure/credentials.ts");
    const azure = connectAzure({ credential: realCredential({ cloud }), subscriptions, cloud, now: clock });
    return { azure, simulator: null, pollMs: 15_000, pace: 1, settlingMs: 60_000, close: async () => undefined };
  }
  const { simulatorConnection } = await import("./azure/simulator-connection.ts");
  const { readScenario } = await import("./simulator/scenario-files.ts");
  const { startSimulator } = await import("./simulator/start.ts");
  const scenario = readScenario(rehearsed.scenario ?? choice.scenario ?? "calm");
  const { fieldOutputs } = await import("./simulator/tool-outputs.ts");
  const simulator = await startSimulator({
    estate: { ...scenario.estate, scripts: [...(scenario.estate.scripts ?? []), ...fieldOutputs([...fieldScripts(), { tool: "vm-known-bad", ...osAndDriversScript() }], rehearsed.outputs ?? {})] },
    scenario,
    pace: choice.pace,
    knownScripts: knownScripts(),
    stateFile: join(dataFolder, "simulated-azure.json"),
    seed: rehearsed.seed ?? "drillbook",
    clock,
    ...(rehearsed.time === undefined ? {} : { during: rehearsed.time.during }),
  });
  const { time, newId } = rehearsed;
  const azure = connectAzure({ ...simulatorConnection(simulator.url, rehearsed.time?.sleep), subscriptions: [simulator.subscription], now: clock, ...(newId === undefined ? {} : { newId }), ...(time === undefined ? {} : { sleep: time.sleep, scriptPollMs: 5_000, retryDelayMs: 20 }) });
  const pollMs = time === undefined ? Math.max(50, Math.min(2_000, 15_000 / choice.pace)) : 15_000;
  return { azure, simulator, pollMs, pace: choice.pace, settlingMs: 2_000, close: () => simulator.close() };
}

/** The scripts that the simulator plays: ours, by their hashes. */
export function knownScripts(): ReadonlySet<string> {
  return new Set(Object.values(probeScripts()).map((script) => script.sha256));
}

/** Every script that is ever run on a server, by its hash: evidence names scripts so, and a bundle brings their bytes along. */
export function shippedScripts(): ReadonlyMap<string, Uint8Array> {
  return new Map([...Object.values(probeScripts()), ...fieldScripts(), osAndDriversScript()].map(({ sha256, text }) => [sha256, Buffer.from(text, "utf8")]));
}

/** The actions and checks of the catalogue, with hands and eyes. `runbooks`: the folder whose scripts may be run; `history`: who proved what. */
export function means(side: AzureSide, clock: Clock, runbooks: string, views: Views = builtInViews, qualified?: (provider: string) => boolean, history?: DrillHistory): { readonly actions: ReadonlyMap<string, Action>; readonly checks: ReadonlyMap<string, Check> } {
  const { reader, scripts, addresses } = side.azure;
  const { pollMs, settlingMs, pace = 1 } = side;
  const actions = actionsWith({ ...side.azure, scriptLibrary: scriptsIn(runbooks), pollMs, settlingMs, pace, clock, ...(side.simulator === null && qualified !== undefined ? { qualified } : {}) });
  const vantage = { scripts, resolve: addressesOf, connect: connectPlain, allowPrivate: false, clock };
  const checks = [asrPlanCheck({ reader, clock }), asrReplicationCheck({ reader, clock }), httpCheck({ ...vantage, addresses, views }), tcpCheck(vantage), dnsCheck(vantage), tlsCheck(vantage), ...azureChecks({ ...side.azure, vantage, catalogue: () => catalogueWith(views), clock, ...(history && { history }) }), ...fieldChecks({ scripts, clock })];
  return {
    actions: new Map(actions.map((action) => [action.facts.type, action])),
    checks: new Map(checks.map((check) => [check.facts.type, check])),
  };
}

/** Every address of a name, in the order of the system. */
export async function addressesOf(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map((found) => found.address);
}

/** The mode in which a runbook runs here. Throws `not-now` for a real failover where no replication provider was qualified. */
export function modeOf(simulated: boolean, qualified: () => ReadonlySet<string> = () => new Set()): (runbook: Runbook) => Mode {
  return (runbook) => {
    if (simulated) return "rehearsal";
    if (runbook.mode !== "live") return "test";
    if (qualified().size > 0) return "live";
    throw new DrillbookError(
      "not-now",
      `${runbook.id} is a live failover, and Drillbook has not been qualified against this Azure.`,
      "Run drillbook qualify on one sacrificial server first (docs/azure.md), rehearse it against the simulator, or write a runbook with mode: test.",
    );
  };
}

const nobodyLooks = (): Look => ({ signal: AbortSignal.timeout(20_000), record: () => undefined });

/** What a launch form can offer, asked of Azure now. A list that cannot be had is not offered, and `silent` says why. */
export async function offersFor(azure: Azure, runbook: Runbook): Promise<Offers> {
  let silent: string | null = null;
  const asked = async <T>(type: string, list: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    if (!runbook.parameters.some((p) => p.type === type)) return [];
    return list().catch((thrown: unknown) => {
      silent = asDrillbookError(thrown).message;
      return [];
    });
  };
  const plans = await asked("recovery-plan", () => azure.estate.recoveryPlans(nobodyLooks()));
  const networks = await asked("azure-resource", () => azure.estate.networks(nobodyLooks()));
  const servers = await asked("server", () => azure.estate.servers(nobodyLooks()));
  const offers: Readonly<Record<string, readonly Offer[]>> = {
    "recovery-plan": plans.map((p) => ({ title: p.name, value: p.id })),
    "azure-resource": networks.map((n) => ({ title: n.name, value: n.id })),
    server: servers.map((s) => ({ title: s.name, value: s.id })),
  };
  return { byParameter: Object.fromEntries(runbook.parameters.map((p) => [p.name, offers[p.type] ?? []])), silent };
}

/** Where Drillbook itself, its store and its identity stand, as far as it knows. */
function ownPlaces(config: Pick<Config, "database" | "standsOn">): readonly OwnPlace[] {
  const database = config.database === null ? "" : new URL(config.database.reveal()).hostname;
  return [
    { what: "Drillbook itself", host: hostname() },
    ...(database === "" ? [] : [{ what: "Drillbook's store", host: database }]),
    ...config.standsOn.map((id) => ({ what: placeName(id), id })),
  ];
}

function placeName(id: string): string {
  if (/\/userAssignedIdentities\//i.test(id)) return "Drillbook's identity";
  if (/\/(?:flexibleServers|servers|databases|storageAccounts|disks)\//i.test(id)) return "Drillbook's store";
  return "Drillbook itself";
}

/** Everything that can be known before a drill of a runbook starts. */
export function preflightWith(side: AzureSide, checks: ReadonlyMap<string, Check>, config: Pick<Config, "database" | "standsOn">, catalogue: Catalogue, clock: Clock): (runbook: Runbook, params: Readonly<Record<string, string>>) => Promise<Preflight> {
  const { reader, rights } = side.azure;
  const parts = { checks, reader, rights, catalogue, own: ownPlaces(config), clock };
  return (runbook, params) => preflight(runbook, params, parts, nobodyLooks());
}

/** Servers that the runbook requires and no recovery plan of the launch has, in words; empty without a plan to compare with. */
export async function missingServers(reader: Pick<Azure["reader"], "servers">, runbook: Runbook, params: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const plans = runbook.parameters.flatMap(({ name, type }) => (type === "recovery-plan" && params[name] !== undefined ? [params[name]] : []));
  if (plans.length === 0 || runbook.requiredServers === undefined) return [];
  const there = (await Promise.all(plans.map((plan) => reader.servers(plan, nobodyLooks())))).flat().map(({ name }) => name.toLowerCase());
  return runbook.requiredServers.filter((name) => !there.includes(name.toLowerCase())).map((name) => `The runbook requires ${name}, and no recovery plan of this drill has it.`);
}

/** What a drill with these parameters would touch, and every reason why it would fail at once. */
export async function previewsOf(
  actions: ReadonlyMap<string, Action>,
  runbook: Runbook,
  params: Readonly<Record<string, string>>,
): Promise<{ readonly previews: readonly Preview[]; readonly obstacles: readonly string[] }> {
  const previews: Preview[] = [];
  const obstacles: string[] = [];
  for (const step of runbook.steps) {
    if (step.kind !== "action") continue;
    try {
      const preview = await actions.get(step.type)?.preview(fill(step.input, params), nobodyLooks());
      if (preview !== undefined) previews.push(preview);
    } catch (thrown) {
      const error = asDrillbookError(thrown);
      obstacles.push(`${step.title}: ${error.message} ${error.suggestion}`);
    }
  }
  return { previews, obstacles };
}
