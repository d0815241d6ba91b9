import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { SiteRecoveryReader, SiteRecoveryWriter } from "../actions/ports.ts";
import type { BalancerReader, CapacityReader, EstateReader, MachineReader, NetworkReader, RightsReader, ScriptRunner, ServerAddresses } from "../checks/ports.ts";
import type { Clock } from "../drills/ports.ts";
import { clouds } from "./cloud.ts";
import type { CloudName } from "./cloud.ts";
import { balancerReader } from "./balancer-reader.ts";
import { blobFetch } from "./boot-blob.ts";
import { capacityReader } from "./capacity-reader.ts";
import { connection } from "./connection.ts";
import { estateReader } from "./estate-reader.ts";
import { resourceManagerOnly } from "./http-client.ts";
import { machineReader } from "./machine-reader.ts";
import { networkReader } from "./network-reader.ts";
import { replicationReader } from "./replication-reader.ts";
import { rightsReader } from "./rights-reader.ts";
import { scriptRunner } from "./script-runner.ts";
import { serverAddresses } from "./server-addresses.ts";
import { siteRecoveryWriter } from "./site-recovery-writer.ts";

export type AzureOptions = {
  readonly credential: TokenCredential;
  /** The subscriptions that Drillbook may touch and whose plans and networks it lists. */
  readonly subscriptions: readonly string[];
  readonly cloud?: CloudName;
  /** Where requests go instead of to Azure: `toSimulator`, or a fake. */
  readonly httpClient?: HttpClient;
  /** How long one attempt at one request may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** First delay before a read is tried again, in milliseconds; it doubles, three times at most. */
  readonly retryDelayMs?: number;
  /** How long to wait between two looks at a running script, in milliseconds. */
  readonly scriptPollMs?: number;
  /** Where boot records are read instead of from Azure's storage: a simulator's origin. */
  readonly blobOrigin?: string;
  readonly now?: Clock;
  readonly newId?: () => string;
};

export type Azure = {
  readonly reader: SiteRecoveryReader;
  readonly writer: SiteRecoveryWriter;
  readonly scripts: ScriptRunner;
  readonly addresses: ServerAddresses;
  readonly machines: MachineReader;
  readonly capacity: CapacityReader;
  readonly rights: RightsReader;
  readonly balancers: BalancerReader;
  readonly networks: NetworkReader;
  readonly estate: EstateReader;
};

/** Azure as the rest of Drillbook knows it. Nothing is sent until something is asked. */
export function connectAzure(options: AzureOptions): Azure {
  const cloud = clouds[options.cloud ?? "public"];
  const clients = connection({
    credential: options.credential,
    httpClient: options.httpClient ?? resourceManagerOnly(cloud),
    cloud,
    subscriptions: options.subscriptions,
    timeoutMs: options.timeoutMs ?? 30_000,
    retryDelayMs: options.retryDelayMs ?? 1_000,
    now: options.now ?? (() => new Date()),
  });
  return {
    reader: replicationReader(clients),
    writer: siteRecoveryWriter(clients),
    scripts: scriptRunner(clients, { pollMs: options.scriptPollMs ?? 2_000, newId: options.newId ?? randomUUID }),
    addresses: serverAddresses(clients),
    machines: machineReader(clients, blobFetch(options.blobOrigin ?? null)),
    capacity: capacityReader(clients),
    rights: rightsReader(clients),
    balancers: balancerReader(clients, options.scriptPollMs ?? 2_000),
    networks: networkReader(clients),
    estate: estateReader(clients),
  };
}
