import type { Json } from "../runbooks/runbook.ts";
import { planPath, vaultPath } from "./estate.ts";
import type { Estate, Plan, Vault } from "./estate.ts";
import { allowedOperations, fabricName, itemName, itemPath, providerOf } from "./item-answer.ts";
import { serverState } from "./server-state.ts";
import { jobState } from "./timeline.ts";
import type { JobRecord, World } from "./world.ts";

/** A recovery plan as Site Recovery answers it at `now`. */
export function planAnswer(estate: Estate, world: World, vault: Vault, plan: Plan, now: number): Json {
  const fabric = (location: string) => `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(location)}`;
  return {
    id: planPath(estate, vault, plan),
    name: plan.name,
    type: "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans",
    properties: {
      friendlyName: plan.name,
      primaryFabricId: fabric(vault.primaryLocation),
      primaryFabricFriendlyName: vault.primaryLocation,
      recoveryFabricId: fabric(vault.recoveryLocation),
      recoveryFabricFriendlyName: vault.recoveryLocation,
      failoverDeploymentModel: "ResourceManager",
      replicationProviders: [providerOf(vault)],
      allowedOperations: planOperations(world, vault, plan, now),
      ...lastTest(world, vault, plan),
      ...current(estate, world, vault, plan, now),
      groups: [group("Shutdown", []), group("Failover", []), ...plan.groups.map((servers, index) => group("Boot", members(estate, world, vault, servers, now), actionsBefore(plan, index + 1)))],
      providerSpecificDetails: providerOf(vault) === "A2A" ? [{ instanceType: "A2A" }] : [],
    },
  };
}

/** What may be asked of a plan: as long as one server owes a clean-up, that alone. */
export function planOperations(world: World, vault: Vault, plan: Plan, now: number): readonly string[] {
  const states = plan.groups.flat().map((server) => serverState(world, vault.name, server, now));
  const phases = states.map(({ phase }) => phase);
  if (phases.some((phase) => phase === "failing-over" || phase === "cleaning" || phase === "busy")) return [];
  if (phases.some((phase) => phase === "cleanup-due")) return ["TestFailoverCleanup"];
  const always = ["PlannedFailover", "UnplannedFailover", "TestFailover"];
  if (phases.some((phase) => phase === "commit-due")) {
    const cancellable = states.every((state) => allowedOperations(state, providerOf(vault)).includes("CancelFailover"));
    return [...always, "Commit", ...(cancellable ? ["CancelFailover"] : [])];
  }
  return phases.some((phase) => phase === "committed") ? [...always, "ReverseReplicate"] : always;
}

function lastTest(world: World, vault: Vault, plan: Plan): Readonly<Record<string, Json>> {
  const times = [
    ["TestFailover", "lastTestFailoverTime"],
    ["PlannedFailover", "lastPlannedFailoverTime"],
    ["UnplannedFailover", "lastUnplannedFailoverTime"],
  ].flatMap(([scenario, field = ""]) => {
    const job = planJob(world, vault, plan, (one) => one.scenario === scenario);
    return job === undefined ? [] : [[field, new Date(job.startedAt).toISOString()]];
  });
  return Object.fromEntries(times);
}

/** A finished test failover leaves the plan suspended until its clean-up; afterwards the plan still names that. */
function current(estate: Estate, world: World, vault: Vault, plan: Plan, now: number): Readonly<Record<string, Json>> {
  const job = planJob(world, vault, plan, () => true);
  if (job === undefined) return {};
  const { state, description, over } = jobState(job, now);
  const waits = over && planOperations(world, vault, plan, now).includes("TestFailoverCleanup");
  return {
    currentScenario: {
      scenarioName: waits ? "TestFailover" : job.scenario,
      jobId: `${vaultPath(estate, vault)}/replicationJobs/${job.id}`,
      startTime: new Date(job.startedAt).toISOString(),
    },
    currentScenarioStatus: waits ? "Suspended" : state,
    currentScenarioStatusDescription: waits ? "WaitingForStopTestFailover" : description,
  };
}

function planJob(world: World, vault: Vault, plan: Plan, wanted: (job: JobRecord) => boolean): JobRecord | undefined {
  return world.jobs.findLast((job) => job.on === "plan" && job.vault === vault.name && job.target === plan.name && wanted(job));
}

function members(estate: Estate, world: World, vault: Vault, names: readonly string[], now: number): readonly Json[] {
  const servers = vault.servers.filter((server) => names.includes(server.name));
  return servers.map((server) => ({ id: itemPath(estate, vault, server, serverState(world, vault.name, server.name, now).home), virtualMachineId: itemName(vault, server) }));
}

function actionsBefore({ manualActions = [] }: Plan, group: number): readonly Json[] {
  return manualActions.filter(({ before }) => before === group).map(({ name, description }) => ({
    actionName: name,
    failoverTypes: ["TestFailover", "PlannedFailover", "UnplannedFailover"],
    failoverDirections: ["PrimaryToRecovery", "RecoveryToPrimary"],
    customDetails: { instanceType: "ManualActionDetails", description },
  }));
}

function group(groupType: string, replicationProtectedItems: readonly Json[], startGroupActions: readonly Json[] = []): Json {
  return { groupType, replicationProtectedItems, startGroupActions, endGroupActions: [] };
}
