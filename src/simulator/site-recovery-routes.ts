import type { Json } from "../runbooks/runbook.ts";
import { list, notFound, ok, textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { alertAnswers, containerMappingAnswers, networkMappingAnswers, policyAnswers, providerAnswers, settingAnswers, targetSizeAnswers } from "./configuration-answer.ts";
import type { Estate, Plan, Server, Vault } from "./estate.ts";
import { containerName, fabricName, itemAnswer, itemName, itemPath, locationOf } from "./item-answer.ts";
import { jobAnswer, listedJob } from "./job-answer.ts";
import { accepted } from "./job-start.ts";
import { notAllowed, startItem, startPlan } from "./operation-start.ts";
import { planAnswer } from "./plan-answer.ts";
import type { Route } from "./route.ts";
import { nowOf, stateOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { jobState, waitsAt } from "./timeline.ts";
import { containerAnswers, eventAnswers, fabricAnswers, networkAnswers, recoveryPointAnswers, vaultAnswer, vaultHealthAnswer } from "./vault-answer.ts";
import type { JobRecord } from "./world.ts";

const vaults = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.RecoveryServices/vaults";
const container = `${vaults}/:vault/replicationFabrics/:fabric/replicationProtectionContainers/:container`;
const item = `${container}/replicationProtectedItems/:item`;
const plan = `${vaults}/:vault/replicationRecoveryPlans/:plan`;
const job = `${vaults}/:vault/replicationJobs/:job`;

/** Real failovers and what follows them: the last word of the path, the job's scenario, the allowed operation it needs. */
const operations: readonly (readonly [string, JobRecord["scenario"], readonly string[]])[] = [
  ["plannedFailover", "PlannedFailover", ["PlannedFailover", "Failback"]],
  ["unplannedFailover", "UnplannedFailover", ["UnplannedFailover"]],
  ["failoverCommit", "CommitFailover", ["Commit"]],
  ["failoverCancel", "CancelFailover", ["CancelFailover"]],
  ["reProtect", "ReverseReplication", ["ReverseReplicate"]],
  ["applyRecoveryPoint", "ChangeRecoveryPoint", ["ChangePit"]],
];

type Answers = (estate: Estate, vault: Vault, now: number) => readonly Json[];

/** What a vault is set up with: lists over the whole vault, and one by its name. */
const configuration: readonly (readonly [string, Answers])[] = [
  ["replicationPolicies", policyAnswers],
  ["replicationProtectionContainerMappings", containerMappingAnswers],
  ["replicationNetworkMappings", networkMappingAnswers],
  ["replicationRecoveryServicesProviders", providerAnswers],
  ["replicationAlertSettings", alertAnswers],
  ["replicationVaultSettings", settingAnswers],
];
const inFabric: readonly (readonly [string, Answers])[] = [
  ["replicationNetworks", networkAnswers],
  ["replicationRecoveryServicesProviders", providerAnswers],
];

type InVault = (request: ArmRequest, simulation: Simulation, vault: Vault) => ArmAnswer;

/** Site Recovery as far as it is simulated: one line an operation. */
export const siteRecoveryRoutes: readonly Route[] = [
  ["GET", "/subscriptions/:subscription/providers/Microsoft.RecoveryServices/vaults", (_, s) => list(s.estate.vaults.map((vault) => vaultAnswer(s.estate, vault)))],
  ["GET", `${vaults}/:vault`, inVault((_, s, vault) => ok(vaultAnswer(s.estate, vault)))],
  ["GET", `${vaults}/:vault/replicationVaultHealth`, inVault((_, s, vault) => ok(vaultHealthAnswer(s.estate, vault)))],
  ["GET", `${vaults}/:vault/replicationNetworks`, inVault((_, s, vault) => list(networkAnswers(s.estate, vault)))],
  ["GET", `${vaults}/:vault/replicationEvents`, inVault((_, s, vault) => list(eventAnswers(s.estate, s.world, vault, nowOf(s))))],
  ["GET", `${vaults}/:vault/replicationEvents/:event`, inVault((r, s, vault) => named(eventAnswers(s.estate, s.world, vault, nowOf(s)), r, "event"))],
  ...configuration.flatMap(([path, answers]): readonly Route[] => [
    ["GET", `${vaults}/:vault/${path}`, inVault((_, s, vault) => list(answers(s.estate, vault, nowOf(s))))],
    ["GET", `${vaults}/:vault/${path}/:named`, inVault((r, s, vault) => named(answers(s.estate, vault, nowOf(s)), r, "named"))],
  ]),
  ...inFabric.flatMap(([path, answers]): readonly Route[] => [
    ["GET", `${vaults}/:vault/replicationFabrics/:fabric/${path}`, inVault((r, s, vault) => list(underPath(r, answers(s.estate, vault, nowOf(s)))))],
    ["GET", `${vaults}/:vault/replicationFabrics/:fabric/${path}/:named`, inVault((r, s, vault) => named(underPath(r, answers(s.estate, vault, nowOf(s))), r, "named"))],
  ]),
  ["GET", `${container}/replicationProtectionContainerMappings`, inVault((r, s, vault) => list(underPath(r, containerMappingAnswers(s.estate, vault))))],
  ["GET", `${container}/replicationProtectionContainerMappings/:named`, inVault((r, s, vault) => named(underPath(r, containerMappingAnswers(s.estate, vault)), r, "named"))],
  ["GET", `${item}/targetComputeSizes`, onItem((_, s, vault, server) => list(targetSizeAnswers(itemPath(s.estate, vault, server, stateOf(s, vault, server).home), vault)))],
  ["POST", `${vaults}/:vault/replicationVaultHealth/default/refresh`, inVault((_, s, vault) => ok(vaultHealthAnswer(s.estate, vault)))],
  ["POST", `${container}/switchprotection`, inVault((r, s, vault) => switchProtection(r, s, vault))],
  ["GET", `${container}/operationresults/:job`, inVault((r, s, vault) => result(r, s, vault, () => switchedTo(r, s, vault)))],
  ["GET", `${vaults}/:vault/replicationFabrics`, inVault((_, s, vault) => list(fabricAnswers(s.estate, vault)))],
  ["GET", `${vaults}/:vault/replicationFabrics/:fabric`, inVault((r, s, vault) => named(fabricAnswers(s.estate, vault), r, "fabric"))],
  ["GET", `${vaults}/:vault/replicationProtectionContainers`, inVault((_, s, vault) => list(containerAnswers(s.estate, vault).map(asListed)))],
  ["GET", `${vaults}/:vault/replicationFabrics/:fabric/replicationProtectionContainers`, inVault(containersOfFabric)],
  ["GET", container, inVault((r, s, vault) => named(containerAnswers(s.estate, vault), r, "container"))],
  ["GET", `${vaults}/:vault/replicationProtectedItems`, inVault((r, s, vault) => items(s, vault, byFilter(vault, r)))],
  ["GET", `${container}/replicationProtectedItems`, inVault((r, s, vault) => items(s, vault, vault.servers.filter((server) => liesIn(s, vault, server, r))))],
  ["GET", item, onItem((_, s, vault, server) => ok(itemAnswer(s.estate, s.world, vault, server, nowOf(s))))],
  ["GET", `${item}/recoveryPoints`, onItem((_, s, vault, server) => list(recoveryPointAnswers(s.estate, s.world, vault, server, nowOf(s))))],
  ["GET", `${item}/recoveryPoints/:point`, onItem((r, s, vault, server) => named(recoveryPointAnswers(s.estate, s.world, vault, server, nowOf(s)), r, "point"))],
  ["POST", `${item}/testFailover`, onItem((r, s, vault, server) => startItem(r, s, vault, server, "TestFailover"))],
  ["POST", `${item}/testFailoverCleanup`, onItem((r, s, vault, server) => startItem(r, s, vault, server, "TestFailoverCleanup"))],
  ...operations.map(([word, scenario, needs]): Route => ["POST", `${item}/${word}`, onItem((r, s, vault, server) => startItem(r, s, vault, server, scenario, needs))]),
  ["GET", `${item}/operationresults/:job`, onItem((r, s, vault, server) => result(r, s, vault, () => ok(itemAnswer(s.estate, s.world, vault, server, nowOf(s)))))],
  ["GET", `${vaults}/:vault/replicationRecoveryPlans`, inVault((_, s, vault) => list(vault.plans.map((one) => planAnswer(s.estate, s.world, vault, one, nowOf(s)))))],
  ["GET", plan, onPlan((_, s, vault, one) => ok(planAnswer(s.estate, s.world, vault, one, nowOf(s))))],
  ["POST", `${plan}/testFailover`, onPlan((r, s, vault, one) => startPlan(r, s, vault, one, "TestFailover"))],
  ["POST", `${plan}/testFailoverCleanup`, onPlan((r, s, vault, one) => startPlan(r, s, vault, one, "TestFailoverCleanup"))],
  ...operations.map(([word, scenario, needs]): Route => ["POST", `${plan}/${word}`, onPlan((r, s, vault, one) => startPlan(r, s, vault, one, scenario, needs))]),
  ["GET", `${plan}/operationresults/:job`, onPlan((r, s, vault, one) => result(r, s, vault, () => ok(planAnswer(s.estate, s.world, vault, one, nowOf(s)))))],
  ["GET", `${vaults}/:vault/replicationJobs`, inVault((_, s, vault) => list(jobsOf(s, vault).toReversed().map((one) => listedJob(s.estate, vault, one, nowOf(s)))))],
  ["GET", job, inVault((r, s, vault) => onJob(r, s, vault, (one) => ok(jobAnswer(s.estate, vault, one, nowOf(s)))))],
  ["POST", `${job}/cancel`, inVault((r, s, vault) => onJob(r, s, vault, (one) => cancel(s, vault, one)))],
  ["POST", `${job}/resume`, inVault((r, s, vault) => onJob(r, s, vault, (one) => resume(r, s, vault, one)))],
  ["GET", `${job}/operationresults/:operation`, inVault((r, s, vault) => onJob(r, s, vault, (one) => ok(jobAnswer(s.estate, vault, one, nowOf(s)))))],
  ["GET", `${vaults}/:vault/replicationOperationStatus/:job`, inVault((r, s, vault) => onJob(r, s, vault, (one) => operationStatus(s, one)))],
];

function inVault(answer: InVault): Route[2] {
  return (request, simulation) => {
    const { vault: name = "", group = "" } = request.names;
    const vault = simulation.estate.vaults.find((one) => same(one.name, name) && same(one.resourceGroup, group));
    return vault === undefined ? notFound(`'Microsoft.RecoveryServices/vaults/${name}' under resource group '${group}'`) : answer(request, simulation, vault);
  };
}

function onPlan(answer: (request: ArmRequest, simulation: Simulation, vault: Vault, plan: Plan) => ArmAnswer): Route[2] {
  return inVault((request, simulation, vault) => {
    const found = vault.plans.find((one) => same(one.name, request.names.plan ?? ""));
    return found === undefined ? notFound(`'replicationRecoveryPlans/${request.names.plan}'`) : answer(request, simulation, vault, found);
  });
}

function onItem(answer: (request: ArmRequest, simulation: Simulation, vault: Vault, server: Server) => ArmAnswer): Route[2] {
  return inVault((request, simulation, vault) => {
    const found = vault.servers.find((one) => same(itemName(vault, one), request.names.item ?? "") && liesIn(simulation, vault, one, request));
    return found === undefined ? notFound(`'replicationProtectedItems/${request.names.item}'`) : answer(request, simulation, vault, found);
  });
}

function onJob(request: ArmRequest, simulation: Simulation, vault: Vault, answer: (job: JobRecord) => ArmAnswer): ArmAnswer {
  const found = simulation.world.byId.get((request.names.job ?? "").toLowerCase());
  return found === undefined || found.vault !== vault.name ? notFound(`'replicationJobs/${request.names.job}'`) : answer(found);
}

function jobsOf(simulation: Simulation, vault: Vault): readonly JobRecord[] {
  return simulation.world.jobs.filter((one) => one.vault === vault.name);
}

function items(simulation: Simulation, vault: Vault, servers: readonly Server[]): ArmAnswer {
  return list(servers.map((server) => itemAnswer(simulation.estate, simulation.world, vault, server, nowOf(simulation))));
}

/** Of the filter only the plan's name is understood; a filter without it filters nothing. */
function byFilter(vault: Vault, request: ArmRequest): readonly Server[] {
  const wanted = /recoveryPlanName\s+eq\s+'([^']*)'/i.exec(request.url.searchParams.get("$filter") ?? "")?.[1];
  if (wanted === undefined) return vault.servers;
  const members = vault.plans.filter((one) => same(one.name, wanted)).flatMap((one) => one.groups.flat());
  return vault.servers.filter((server) => members.includes(server.name));
}

