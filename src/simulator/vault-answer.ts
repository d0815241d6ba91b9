import type { Json } from "../runbooks/runbook.ts";
import { vaultPath } from "./estate.ts";
import type { Estate, Server, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { containerName, containerPath, fabricName, itemPath, rpoSeconds } from "./item-answer.ts";
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
      customDetails: { instanceType: "Azure", location },
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
  const newest = now - rpoSeconds(world, server) * 1000;
  return [2, 0, 4, 1, 5, 3].map((age) => {
    const name = guid("point", vault.name, server.name, age);
    return {
      id: `${itemPath(estate, vault, server)}/recoveryPoints/${name}`,
      name,
      type: "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/recoveryPoints",
      properties: {
        recoveryPointTime: new Date(newest - age * 300_000).toISOString(),
        recoveryPointType: "CrashConsistent",
        providerSpecificDetails: { instanceType: "A2A", recoveryPointSyncType: "PerVmRecoveryPoint", disks: [] },
      },
    };
  });
}

/** The health of a vault with nothing to complain of. */
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
