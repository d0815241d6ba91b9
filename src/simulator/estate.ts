/** A web site that a test server answers for, by the Host header alone: no binding by address, as web farms have it. */
export type Site = { readonly host: string; readonly title: string; readonly text: string };

export type Server = {
  readonly name: string;
  /** The address it has in production and, being free there, in the test network too. */
  readonly address: string;
  readonly size: string;
  /** How far its replica is behind, in seconds. */
  readonly rpoSeconds: number;
  readonly sites: readonly Site[];
};

export type Plan = { readonly name: string; /** Boot groups in order; servers by name. */ readonly groups: readonly (readonly string[])[] };

export type Vault = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** Where the servers run, and where the test servers will. */
  readonly primaryLocation: string;
  readonly recoveryLocation: string;
  readonly recoveryResourceGroup: string;
  /** How its servers are replicated; between Azure regions when nothing is said. */
  readonly provider?: "A2A" | "HyperVReplicaAzure";
  readonly servers: readonly Server[];
  readonly plans: readonly Plan[];
};

export type Network = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly prefix: string;
  readonly subnet: string;
};

/** A whole simulated subscription. */
export type Estate = {
  readonly subscription: string;
  readonly vaults: readonly Vault[];
  readonly networks: readonly Network[];
};

/** A vault's path as Site Recovery spells it: with a capital S. */
export function vaultPath(estate: Estate, vault: Vault): string {
  return `/Subscriptions/${estate.subscription}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.RecoveryServices/vaults/${vault.name}`;
}

/** A plan's path as Site Recovery spells it. */
export function planPath(estate: Estate, vault: Vault, plan: Plan): string {
  return `${vaultPath(estate, vault)}/replicationRecoveryPlans/${plan.name}`;
}

/** The resource group that test servers appear in, as Compute spells it. */
export function recoveryGroupPath(estate: Estate, vault: Vault): string {
  return `/subscriptions/${estate.subscription}/resourceGroups/${vault.recoveryResourceGroup}`;
}

/** The path of a virtual network. */
export function networkPath(estate: Estate, network: Network): string {
  return `/subscriptions/${estate.subscription}/resourceGroups/${network.resourceGroup}/providers/Microsoft.Network/virtualNetworks/${network.name}`;
}

/** Site Recovery's suffix for the VM of a test failover. */
export function testServerName(server: Server): string {
  return `${server.name}-test`;
}
