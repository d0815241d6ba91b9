import type { Json } from "../runbooks/runbook.ts";
import { networkPath, recoveryGroupPath, testServerName, vaultPath } from "./estate.ts";
import type { Estate, Server, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { serverState } from "./server-state.ts";
import type { ServerState } from "./server-state.ts";
import { jobState } from "./timeline.ts";
import { jobsOfServer } from "./world.ts";
import type { JobRecord, World } from "./world.ts";

const idleOperations = ["PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"];
// The beginning of .NET's time that SQL Server can hold: what an idle item shows as the start of its scenario.
const never = "1753-01-01T01:01:01Z";

/** The name that Azure's portal gives a region's fabric when it sets up replication between regions. */
export function fabricName(location: string): string {
  return `asr-a2a-default-${location}`;
}

/** The name that Azure's portal gives the container in a region's fabric. */
export function containerName(location: string): string {
  return `${fabricName(location)}-container`;
}

/** A GUID that is the same in every run, as an item keeps its own over all failovers. */
export function itemName(vault: Vault, server: Server): string {
  return guid("item", vault.name, server.name);
}

/** The resource id of a region's container; a vault has one on either side. */
export function containerPath(estate: Estate, vault: Vault, location: string): string {
  return `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(location)}/replicationProtectionContainers/${containerName(location)}`;
}

/** An item lies in the container of the side that it replicates from, where the last switch of protection put it. */
export function itemPath(estate: Estate, vault: Vault, server: Server, home: ServerState["home"]): string {
  return `${containerPath(estate, vault, locationOf(vault, home))}/replicationProtectedItems/${itemName(vault, server)}`;
}

/** The region of a side. The sides stay what they are when protection is switched; `home` says from which one it goes. */
export function locationOf(vault: Vault, side: ServerState["home"]): string {
  return side === "Primary" ? vault.primaryLocation : vault.recoveryLocation;
}

/** A protected item as Site Recovery answers it at `now`. */
export function itemAnswer(estate: Estate, world: World, vault: Vault, server: Server, now: number): Json {
  const state = serverState(world, vault.name, server.name, now);
  const from = locationOf(vault, state.home);
  const to = locationOf(vault, state.home === "Primary" ? "Recovery" : "Primary");
  return {
    id: itemPath(estate, vault, server, state.home),
    name: itemName(vault, server),
    type: "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems",
    properties: {
      friendlyName: server.name,
      protectedItemType: providerOf(vault) === "A2A" ? "AzureVM" : "HyperVVirtualMachine",
      protectableItemId: providerOf(vault) === "A2A" ? null : `${containerPath(estate, vault, vault.primaryLocation)}/replicationProtectableItems/${itemName(vault, server)}`,
      recoveryServicesProviderId: providerOf(vault) === "A2A" ? null : `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(vault.primaryLocation)}/replicationRecoveryServicesProviders/${guid("provider", vault.name)}`,
      primaryFabricProvider: providerOf(vault) === "A2A" ? "AzureFabric" : "HyperVSite",
      primaryFabricFriendlyName: from,
      recoveryFabricFriendlyName: to,
      recoveryFabricId: `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(to)}`,
      recoveryContainerId: containerPath(estate, vault, to),
      primaryProtectionContainerFriendlyName: containerName(from),
      recoveryProtectionContainerFriendlyName: containerName(to),
      ...protectionWords(state),
      ...testFailoverWords(state),
      activeLocation: state.location,
      allowedOperations: allowedOperations(state, providerOf(vault)),
      replicationHealth: "Normal",
      failoverHealth: "Normal",
      healthErrors: [],
      policyId: `${vaultPath(estate, vault)}/replicationPolicies/24-hour-retention-policy`,
      policyFriendlyName: "24-hour-retention-policy",
      ...lastTest(world, vault, server, now),
      ...(state.failover === null ? {} : { lastSuccessfulFailoverTime: new Date(state.failover.startedAt).toISOString(), failoverRecoveryPointId: recoveryPointOf(estate, vault, server, state, state.failover) }),
      ...(state.phase === "cleanup-due" && state.job !== null ? { failoverRecoveryPointId: recoveryPointOf(estate, vault, server, state, state.job) } : {}),
      currentScenario: currentScenario(estate, vault, state),
      eventCorrelationId: guid("correlation", vault.name, server.name),
      providerSpecificDetails: providerDetails(estate, vault, server, state, now),
    },
  };
}

/** What may be asked of a server in its state. */
export function allowedOperations(state: ServerState, provider: Provider): readonly string[] {
  switch (state.phase) {
    case "cleanup-due":
      return ["TestFailoverCleanup"];
    case "idle":
    case "cleaned":
      return provider === "A2A" ? idleOperations.filter((one) => one !== "PlannedFailover") : idleOperations;
    case "commit-due":
      return state.location === "Primary" && provider === "HyperVReplicaAzure" ? ["Commit", "CancelFailover", "DisableProtection"] : ["CompleteMigration", "Commit", "DisableProtection", "ChangePit"];
    case "committed":
      if (provider === "A2A" || state.location === "Primary") return ["ReverseReplicate", "DisableProtection"];
      return ["CompleteMigration", "DisableProtection", "Failback"];
    default:
      return [];
  }
}

export type Provider = NonNullable<Vault["provider"]>;

/** How a vault replicates; between Azure's regions unless its estate says otherwise. */
export function providerOf(vault: Vault): Provider {
  return vault.provider ?? "A2A";
}

function protectionWords({ phase, failover }: ServerState) {
  const words = (protectionState: string, protectionStateDescription: string) => ({ protectionState, protectionStateDescription });
  const planned = failover?.scenario === "PlannedFailover";
  if (phase === "commit-due") return planned ? words("PlannedFailoverCommitRequired", "Planned failover finished") : words("UnplannedFailoverCommitPendingStatesBegin", "Failover completed");
  if (phase === "committed") return planned ? words("PlannedFailoverStatesBegin", "Planned failover committed") : words("UnplannedFailoverStatesBegin", "Failover committed");
  return words("Protected", "Protected");
}

function testFailoverWords({ phase, failed, tested, machine }: ServerState) {
  const words = (testFailoverState: string, testFailoverStateDescription: string, protectionStateDescription?: string) => ({
    ...(protectionStateDescription === undefined ? {} : { protectionStateDescription }),
    testFailoverState,
    testFailoverStateDescription,
  });
  if (phase === "failing-over") return words("InProgress", "Test failover in progress");
  // A job that was cancelled before it had made the test server leaves nothing that waits for anybody.
  if (phase === "cleanup-due" && (failed || machine === "none")) return words("Failed", "Test failover failed", "Cleanup test failover pending");
  if (phase === "cleanup-due") return words("WaitingForCompletion", "Waiting for user input", "Cleanup test failover pending");
  if (phase === "cleaning" || tested) return words("MarkedForDeletion", "Cleaning up test environment");
  return words("None", "None");
}

function currentScenario(estate: Estate, vault: Vault, { phase, job }: ServerState): Json {
  const jobs = `${vaultPath(estate, vault)}/replicationJobs`;
  const working = phase === "failing-over" || phase === "cleanup-due" || phase === "cleaning" || phase === "busy";
  if (job === null || !working) return { scenarioName: "None", jobId: `${jobs}/None`, startTime: never };
  return { scenarioName: job.scenario, jobId: `${jobs}/${job.id}`, startTime: new Date(job.startedAt).toISOString() };
}

function recoveryPointOf(estate: Estate, vault: Vault, server: Server, { home }: ServerState, job: JobRecord): string {
  return `${itemPath(estate, vault, server, home)}/recoveryPoints/${guid("point", job.id, server.name)}`;
}

function lastTest(world: World, vault: Vault, server: Server, now: number): Readonly<Record<string, Json>> {
  const job = jobsOfServer(world, vault.name, server.name).findLast((one) => one.scenario === "TestFailover" && jobState(one, now).state === "Succeeded");
  return job === undefined ? {} : { lastSuccessfulTestFailoverTime: new Date(job.startedAt).toISOString() };
}

function providerDetails(estate: Estate, vault: Vault, server: Server, state: ServerState, now: number): Json {
  const network = estate.networks[0];
  if (providerOf(vault) === "HyperVReplicaAzure") return hyperVDetails(server, now);
  const name = state.machine === "none" ? "" : testServerName(server);
  const group = recoveryGroupPath(estate, vault);
  return {
    instanceType: "A2A",
    fabricObjectId: `/subscriptions/${estate.subscription}/resourceGroups/rg-${vault.primaryLocation}/providers/Microsoft.Compute/virtualMachines/${server.name}`,
    primaryFabricLocation: vault.primaryLocation,
    recoveryFabricLocation: vault.recoveryLocation,
    osType: "Windows",
    recoveryAzureVMSize: server.size,
    ...(server.zone === undefined ? {} : { recoveryAvailabilityZone: server.zone }),
    recoveryAzureVMName: server.name,
    recoveryAzureResourceGroupId: group,
    selectedRecoveryAzureNetworkId: network === undefined ? null : networkPath(estate, network),
    selectedTfoAzureNetworkId: network === undefined ? null : networkPath(estate, network),
    tfoAzureVMName: name,
    testFailoverRecoveryFabricObjectId: name === "" ? null : `${group}/providers/Microsoft.Compute/virtualMachines/${name}`,
    vmProtectionState: "Protected",
    vmProtectionStateDescription: "Protected",
    lastHeartbeat: new Date(now - 40_000).toISOString(),
    agentVersion: "9.63.7187.1",
    isReplicationAgentUpdateRequired: false,
    rpoInSeconds: server.rpoSeconds,
    lastRpoCalculatedTime: new Date(now - 60_000).toISOString(),
    protectedManagedDisks: [],
    vmNics: [],
  };
}

function hyperVDetails(server: Server, now: number): Json {
  return {
    instanceType: "HyperVReplicaAzure",
    recoveryAzureVmName: server.name,
    recoveryAzureVMSize: server.size,
    rpoInSeconds: server.rpoSeconds,
    lastRpoCalculatedTime: new Date(now - 60_000).toISOString(),
    lastReplicatedTime: new Date(now - server.rpoSeconds * 1000).toISOString(),
    protectedManagedDisks: [],
    vmNics: [],
  };
}
