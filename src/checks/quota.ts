import { z } from "zod";
import type { Check, Clock } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId, virtualNetworkId } from "../runbooks/resource-id.ts";
import type { CapacityReader, Limit, MachineSize, NetworkReader, ProtectedServer, ReplicationReader } from "./ports.ts";
import { observationOf } from "./rows.ts";
import type { CheckRow } from "./rows.ts";

const quotaInput = z.strictObject({
  plan: recoveryPlanId,
  /** Region that the servers recover to, as Azure writes it; needed where the provider does not tell. */
  region: z.string().regex(/^[a-z0-9]{3,40}$/, { error: "Write the region as Azure does, such as northeurope." }).optional(),
  /** The network whose subnets must have an address for each server. */
  network: virtualNetworkId.optional(),
  /** vCPUs to leave free beside the drill's. */
  reserve: z.number().int().min(0).max(100_000).default(0),
});

type Input = z.infer<typeof quotaInput>;

/** What the compiler knows of `check quota`. */
export const quotaFacts: CheckFacts = {
  type: "quota",
  summary: "The recovery region has room for every server of the plan: vCPUs of each size family, machines, interfaces and addresses; each size can be had there, in the zone that a server recovers to",
  schema: quotaInput,
  permissions: [
    "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read",
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read",
    "Microsoft.Compute/locations/usages/read",
    "Microsoft.Compute/skus/read",
    "Microsoft.Network/locations/usages/read",
    "Microsoft.Network/virtualNetworks/read",
  ],
};

export type QuotaParts = { readonly reader: ReplicationReader; readonly capacity: CapacityReader; readonly networks: NetworkReader; readonly clock: Clock };

/** The check `quota`: a failover that asks for more than a limit leaves fails half way, server by server (Azure's error 28031). */
export function quotaCheck(parts: QuotaParts): Check {
  return {
    facts: quotaFacts,
    async observe(input, look) {
      const wanted = readInput(quotaFacts.type, quotaInput, input);
      const subscription = wanted.plan.split("/")[2] ?? "";
      const servers = await parts.reader.servers(wanted.plan, look);
      const rows: CheckRow[] = servers.length === 0 ? [unknown("plan", "the plan has no servers")] : [];
      for (const [region, those] of Map.groupBy(servers, (server) => wanted.region ?? server.recovery?.region ?? "")) {
        if (region === "") rows.push(...those.map((server) => unknown(server.name, `Azure does not say which region ${server.name} recovers to: name it with region:`)));
        else rows.push(...rowsOf(region, those, await parts.capacity.sizes(subscription, region, look), await parts.capacity.limits(subscription, region, look), wanted.reserve));
      }
      if (wanted.network !== undefined) {
        const network = await parts.networks.network(wanted.network, look);
        rows.push(...addresses(network, servers.length), ...elsewhere(network, servers, wanted.region));
      }
      return observationOf(rows, "Azure", parts.clock(), rows.flatMap(explain), `room for ${servers.length} servers`);
    },
  };
}

function rowsOf(region: string, servers: readonly ProtectedServer[], sizes: readonly MachineSize[], limits: readonly Limit[], reserve: Input["reserve"]): readonly CheckRow[] {
  const sized = servers.map((server) => ({ server, size: sizes.find((one) => same(one.name, server.recovery?.size ?? "")) }));
  const known = sized.flatMap(({ size }) => (size === undefined ? [] : [size]));
  const need = (name: string, count: number) => limitRow(region, limits.find((limit) => same(limit.name, name)), name, count);
  const cpus = (of: readonly MachineSize[]) => of.reduce((sum, size) => sum + size.vcpus, 0);
  return [
    ...sized.flatMap(({ server, size }) => sizeRow(region, server, size, sizes.length > 0)),
    ...[...Map.groupBy(known, (size) => size.family)].map(([family, those]) => need(family, cpus(those))),
    need("cores", cpus(known) + reserve),
    need("virtualMachines", servers.length),
    need("NetworkInterfaces", servers.length),
  ];
}

