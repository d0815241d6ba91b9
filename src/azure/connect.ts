import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { MachineReader, MachineWriter } from "../actions/compute-ports.ts";
import type { SiteRecoveryReader, SiteRecoveryWriter } from "../actions/ports.ts";
import type { TrafficReader, TrafficWriter } from "../actions/traffic-ports.ts";
import type { BalancerReader, BootReader, CapacityReader, EstateReader, NetworkReader, RightsReader, ScriptRunner, ServerAddresses } from "../checks/ports.ts";
import type { Clock } from "../drills/ports.ts";
import { clouds } from "./cloud.ts";
import type { CloudName } from "./cloud.ts";
import { balancerReader } from "./balancer-reader.ts";
import { blobFetch } from "./boot-blob.ts";
import { capacityReader } from "./capacity-reader.ts";
import { connection } from "./connection.ts";
import { estateReader } from "./estate-reader.ts";
import { resourceManagerOnly } from "./http-client.ts";
import { bootReader } from "./boot-reader.ts";
import { networkReader } from "./network-reader.ts";
import { replicationReader } from "./replication-reader.ts";
import { rightsReader } from "./rights-reader.ts";
import { arcScriptRunner, byKindOfServer } from "./arc-script-runner.ts";
import { scriptRunner } from "./script-runner.ts";
import type { Sleep } from "./script-runner.ts";
import { serverAddresses } from "./server-addresses.ts";
import { machineReader, machineWriter } from "./machines.ts";
import { trafficReader, trafficWriter } from "./traffic.ts";
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
  /** How a running script is waited for between two looks. Absent: in real time. */
  readonly sleep?: Sleep;
  /** Where boot records are read instead of from Azure's storage: a simulator's origin. */
  readonly blobOrigin?: string;
  readonly now?: Clock;
  readonly newId?: () => string;
};

export type Azure = {
  readonly reader: SiteRecoveryReader;
  readonly writer: SiteRecoveryWriter;
  readonly machines: MachineReader;
  readonly machineWriter: MachineWriter;
  readonly traffic: TrafficReader;
  readonly trafficWriter: TrafficWriter;
  readonly scripts: ScriptRunner;
  readonly addresses: ServerAddresses;
  readonly boots: BootReader;
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
  const scripts = { pollMs: options.scriptPollMs ?? 2_000, newId: options.newId ?? randomUUID, sleep: options.sleep ?? realSleep };
  return {
    reader: replicationReader(clients),
    scripts: byKindOfServer({ azure: scriptRunner(clients, scripts), arc: arcScriptRunner(clients, scripts) }),
    writer: siteRecoveryWriter(clients),
    machines: machineReader(clients),
    machineWriter: machineWriter(clients),
    traffic: trafficReader(clients),
    trafficWriter: trafficWriter(clients),
    addresses: serverAddresses(clients),
    boots: bootReader(clients, blobFetch(options.blobOrigin ?? null)),
    capacity: capacityReader(clients),
    rights: rightsReader(clients),
    balancers: balancerReader(clients, options.scriptPollMs ?? 2_000),
    networks: networkReader(clients, options.scriptPollMs ?? 2_000),
    estate: estateReader(clients),
  };
}

const realSleep: Sleep = (ms, signal) => delay(ms, undefined, { signal });
