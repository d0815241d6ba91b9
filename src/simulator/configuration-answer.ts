import type { Json } from "../runbooks/runbook.ts";
import { networkPath, same, vaultPath } from "./estate.ts";
import type { Estate, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { containerName, containerPath, fabricName, providerOf } from "./item-answer.ts";
import { familyOf, vcpusOf } from "./vm-size.ts";

const root = "Microsoft.RecoveryServices/vaults";

/** How often points are made and how long they are kept. */
export function policyAnswers(estate: Estate, vault: Vault): readonly Json[] {
  const name = "24-hour-retention-policy";
  const details: Json =
    providerOf(vault) === "A2A"
      ? { instanceType: "A2A", recoveryPointThresholdInMinutes: 60, recoveryPointHistory: 1440, appConsistentFrequencyInMinutes: 0, multiVmSyncStatus: "Disabled", crashConsistentFrequencyInMinutes: 5 }
      : { instanceType: "HyperVReplicaAzure", recoveryPointHistoryDurationInHours: 24, applicationConsistentSnapshotFrequencyInHours: 0, replicationInterval: 300, onlineReplicationStartTime: null, encryption: "Disabled", activeStorageAccountId: null };
  return [{ id: `${vaultPath(estate, vault)}/replicationPolicies/${name}`, name, type: `${root}/replicationPolicies`, properties: { friendlyName: name, providerSpecificDetails: details } }];
}

/** Which container goes to which, under which policy. */
export function containerMappingAnswers(estate: Estate, vault: Vault): readonly Json[] {
  const { primaryLocation: from, recoveryLocation: to } = vault;
  const name = `${from}-${to}-${policyName}`;
  return [
    {
      id: `${containerPath(estate, vault, from)}/replicationProtectionContainerMappings/${name}`,
      name,
      type: `${root}/replicationFabrics/replicationProtectionContainers/replicationProtectionContainerMappings`,
      properties: {
        targetProtectionContainerId: containerPath(estate, vault, to),
        targetProtectionContainerFriendlyName: containerName(to),
        // Only replication between Azure regions has details of its own here.
        providerSpecificDetails: providerOf(vault) === "A2A" ? { instanceType: "A2A", agentAutoUpdateStatus: "Disabled" } : null,
        health: "Normal",
        healthErrorDetails: [],
        policyId: `${vaultPath(estate, vault)}/replicationPolicies/${policyName}`,
        state: "Paired",
        sourceProtectionContainerFriendlyName: containerName(from),
        sourceFabricFriendlyName: from,
        targetFabricFriendlyName: to,
        policyFriendlyName: policyName,
      },
    },
  ];
}

const policyName = "24-hour-retention-policy";

/** Which network a failover goes to from which; none for an estate that does not say. */
export function networkMappingAnswers(estate: Estate, vault: Vault): readonly Json[] {
  const from = estate.networks.find(({ name }) => same(name, vault.primaryNetwork));
  const to = estate.networks.find(({ name }) => same(name, vault.recoveryNetwork)) ?? estate.networks[0];
  if (from === undefined || to === undefined) return [];
  const name = `${from.name}-${to.name}`;
  const fabric = (location: string) => `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(location)}`;
  return [
    {
      id: `${fabric(vault.primaryLocation)}/replicationNetworks/azureNetwork/replicationNetworkMappings/${name}`,
      name,
      type: `${root}/replicationFabrics/replicationNetworks/replicationNetworkMappings`,
      properties: {
        state: "Paired",
        primaryNetworkFriendlyName: from.name,
        primaryNetworkId: networkPath(estate, from),
        primaryFabricFriendlyName: vault.primaryLocation,
        recoveryNetworkFriendlyName: to.name,
        recoveryNetworkId: networkPath(estate, to),
        recoveryFabricArmId: fabric(vault.recoveryLocation),
        recoveryFabricFriendlyName: vault.recoveryLocation,
        fabricSpecificSettings: { instanceType: "AzureToAzure", primaryFabricLocation: vault.primaryLocation, recoveryFabricLocation: vault.recoveryLocation },
      },
    },
  ];
}

/** The providers that carry replication at the primary side; between Azure regions there are none. */
export function providerAnswers(estate: Estate, vault: Vault, now: number): readonly Json[] {
  if (providerOf(vault) === "A2A") return [];
  const name = guid("provider", vault.name);
  return [
    {
      id: `${vaultPath(estate, vault)}/replicationFabrics/${fabricName(vault.primaryLocation)}/replicationRecoveryServicesProviders/${name}`,
      name,
      type: `${root}/replicationFabrics/replicationRecoveryServicesProviders`,
      properties: {
        fabricType: "HyperVSite",
        friendlyName: `hyperv-${vault.primaryLocation}`,
        providerVersion: "5.1.8700.0",
        serverVersion: "0.0.0.0",
        providerVersionState: "Latest",
        providerVersionExpiryDate: null,
        fabricFriendlyName: vault.primaryLocation,
        lastHeartBeat: new Date(now - 50_000).toISOString(),
        connectionStatus: "Connected",
        protectedItemCount: vault.servers.length,
        allowedScenarios: ["RefreshProvider"],
        healthErrorDetails: [],
        draIdentifier: guid("dra", vault.name),
        providerVersionDetails: { version: "5.1.8700.0", expiryDate: null, status: "Supported" },
      },
    },
  ];
}

/** To whom the vault writes when something goes wrong: nobody. */
export function alertAnswers(estate: Estate, vault: Vault): readonly Json[] {
  const name = "defaultAlertSetting";
  return [{ id: `${vaultPath(estate, vault)}/replicationAlertSettings/${name}`, name, type: `${root}/replicationAlertSettings`, properties: { sendToOwners: "DoNotSend", customEmailAddresses: [], locale: "" } }];
}

/** The vault's own settings, none of which is set. */
export function settingAnswers(estate: Estate, vault: Vault): readonly Json[] {
  return [{ id: `${vaultPath(estate, vault)}/replicationVaultSettings/default`, name: "default", type: `${root}/replicationVaultSettings`, properties: { migrationSolutionId: null, vmwareToAzureProviderType: null } }];
}

/** The sizes that a server's copy could have: those of the estate. */
export function targetSizeAnswers(itemPath: string, vault: Vault): readonly Json[] {
  const sizes = [...new Set(vault.servers.map(({ size }) => size))];
  return sizes.map((size) => ({
    id: `${itemPath}/targetComputeSizes/${size}`,
    name: size,
    type: "targetComputeSize",
    properties: { name: size, friendlyName: `${size} (${familyOf(size)})`, cpuCoresCount: vcpusOf(size), vCPUsAvailable: vcpusOf(size), memoryInGB: vcpusOf(size) * 4, maxDataDiskCount: vcpusOf(size) * 2, maxNicsCount: 2, errors: [], highIopsSupported: "True", hyperVGenerations: ["V1", "V2"] },
  }));
}
