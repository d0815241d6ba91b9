/** A web site that a test server answers for, by the Host header alone: no binding by address, as web farms have it. */
export type Site = { readonly host: string; readonly title: string; readonly text: string; /** Where every request is sent, as typed into the redirect of IIS. */ readonly redirect?: string };

export type Server = {
  readonly name: string;
  /** The address it has in production and, being free there, in the test network too. */
  readonly address: string;
  readonly size: string;
  /** How far its replica is behind, in seconds. */
  readonly rpoSeconds: number;
  readonly sites: readonly Site[];
  readonly scripts?: readonly ScriptOutput[];
  /** The zone of the recovery region that it recovers to. */
  readonly zone?: string;
  /** A public address by name, and security rules of its own, at its network interface. */
  readonly publicAddress?: string;
  readonly rules?: readonly SecurityRule[];
};

/** What a script, known by its SHA-256 (hex), says when it is run. Nothing is ever executed. */
export type ScriptOutput = { readonly script: string; readonly exitCode: number; readonly output: string; readonly error: string };

export type Plan = {
  readonly name: string;
  /** Boot groups in order; servers by name. */
  readonly groups: readonly (readonly string[])[];
  readonly manualActions?: readonly ManualAction[];
};

/** Where a plan stops until somebody says that it may go on. `before`: the boot group, counted from one. */
export type ManualAction = { readonly name: string; readonly description: string; readonly before: number };

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
  /** Networks by name: where the servers run, and where a real failover puts them; the first of the estate when nothing is said. */
  readonly primaryNetwork?: string;
  readonly recoveryNetwork?: string;
  readonly servers: readonly Server[];
  readonly plans: readonly Plan[];
};

/** A way out of a network to another one. `to` is a network of the estate by name, or a resource id outside of it. */
export type Peering = { readonly name: string; readonly to: string; readonly state?: "Connected" | "Disconnected" | "Initiated"; readonly gatewayTransit?: boolean; readonly remoteGateways?: boolean };
/** A user-defined route; `via` is Azure's next hop type. */
export type UserRoute = { readonly name: string; readonly prefix: string; readonly via: "Internet" | "None" | "VirtualAppliance" | "VirtualNetworkGateway" | "VnetLocal"; readonly address?: string };
export type SecurityRule = {
  readonly name: string;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly priority: number;
  readonly to: string;
  readonly from?: string;
  readonly ports?: string;
  readonly protocol?: "*" | "Tcp" | "Udp" | "Icmp";
};

export type Network = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly prefix: string;
  readonly subnet: string;
  /** Azure's own when absent. */
  readonly dnsServers?: readonly string[];
  readonly peerings?: readonly Peering[];
  readonly routes?: readonly UserRoute[];
  readonly rules?: readonly SecurityRule[];
  /** Connected to a Virtual WAN hub, by the hub's name. */
  readonly hub?: string;
  /** Routes that a server there has in force and the network does not show, as a hub or another network teaches them. */
  readonly learned?: readonly { readonly prefix: string; readonly via: "VirtualNetworkGateway" | "VirtualAppliance" | "VNetPeering"; readonly address?: string }[];
  /** Services that the subnet reaches past its firewall, as `Microsoft.Sql`. */
  readonly serviceEndpoints?: readonly string[];
  /** Private endpoints in the subnet: the id of what each leads to. */
  readonly privateEndpoints?: readonly { readonly name: string; readonly to: string }[];
  readonly gateway?: { readonly name: string; readonly type: "Vpn" | "ExpressRoute" };
  /** A NAT gateway by name: a way out to the internet. */
  readonly natGateway?: string;
  /** Whether Azure gives the subnet a way out to the internet by itself; as in life, it does when nothing is said. */
  readonly defaultOutbound?: boolean;
};

/** A virtual machine that Site Recovery has nothing to do with. */
export type OtherMachine = { readonly name: string; readonly resourceGroup: string; readonly location: string; readonly size: string; readonly address: string; readonly network: string; readonly stopped?: boolean };

/** A server on premises that is joined to Azure by its Arc agent. */
export type ArcMachine = { readonly name: string; readonly resourceGroup: string; readonly location: string };

