import { z } from "zod";
import { durationMs } from "../runbooks/duration.ts";

const name = z.string().min(1).max(120);
const text = z.string().max(4_000);
/** An action as a role names it, for example `Microsoft.Compute/virtualMachines/read`. */
const right = z.string().min(1).max(400);
const serviceError = z.strictObject({ code: name, message: text, possibleCauses: text, recommendedAction: text });

/** A script by its SHA-256; in a file it may be a path beside that file instead. */
const script = z.string().regex(/^[0-9a-f]{64}$/, "This is no SHA-256.\nWrite 64 hexadecimal digits, or a path beside this file.");
const said = { exitCode: z.int().default(0), output: z.string().max(4_096).default(""), error: z.string().max(4_096).default("") };
const scriptOutput = z.strictObject({ script, ...said });

const site = z.strictObject({ host: name, title: text, text, redirect: text.optional() });
const securityRule = z.strictObject({
  name,
  direction: z.enum(["Inbound", "Outbound"]),
  access: z.enum(["Allow", "Deny"]),
  priority: z.int().min(100).max(4096),
  to: name,
  from: name.optional(),
  ports: name.optional(),
  protocol: z.enum(["*", "Tcp", "Udp", "Icmp"]).optional(),
});
const server = z.strictObject({
  name,
  address: z.ipv4(),
  size: name.default("Standard_D2s_v5"),
  rpoSeconds: z.int().nonnegative().default(180),
  sites: z.array(site).default([]),
  scripts: z.array(scriptOutput).optional(),
  zone: z.enum(["1", "2", "3"]).optional(),
  publicAddress: name.optional(),
  rules: z.array(securityRule).optional(),
});
const vault = z.strictObject({
  name,
  resourceGroup: name,
  location: name,
  primaryLocation: name,
  recoveryLocation: name,
  recoveryResourceGroup: name,
  provider: z.enum(["A2A", "HyperVReplicaAzure"]).optional(),
  primaryNetwork: name.optional(),
  recoveryNetwork: name.optional(),
  servers: z.array(server).min(1).max(500),
  plans: z.array(
    z.strictObject({
      name,
      groups: z.array(z.array(name).min(1)).min(1).max(7),
      manualActions: z.array(z.strictObject({ name, description: text, before: z.int().min(1).max(7) })).optional(),
    }),
  ),
});
const network = z.strictObject({
  name,
  resourceGroup: name,
  location: name,
  prefix: z.cidrv4(),
  subnet: name.default("default"),
  dnsServers: z.array(z.ipv4()).optional(),
  peerings: z.array(z.strictObject({ name, to: name, state: z.enum(["Connected", "Disconnected", "Initiated"]).optional(), gatewayTransit: z.boolean().optional(), remoteGateways: z.boolean().optional() })).optional(),
  routes: z.array(z.strictObject({ name, prefix: z.cidrv4(), via: z.enum(["Internet", "None", "VirtualAppliance", "VirtualNetworkGateway", "VnetLocal"]), address: z.ipv4().optional() })).optional(),
  rules: z.array(securityRule).optional(),
  hub: name.optional(),
  learned: z.array(z.strictObject({ prefix: z.cidrv4(), via: z.enum(["VirtualNetworkGateway", "VirtualAppliance", "VNetPeering"]), address: z.ipv4().optional() })).optional(),
  serviceEndpoints: z.array(name).optional(),
  privateEndpoints: z.array(z.strictObject({ name, to: text })).optional(),
  gateway: z.strictObject({ name, type: z.enum(["Vpn", "ExpressRoute"]) }).optional(),
  natGateway: name.optional(),
  defaultOutbound: z.boolean().optional(),
});
const port = z.int().min(1).max(65_535);
const traffic = z.strictObject({
  name,
  resourceGroup: name,
  dnsName: name,
  ttl: z.int().nonnegative(),
  routing: z.enum(["Priority", "Weighted", "Performance"]),
  monitor: z.strictObject({ protocol: z.enum(["HTTP", "HTTPS", "TCP"]), port, path: text, interval: z.int().positive(), timeout: z.int().positive(), failures: z.int().nonnegative() }),
  endpoints: z.array(z.strictObject({ name, kind: z.enum(["azureEndpoints", "externalEndpoints"]), target: text, priority: z.int().min(1).max(1000), weight: z.int().min(1).max(1000).optional(), enabled: z.boolean(), health: z.enum(["Online", "Degraded"]).optional() })),
});
const dnsZone = z.strictObject({ name, resourceGroup: name, records: z.array(z.strictObject({ name, type: z.enum(["A", "AAAA", "CNAME", "TXT"]), ttl: z.int().nonnegative(), values: z.array(text).min(1) })) });
const loadBalancer = z.strictObject({
  name,
  resourceGroup: name,
  location: name,
  rules: z.array(z.strictObject({ name, port, probe: z.strictObject({ protocol: z.enum(["Tcp", "Http", "Https"]), port, path: text.optional() }), servers: z.array(name) })),
});
const applicationGateway = z.strictObject({ name, resourceGroup: name, location: name, pools: z.array(z.strictObject({ name, servers: z.array(name), settings: name, port, host: name.optional() })) });