/** Whether a server lies in the container that is asked. */
function liesIn(simulation: Simulation, vault: Vault, server: Server, { names }: ArmRequest): boolean {
  const location = locationOf(vault, stateOf(simulation, vault, server).home);
  return same(names.fabric ?? "", fabricName(location)) && same(names.container ?? "", containerName(location));
}

/** The list over a whole vault writes its containers' type without their fabric. */
function asListed(one: Json): Json {
  return one !== null && typeof one === "object" && !Array.isArray(one) ? { ...one, type: "Microsoft.RecoveryServices/vaults/replicationProtectionContainers" } : one;
}

/** Of a vault's answers those that stand under the path that was asked. */
function underPath({ names }: ArmRequest, answers: readonly Json[]): readonly Json[] {
  const wanted = `/replicationFabrics/${names.fabric ?? ""}/`.toLowerCase();
  return answers.filter((one) => textAt(one, "id").toLowerCase().includes(wanted));
}

/** Re-protection as it is asked for between Azure regions: of a container, with the server in the body. */
function switchProtection(request: ArmRequest, simulation: Simulation, vault: Vault): ArmAnswer {
  const name = textAt(request.body, "properties", "replicationProtectedItemName");
  const server = vault.servers.find((one) => same(itemName(vault, one), name) && liesIn(simulation, vault, one, request));
  if (server === undefined) return notFound(`'replicationProtectedItems/${name}'`);
  const switchesTo = stateOf(simulation, vault, server).home === "Primary" ? "Recovery" : "Primary";
  return startItem(request, simulation, vault, server, "ReverseReplication", ["ReverseReplicate"], { switchesTo });
}

