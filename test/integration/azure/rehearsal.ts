import { createHash } from "node:crypto";
import { connectAzure } from "../../../src/azure/connect.ts";
import type { Azure, AzureOptions } from "../../../src/azure/connect.ts";
import { simulatorConnection } from "../../../src/azure/simulator-connection.ts";
import type { RequestRecord } from "../../../src/drills/events.ts";
import type { Look, Send } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../../src/simulator/start.ts";
import type { Simulator, SimulatorOptions } from "../../../src/simulator/start.ts";

export const probeScript = "# the probe, known by its hash\n";
export const subscription = payroll.subscription;
export const planId = `/subscriptions/${subscription}/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll/replicationRecoveryPlans/rp-payroll`;
export const networkId = `/subscriptions/${subscription}/resourceGroups/rg-dr/providers/Microsoft.Network/virtualNetworks/vnet-dr-isolated`;

/** What the fact sheet gives as the properties of a plan's test failover: provider details are an array. */
export const testFailoverInput: Json = {
  failoverDirection: "PrimaryToRecovery",
  networkType: "VmNetworkAsInput",
  networkId,
  providerSpecificDetails: [{ instanceType: "A2A", recoveryPointType: "LatestProcessed" }],
};

/** A clock that stands still until it is moved. */
export function handClock(start = "2026-11-20T08:00:00Z") {
  let now = new Date(start).getTime();
  return { clock: () => new Date(now), passSeconds: (seconds: number) => void (now += seconds * 1000) };
}

export type Rehearsal = { readonly simulator: Simulator; readonly azure: Azure; readonly passSeconds: (seconds: number) => void; readonly clock: () => Date };

/** A simulator at real pace under a hand-moved clock, and Azure connected to it. */
export async function rehearsal(simulated: Partial<SimulatorOptions> = {}, azure: Partial<AzureOptions> = {}): Promise<Rehearsal> {
  const hand = handClock();
  const knownScripts = new Set([createHash("sha256").update(probeScript).digest("hex")]);
  const simulator = await startSimulator({ estate: payroll, pace: 1, knownScripts, seed: "test", clock: hand.clock, ...simulated });
  return { simulator, azure: connected(simulator, hand.clock, azure), ...hand };
}

export function connected(simulator: Simulator, clock: () => Date, azure: Partial<AzureOptions> = {}): Azure {
  return connectAzure({ ...simulatorConnection(simulator.url), subscriptions: [subscription], retryDelayMs: 1, scriptPollMs: 5, now: clock, ...azure });
}

/** A look whose requests can be read afterwards. */
export function look(): Look & { readonly records: readonly RequestRecord[] } {
  const records: RequestRecord[] = [];
  return { signal: new AbortController().signal, record: (one) => records.push(one), records };
}

/** A send that is good for a minute after `clock`. */
export function send(clock: () => Date, tag = "drill-7-tfo-1"): Send & { readonly records: readonly RequestRecord[] } {
  return { ...look(), tag, sendBy: new Date(clock().getTime() + 60_000) };
}

/** Lets simulated time pass as long as `work` goes on, for what is looked at until it ends. */
export async function whileTimePasses<T>({ passSeconds }: Pick<Rehearsal, "passSeconds">, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => passSeconds(5), 5);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

export function posts(simulator: Simulator): readonly Simulator["requests"][number][] {
  return simulator.requests.filter((request) => request.method === "POST");
}