/** A simulated subscription as a file has it. */
export const estateFile = z.strictObject({
  subscription: z.guid().default("00000000-0000-4000-8000-000000000001"),
  vaults: z.array(vault).min(1),
  networks: z.array(network).min(1),
  machines: z.array(z.strictObject({ name, resourceGroup: name, location: name, size: name, address: z.ipv4(), network: name, stopped: z.boolean().optional() })).optional(),
  arcMachines: z.array(z.strictObject({ name, resourceGroup: name, location: name })).optional(),
  traffic: z.array(traffic).optional(),
  dnsZones: z.array(dnsZone).optional(),
  withheld: z.array(z.strictObject({ location: name, size: name, zones: z.array(z.enum(["1", "2", "3"])).min(1).optional() })).optional(),
  privateZones: z.array(z.strictObject({ name, resourceGroup: name, networks: z.array(name), registers: z.array(name).optional() })).optional(),
  loadBalancers: z.array(loadBalancer).optional(),
  applicationGateways: z.array(applicationGateway).optional(),
  quotas: z.array(z.strictObject({ location: name, name, used: z.int().nonnegative(), limit: z.int().nonnegative() })).optional(),
  grants: z.array(z.strictObject({ scope: text.optional(), actions: z.array(right), notActions: z.array(right).optional(), condition: text.optional() })).optional(),
  denials: z.array(z.strictObject({ name, scope: text.optional(), actions: z.array(right), notActions: z.array(right).optional(), principals: z.array(z.strictObject({ id: z.guid(), type: z.enum(["Group", "User", "ServicePrincipal"]) })).optional() })).optional(),
  scripts: z.array(scriptOutput).optional(),
});

const how = {
  times: z.union([z.int().positive(), z.null(), z.literal("always").transform(() => null)]).default(1),
  skip: z.int().nonnegative().optional(),
  after: z.union([durationMs, z.int().nonnegative()]).optional(),
  until: z.union([durationMs, z.int().nonnegative()]).optional(),
  during: z.enum(["idle", "test-failover", "test", "cleanup", "failover", "failed-over"]).optional(),
  task: name.optional(),
  chance: z.number().min(0).max(1).optional(),
};
const on = z.strictObject({ method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(), path: z.string().max(400).refine(isPattern, "This is no regular expression.").optional() });

/** One misfortune, as a scenario or the simulator's own door takes it. */
export const misfortuneSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("answer"), status: z.int().min(400).max(599), error: z.strictObject({ code: name, message: text }).optional(), retryAfterSeconds: z.number().nonnegative().optional(), on, ...how }),
  z.strictObject({ kind: z.literal("reset"), on, ...how }),
  z.strictObject({ kind: z.literal("hang"), on, ...how }),
  z.strictObject({ kind: z.literal("lost-answer"), on, ...how }),
  z.strictObject({ kind: z.literal("server-fails"), server: name, error: serviceError, jobEnds: z.enum(["Failed", "PartiallySucceeded"]), ...how }),
  z.strictObject({ kind: z.literal("cleanup-fails"), error: serviceError, ...how }),
  z.strictObject({ kind: z.literal("slow-job"), factor: z.number().positive(), ...how }),
  z.strictObject({ kind: z.literal("rpo"), server: name, seconds: z.number().nonnegative(), ...how }),
  z.strictObject({ kind: z.literal("sick-server"), server: name, how: z.enum(["boot-manager", "blue-screen", "no-agent"]), ...how }),
  z.strictObject({ kind: z.literal("script-says"), server: name, script: script.optional(), ...said, ...how }),
  z.strictObject({ kind: z.literal("peering"), network: name, to: name, ...how }),
  z.strictObject({ kind: z.literal("quota"), location: name, name, limit: z.int().nonnegative(), ...how }),
  z.strictObject({ kind: z.literal("no-right"), actions: z.array(right).min(1), ...how }),
  z.strictObject({ kind: z.literal("portal"), does: z.enum(["test-failover", "cleanup", "cancel-job"]), plan: name, ...how }),
]);

/** A scenario as a file has it: the estate by name, by path, or in full. */
export const scenarioFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "This is no name for a scenario.\nUse small letters, digits and hyphens."),
  teaches: text,
  watch: text.optional(),
  estate: z.union([name, estateFile]).default("payroll"),
  misfortunes: z.array(misfortuneSchema).max(200).default([]),
});

function isPattern(written: string): boolean {
  try {
    return new RegExp(written, "i") instanceof RegExp;
  } catch {
    return false;
  }
}
