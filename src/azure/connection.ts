import { AuthorizationManagementClient } from "@azure/arm-authorization";
import type { ComputeManagementClient } from "@azure/arm-compute";
import { DnsManagementClient } from "@azure/arm-dns";
import type { NetworkManagementClient } from "@azure/arm-network";
import { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";
import { TrafficManagerManagementClient } from "@azure/arm-trafficmanager";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Clock } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { Cloud } from "./cloud.ts";
import { limitThrottleWait, limitTime, sendOnce } from "./request-limits.ts";
import { recordRequests } from "./request-record.ts";
import { throttling } from "./throttling.ts";

export type ConnectionOptions = {
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly cloud: Cloud;
  /** The subscriptions Drillbook may touch; an id in any other is refused. */
  readonly subscriptions: readonly string[];
  /** How long one attempt at one request may take. */
  readonly timeoutMs: number;
  /** First delay before a read is tried again; it doubles. */
  readonly retryDelayMs: number;
  readonly now: Clock;
};

/**
 * SDK clients by subscription. `reader`, `compute`, `network` and `rights` retry by the SDK's default rule; `writer` sends each POST once and
 * `computeWriter` each PUT once. The clients of machines and networks are loaded when they are first wanted: together they take longer
 * than the rest of Azure's, and a restart need not wait for them.
 */
export type Connection = {
  readonly subscriptions: readonly string[];
  readonly reader: (subscription: string) => SiteRecoveryManagementClient;
  readonly writer: (subscription: string) => SiteRecoveryManagementClient;
  readonly compute: (subscription: string) => Promise<ComputeManagementClient>;
  readonly network: (subscription: string) => Promise<NetworkManagementClient>;
  readonly rights: (subscription: string) => AuthorizationManagementClient;
  readonly computeWriter: (subscription: string) => Promise<ComputeManagementClient>;
  /** As `writer` does: one request, and only within a write. */
  readonly machineWriter: (subscription: string) => Promise<ComputeManagementClient>;
  readonly traffic: (subscription: string) => TrafficManagerManagementClient;
  readonly trafficWriter: (subscription: string) => TrafficManagerManagementClient;
  readonly dns: (subscription: string) => DnsManagementClient;
  readonly dnsWriter: (subscription: string) => DnsManagementClient;
  /** For what no SDK knows: any request, sent once. */
  readonly once: (subscription: string) => SiteRecoveryManagementClient;
  readonly endpoint: string;
  /** The directory's id of the identity in use, as its token says; null where the token does not. */
  readonly ownId: (signal: AbortSignal) => Promise<string | null>;
};

/** Builds the clients; nothing is sent. */
export function connection(options: ConnectionOptions): Connection {
  const { timeoutMs, now } = options;
  const evidence = recordRequests(now);
  // One for all clients: drills share Azure's limits. Waiting comes before the time limit of an attempt, which it is no part of.
  const { waitForTurn, learn } = throttling(now);
  const reads = clientOptions(options, [waitForTurn, limitTime(timeoutMs), limitThrottleWait(), learn, evidence], 3);
  const oneTry = clientOptions(options, [waitForTurn, limitTime(timeoutMs), learn, evidence], 0);
  // The send-by check comes after everything that could wait, the record inside it so that it holds only what was sent.
  const writes = clientOptions(options, [waitForTurn, limitTime(timeoutMs), sendOnce(now), learn, evidence], 0);
  return {
    subscriptions: options.subscriptions,
    endpoint: reads.endpoint,
    ownId: async (abortSignal) => ownIdIn((await options.credential.getToken(reads.credentialScopes, { abortSignal }))?.token ?? ""),
    reader: perSubscription(options.subscriptions, (id) => new SiteRecoveryManagementClient(options.credential, id, reads)),
    writer: perSubscription(options.subscriptions, (id) => new SiteRecoveryManagementClient(options.credential, id, writes)),
    compute: perSubscription(options.subscriptions, async (id) => new (await import("@azure/arm-compute")).ComputeManagementClient(options.credential, id, reads)),
    once: perSubscription(options.subscriptions, (id) => new SiteRecoveryManagementClient(options.credential, id, oneTry)),
    network: perSubscription(options.subscriptions, async (id) => new (await import("@azure/arm-network")).NetworkManagementClient(options.credential, id, reads)),
    rights: perSubscription(options.subscriptions, (id) => new AuthorizationManagementClient(options.credential, id, reads)),
    computeWriter: perSubscription(options.subscriptions, async (id) => new (await import("@azure/arm-compute")).ComputeManagementClient(options.credential, id, oneTry)),
    machineWriter: perSubscription(options.subscriptions, async (id) => new (await import("@azure/arm-compute")).ComputeManagementClient(options.credential, id, writes)),
    traffic: perSubscription(options.subscriptions, (id) => new TrafficManagerManagementClient(options.credential, id, reads)),
    trafficWriter: perSubscription(options.subscriptions, (id) => new TrafficManagerManagementClient(options.credential, id, writes)),
    dns: perSubscription(options.subscriptions, (id) => new DnsManagementClient(options.credential, id, reads)),
    dnsWriter: perSubscription(options.subscriptions, (id) => new DnsManagementClient(options.credential, id, writes)),
  };
}

/** Azure gave the token and checks it: it is only read here, for whom it is. */
function ownIdIn(token: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const id = typeof claims === "object" && claims !== null && "oid" in claims ? claims.oid : null;
    return typeof id === "string" && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : null;
  } catch {
    return null;
  }
}

function clientOptions(options: ConnectionOptions, policies: readonly PipelinePolicy[], maxRetries: number) {
  const endpoint = `https://${options.cloud.host}`;
  const scope = `${endpoint}/.default`;
  return {
    endpoint,
    credentialScopes: scope,
    credentials: { scopes: [scope] },
    httpClient: options.httpClient,
    retryOptions: { maxRetries, retryDelayInMs: options.retryDelayMs },
    // Resource Manager never redirects; a followed redirect would send a write twice or a token elsewhere.
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: policies.map((policy) => ({ policy, position: "perRetry" as const })),
  };
}

function perSubscription<Client>(allowed: readonly string[], create: (subscription: string) => Client): (subscription: string) => Client {
  const clients = new Map<string, Client>();
  return (subscription) => {
    const key = subscription.toLowerCase();
    if (!allowed.some((one) => one.toLowerCase() === key)) throw otherSubscription(subscription);
    const client = clients.get(key) ?? create(key);
    clients.set(key, client);
    return client;
  };
}

function otherSubscription(subscription: string): DrillbookError {
  return new DrillbookError("not-allowed", `Subscription ${subscription} is not one that Drillbook is set up for.`, "Choose a resource of a configured subscription, or add the subscription to the settings.");
}