export type TrafficProfile = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly dnsName: string;
  /** Seconds. */
  readonly ttl: number;
  readonly routing: "Priority" | "Weighted" | "Performance";
  readonly monitor: { readonly protocol: "HTTP" | "HTTPS" | "TCP"; readonly port: number; readonly path: string; readonly interval: number; readonly timeout: number; readonly failures: number };
  readonly endpoints: readonly TrafficEndpoint[];
};
export type TrafficEndpoint = { readonly name: string; readonly kind: "azureEndpoints" | "externalEndpoints"; readonly target: string; readonly priority: number; readonly weight?: number; readonly enabled: boolean; /** What probing finds. */ readonly health?: "Online" | "Degraded" };

export type DnsZone = { readonly name: string; readonly resourceGroup: string; readonly records: readonly DnsRecord[] };
/** A private zone with the networks that it answers in; `registers`: those whose machines write their names into it. */
export type PrivateZone = { readonly name: string; readonly resourceGroup: string; readonly networks: readonly string[]; readonly registers?: readonly string[] };
/** Seconds to live, and the values: names for CNAME and NS, addresses for A and AAAA, texts for TXT. */
export type DnsRecord = { readonly name: string; readonly type: "A" | "AAAA" | "CNAME" | "TXT"; readonly ttl: number; readonly values: readonly string[] };

/** A load balancer of Azure in front of servers; the servers by name. */
export type LoadBalancer = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly rules: readonly { readonly name: string; readonly port: number; readonly probe: { readonly protocol: "Tcp" | "Http" | "Https"; readonly port: number; readonly path?: string }; readonly servers: readonly string[] }[];
};
export type ApplicationGateway = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly pools: readonly { readonly name: string; readonly servers: readonly string[]; readonly settings: string; readonly port: number; /** Host name that the probe sends; absent: the address. */ readonly host?: string }[];
};

/** vCPUs of a size family, addresses and the like: what is used beside the estate's own machines, and the limit. */
export type Quota = { readonly location: string; readonly name: string; readonly used: number; readonly limit: number };
/** What whoever asks may do, in the words of a role; absent: everything. */
export type Grant = { readonly scope?: string; readonly actions: readonly string[]; readonly notActions?: readonly string[]; /** Of the assignment, in Azure's own language; what it says is not judged. */ readonly condition?: string };
/** A deny assignment: for everybody unless principals are named. */
export type Denial = { readonly name: string; readonly scope?: string; readonly actions: readonly string[]; readonly notActions?: readonly string[]; readonly principals?: readonly { readonly id: string; readonly type: "Group" | "User" | "ServicePrincipal" }[] };

/** A whole simulated subscription. */
export type Estate = {
  readonly subscription: string;
  readonly vaults: readonly Vault[];
  readonly networks: readonly Network[];
  readonly machines?: readonly OtherMachine[];
  readonly arcMachines?: readonly ArcMachine[];
  readonly traffic?: readonly TrafficProfile[];
  readonly dnsZones?: readonly DnsZone[];
  readonly privateZones?: readonly PrivateZone[];
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly applicationGateways?: readonly ApplicationGateway[];
  readonly quotas?: readonly Quota[];
  /** Sizes that a region does not offer to the subscription, in the zones named or at all. */
  readonly withheld?: readonly { readonly location: string; readonly size: string; readonly zones?: readonly string[] }[];
  readonly grants?: readonly Grant[];
  readonly denials?: readonly Denial[];
  /** What scripts say on every server that has no answer of its own. */
  readonly scripts?: readonly ScriptOutput[];
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

/** The resource id of a virtual network, in the estate's own spelling: compare without regard to case. */
export function networkPath(estate: Estate, network: Network): string {
  return `/subscriptions/${estate.subscription}/resourceGroups/${network.resourceGroup}/providers/Microsoft.Network/virtualNetworks/${network.name}`;
}

/** Site Recovery's suffix for the VM of a test failover. */
export function testServerName(server: Server): string {
  return `${server.name}-test`;
}

/** The path of a resource group, as every provider but Site Recovery spells it. */
export function groupPath(estate: Estate, group: string): string {
  return `/subscriptions/${estate.subscription}/resourceGroups/${group}`;
}

/** The resource group of a vault's servers as long as they run in Azure's primary region. */
export function primaryGroup(vault: Vault): string {
  return `rg-${vault.primaryLocation}`;
}

/** Names and ids are the same whatever their case, as for Resource Manager. */
export function same(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === (other ?? "").toLowerCase();
}