function sizeRow(region: string, server: ProtectedServer, size: MachineSize | undefined, listed: boolean): readonly CheckRow[] {
  const label = server.recovery?.size ?? "";
  const row = { target: server.name, label: label === "" ? "size" : label, status: region };
  if (label === "") return [{ ...row, verdict: "unknown", reason: `Azure does not say which size ${server.name} recovers to` }];
  if (size === undefined) return [{ ...row, verdict: listed ? "down" : "unknown", reason: listed ? `${label} is not offered in ${region}` : `Azure lists no sizes in ${region}` }];
  if (size.withheld !== null) return [{ ...row, verdict: "down", reason: `${label} cannot be had in ${region} by this subscription (${size.withheld})` }];
  const zone = server.recovery?.zone ?? "";
  if (zone !== "" && size.zones !== undefined && !size.zones.includes(zone)) return [{ ...row, verdict: "down", reason: `${label} cannot be had in zone ${zone} of ${region}, where ${server.name} recovers to (${size.zones.length === 0 ? "in none of its zones" : `zones ${size.zones.join(", ")} have it`})` }];
  return size.vcpus > 0 ? [] : [{ ...row, verdict: "unknown", reason: `Azure does not say how many vCPUs ${label} has` }];
}

function limitRow(region: string, limit: Limit | undefined, name: string, needed: number): CheckRow {
  if (limit === undefined) return { target: region, label: name, verdict: "unknown", status: `${needed} needed`, reason: `Azure gives no limit for ${name} in ${region}` };
  const free = limit.limit - limit.used;
  const status = `${limit.used} of ${limit.limit} used, ${needed} needed`;
  return { target: region, label: limit.words, verdict: needed <= free ? "up" : "down", status, reason: needed <= free ? status : `${limit.words} in ${region}: ${needed} are needed and ${Math.max(0, free)} of ${limit.limit} are free`, facts: { name: limit.name, used: limit.used, limit: limit.limit, needed } };
}

/** A server can be put into a network of its own region alone. */
function elsewhere({ name, region }: Awaited<ReturnType<NetworkReader["network"]>>, servers: readonly ProtectedServer[], named: string | undefined): readonly CheckRow[] {
  const far = servers.filter((server) => ![region, ""].includes((named ?? server.recovery?.region ?? "").toLowerCase()));
  if (region === "" || far.length === 0) return [];
  return [{ target: name, label: "region", verdict: "down", status: region, reason: `${name} lies in ${region}, and ${far.map((server) => server.name).slice(0, 5).join(", ")}${far.length > 5 ? ` and ${far.length - 5} more` : ""} recover to ${named ?? far[0]?.recovery?.region ?? ""}` }];
}

/** Azure keeps five addresses of every subnet. */
function addresses({ name, subnets }: Awaited<ReturnType<NetworkReader["network"]>>, needed: number): readonly CheckRow[] {
  const usable = subnets.filter((subnet) => !/^(?:GatewaySubnet|AzureBastionSubnet|AzureFirewallSubnet)$/.test(subnet.name)).map((subnet) => ({ ...subnet, free: Math.max(0, ...subnet.prefixes.map(sizeOf)) - 5 - subnet.taken }));
  const roomiest = usable.toSorted((a, b) => b.free - a.free)[0];
  if (roomiest === undefined) return [{ target: name, label: "addresses", verdict: "down", status: `${needed} needed`, reason: `${name} has no subnet for servers` }];
  const enough = roomiest.free >= needed;
  const status = `${roomiest.free} free in ${roomiest.name}, ${needed} needed`;
  return [{ target: name, label: "addresses", verdict: enough ? "up" : "down", status, reason: enough ? status : `${name}: ${needed} addresses are needed, and its roomiest subnet ${roomiest.name} has ${Math.max(0, roomiest.free)}` }];
}

function sizeOf(prefix: string): number {
  const bits = Number(/^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(prefix)?.[1]);
  return Number.isInteger(bits) && bits >= 0 && bits <= 32 ? 2 ** (32 - bits) : 0;
}

function unknown(target: string, reason: string): CheckRow {
  return { target, label: "quota", verdict: "unknown", status: "", reason };
}

function explain(row: CheckRow): readonly string[] {
  if (row.verdict !== "down") return [];
  if (row.label === "addresses") return [`${row.reason}. Give the network another subnet, or take a larger one.`];
  if (row.label === "region") return [`${row.reason}. Choose a network of that region: Azure would refuse the failover.`];
  if (row.facts !== undefined) return [`${row.reason}. Raise the quota in the portal (Usage + quotas) before the drill: Azure would start some servers and fail the others.`];
  return [`${row.reason}. Choose another size in the server's Compute settings in the vault.`];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
