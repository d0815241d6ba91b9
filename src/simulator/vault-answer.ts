import type { Json } from "../runbooks/runbook.ts";
import { vaultPath } from "./estate.ts";
import type { Estate, Server, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { containerName, containerPath, fabricName, itemPath, providerOf } from "./item-answer.ts";
import { serverState } from "./server-state.ts";
import { friendlyName } from "./job-tasks.ts";
import { jobState, momentOf, timeline } from "./timeline.ts";
import type { World } from "./world.ts";

/** A vault as the Recovery Services provider lists it, which spells its ids in the usual way. */
export function vaultAnswer(estate: Estate, vault: Vault): Json {
  return {
    id: vaultPath(estate, vault).replace("/Subscriptions/", "/subscriptions/"),
    name: vault.name,
    type: "Microsoft.RecoveryServices/vaults",
    location: vault.location,
    sku: { name: "RS0", tier: "Standard" },
    properties: { provisioningState: "Succeeded" },
  };
}

/** The two fabrics that protection between Azure regions makes: where servers come from and where they go. */
export function fabricAnswers(estate: Estate, vault: Vault): readonly Json[] {
  return [vault.primaryLocation, vault.recoveryLocation].map((location) => ({
    id: `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(location)}`,
    name: fabricName(location),
    type: "Microsoft.RecoveryServices/vaults/replicationFabrics",
    properties: {
      friendlyName: location,
      encryptionDetails: { kekState: "None" },
      rolloverEncryptionDetails: { kekState: "None" },
      internalIdentifier: guid("fabric", vault.name, location),
      bcdrState: "Valid",
      customDetails: fabricDetails(vault, location),
      healthErrorDetails: [],
      health: "Normal",
    },
  }));
}

/** The containers of those fabrics. */
export function containerAnswers(estate: Estate, vault: Vault): readonly Json[] {
  return [vault.primaryLocation, vault.recoveryLocation].map((location) => ({
    id: containerPath(estate, vault, location),
    name: containerName(location),
    type: "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers",
    properties: {
      fabricFriendlyName: location,
      friendlyName: containerName(location),
      fabricType: "AzureFabric",
      protectedItemCount: location === vault.primaryLocation ? vault.servers.length : 0,
      pairingStatus: "Paired",
      role: location === vault.primaryLocation ? "Primary" : "Recovery",
    },
  }));
}

/** Six recovery points, one every five minutes, and not in order: the service promises none. */
export function recoveryPointAnswers(estate: Estate, world: World, vault: Vault, server: Server, now: number): readonly Json[] {
  const newest = now - server.rpoSeconds * 1000;
  const { home } = serverState(world, vault.name, server.name, now);
  return [2, 0, 4, 1, 5, 3].map((age) => {
    const name = guid("point", vault.name, server.name, age);
    return {
      id: `${itemPath(estate, vault, server, home)}/recoveryPoints/${name}`,
      name,
      type: "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/recoveryPoints",
      properties: {
        recoveryPointTime: new Date(newest - age * 300_000).toISOString(),
        recoveryPointType: "CrashConsistent",
        providerSpecificDetails: providerOf(vault) === "A2A" ? { instanceType: "A2A", recoveryPointSyncType: "PerVmRecoveryPoint", disks: [] } : null,
      },
    };
  });
}

/** The health of a vault: nothing to complain of, whatever goes wrong in it; nothing of Drillbook's reads it. */
export function vaultHealthAnswer(estate: Estate, vault: Vault): Json {
  return {
    id: `${vaultPath(estate, vault)}/replicationVaultHealth/Default`,
    name: "Default",
    type: "Microsoft.RecoveryServices/vaults/replicationVaultHealth",
    properties: {
      vaultErrors: [],
      protectedItemsHealth: { resourceCount: vault.servers.length, issues: [], categorizedResourceCounts: {} },
      fabricsHealth: { resourceCount: 2, issues: [], categorizedResourceCounts: {} },
      containersHealth: { resourceCount: 2, issues: [], categorizedResourceCounts: {} },
    },
  };
}

function fabricDetails(vault: Vault, location: string): Json {
  if (location === vault.primaryLocation && vault.provider === "HyperVReplicaAzure") return { instanceType: "HyperVSite" };
  return { instanceType: "Azure", location };
}

/** The networks that Site Recovery knows of: those of the estate, at the recovery side. */
export function networkAnswers(estate: Estate, vault: Vault): readonly Json[] {
  return estate.networks.map((network) => {
    const name = guid("network", vault.name, network.name);
    return {
      id: `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(vault.recoveryLocation)}/replicationNetworks/${name}`,
      name,
      type: "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationNetworks",
      properties: { fabricType: "AzureFabric", subnets: [{ name: network.subnet, friendlyName: network.subnet, addressList: [network.prefix] }], friendlyName: network.name, networkType: "NoIsolation" },
    };
  });
}

/** One event for each job that has ended, newest first. */
export function eventAnswers(estate: Estate, world: World, vault: Vault, now: number): readonly Json[] {
  const ended = world.jobs.filter((job) => job.vault === vault.name && jobState(job, now).over).toReversed();
  return ended.map((job) => {
    const { state } = jobState(job, now);
    const name = `JobStatusMonitoringEvent;${job.id}`;
    return {
      id: `${vaultPath(estate, vault)}/replicationEvents/${name}`,
      name,
      type: "Microsoft.RecoveryServices/vaults/replicationEvents",
      properties: {
        eventCode: guid("event", "JobStatus"),
        description: `${job.scenario} - ${state}`,
        eventType: "JobStatus",
        affectedObjectFriendlyName: job.target,
        affectedObjectCorrelationId: guid("correlation", vault.name, job.target),
        severity: state === "Succeeded" ? "OK" : "Critical",
        timeOfOccurrence: new Date(momentOf(job, timeline(job).end)).toISOString(),
        fabricId: `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(vault.primaryLocation)}`,
        providerSpecificDetails: { instanceType: providerOf(vault) },
        eventSpecificDetails: { instanceType: "JobStatus", jobId: job.id, jobFriendlyName: friendlyName(job), jobStatus: state, affectedObjectType: job.on === "plan" ? "RecoveryPlan" : "ProtectionEntity" },
        healthErrors: job.failing.map(({ error }) => ({ errorCode: error.code, errorMessage: error.message, possibleCauses: error.possibleCauses, recommendedAction: error.recommendedAction })),
      },
    };
  });
}