/** The container that the server lies in afterwards, as the official example has it. */
function switchedTo(request: ArmRequest, simulation: Simulation, vault: Vault): ArmAnswer {
  const job = simulation.world.byId.get((request.names.job ?? "").toLowerCase());
  return named(containerAnswers(simulation.estate, vault), { ...request, names: { container: containerName(locationOf(vault, job?.switchesTo ?? "Recovery")) } }, "container");
}

function containersOfFabric(request: ArmRequest, simulation: Simulation, vault: Vault): ArmAnswer {
  const inFabric = `/replicationfabrics/${(request.names.fabric ?? "").toLowerCase()}/`;
  return list(containerAnswers(simulation.estate, vault).filter((one) => textAt(one, "id").toLowerCase().includes(inFabric)));
}

function named(answers: readonly Parameters<typeof ok>[0][], request: ArmRequest, name: string): ArmAnswer {
  const wanted = request.names[name] ?? "";
  const found = answers.find((one) => same(textAt(one, "name"), wanted));
  return found === undefined ? notFound(`'${wanted}'`) : ok(found);
}

function cancel(simulation: Simulation, vault: Vault, one: JobRecord): ArmAnswer {
  if (!["InProgress", "Suspended"].includes(jobState(one, nowOf(simulation)).state)) return notAllowed("Cancel", one.id);
  simulation.change({ type: "job.cancelled", id: one.id, at: nowOf(simulation) });
  return accepted(simulation, vault, one, `replicationJobs/${one.id}`);
}

