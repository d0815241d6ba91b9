import { BlockList, isIP } from "node:net";

/**
 * Addresses that Drillbook's own host must never be made to ask: itself, the platform's metadata and wire servers, and
 * the ranges that translate into them. BlockList matches IPv4 rules against ::ffff: forms by itself, but not the older
 * ::a.b.c.d, NAT64 and 6to4 forms, which are therefore refused whole.
 */
const never = blockList([
  ["0.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["168.63.129.16", 32], ["192.0.0.0", 24],
  ["198.18.0.0", 15], ["224.0.0.0", 3],
  ["::", 96], ["64:ff9b::", 96], ["64:ff9b:1::", 48], ["100::", 64], ["2001::", 32], ["2002::", 16], ["fd00:ec2::254", 128],
  ["fe80::", 10], ["fec0::", 10], ["ff00::", 8],
]);

const platform = blockList([["169.254.0.0", 16], ["168.63.129.16", 32], ["fe80::", 10], ["64:ff9b::", 96]]);

/** Further spellings and places of metadata servers, for whoever may ask everything else. */
const elsewhere = blockList([["100.100.100.200", 32], ["192.0.0.192", 32], ["fd00:ec2::254", 128], ["2002::", 16], ["64:ff9b:1::", 48], ["::a9fe:0", 112], ["::a83f:8110", 128]]);

const privateRanges = blockList([["10.0.0.0", 8], ["172.16.0.0", 12], ["192.168.0.0", 16], ["fc00::", 7]]);

/**
 * What an asker may reach. `own`: a person at their own machine, who may ask it and its network; never the platform's
 * servers. `alsoPort`: the one port below 1024 that the check is about, such as 53.
 */
export type Policy = { readonly allowPrivate: boolean; readonly own?: boolean; readonly alsoPort?: number };

/** Why this address must not be asked from the bot, completing "it is …"; null when it may be. */
export function refusal(address: string, policy: Policy): string | null {
  const family = isIP(address);
  // A zone ("fe80::1%eth0") names an interface of this host, which no target has any business to do.
  if (family === 0 || address.includes("%")) return "not an address";
  const kind = family === 4 ? "ipv4" : "ipv6";
  if (policy.own === true) return platform.check(address, kind) || elsewhere.check(address, kind) ? "a link-local, metadata or platform address" : null;
  if (never.check(address, kind)) return "a loopback, link-local, metadata or platform address";
  if (!policy.allowPrivate && privateRanges.check(address, kind)) return "in a private range";
  return null;
}

/** The platform's own servers answer a test server too, with what no evidence should hold. Completes "it is …". */
export function refusalFromServer(address: string): string | null {
  const family = isIP(address);
  if (family === 0) return null;
  const kind = family === 4 ? "ipv4" : "ipv6";
  return platform.check(address, kind) || elsewhere.check(address, kind) ? "a metadata or platform address" : null;
}

/** Below 1024 only the web's own ports: a check must not become a port scanner for other services. */
export function portAllowed(port: number, policy?: Policy): boolean {
  return policy?.own === true || port === 80 || port === 443 || port >= 1024;
}

function blockList(subnets: readonly (readonly [network: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIP(network) === 4 ? "ipv4" : "ipv6");
  return list;
}