/** A job that waits for people goes on with the words of whoever says so. */
function resume(request: ArmRequest, simulation: Simulation, vault: Vault, one: JobRecord): ArmAnswer {
  if (waitsAt(one, nowOf(simulation)) === null) return notAllowed("Resume", one.id);
  simulation.change({ type: "job.resumed", id: one.id, at: nowOf(simulation), comments: textAt(request.body, "properties", "comments") });
  return accepted(simulation, vault, one, `replicationJobs/${one.id}`);
}

function operationStatus(simulation: Simulation, one: JobRecord): ArmAnswer {
  const { state, over } = jobState(one, nowOf(simulation));
  const status = over ? state : "InProgress";
  return ok({ id: null, name: one.id, status, error: null, properties: null, startTime: new Date(one.startedAt).toISOString(), endTime: null, percentComplete: null });
}

function result(request: ArmRequest, simulation: Simulation, vault: Vault, whenOver: () => ArmAnswer): ArmAnswer {
  return onJob(request, simulation, vault, (one) => (jobState(one, nowOf(simulation)).over ? whenOver() : accepted(simulation, vault, one, targetPath(request))));
}

/** The part of a path between the vault and its operation results. */
function targetPath({ url }: ArmRequest): string {
  return /\/vaults\/[^/]+\/(.+)\/operationresults\//i.exec(url.pathname)?.[1] ?? "";
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
