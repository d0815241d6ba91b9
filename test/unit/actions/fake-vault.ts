import type { RecoveryPoint, SiteRecoveryReader, SiteRecoveryWriter } from "../../../src/actions/ports.ts";
import type { Job, JobTask, ProtectedServer, RecoveryPlan } from "../../../src/checks/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { DrillbookError } from "../../../src/errors.ts";

export const vault = "/subscriptions/s1/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll";
export const planId = `${vault}/replicationRecoveryPlans/rp-payroll`;
export const networkId = "/subscriptions/s1/resourceGroups/rg-dr/providers/Microsoft.Network/virtualNetworks/vnet-dr-isolated";
export const now = new Date("2026-11-21T21:05:00Z");
export const tag = "0b7c9f7e-3c1d-4a55-9d2b-0a1b2c3d4e5f";
export const look = { signal: new AbortController().signal, record: () => {} };
export const send = { ...look, tag, sendBy: new Date("2026-11-21T21:06:00Z") };

export function itemId(name: string): string {
  return `${vault}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/${name}`;
}

export function protectedServer(name: string, change: Partial<ProtectedServer> = {}): ProtectedServer {
  return {
    id: itemId(name),
    name,
    provider: "A2A",
    protectionState: "Protected",
    activeLocation: "Primary",
    replicationHealth: "Normal",
    rpoSeconds: 175,
    rpoCalculatedAt: "2026-11-21T21:03:00Z",
    testFailoverState: "None",
    allowedOperations: ["PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"],
    scenario: null,
    problems: [],
    testServer: null,
    ...change,
  };
}

/** As an item looks after its test failover. */
export function failedOver(name: string): ProtectedServer {
  return protectedServer(name, {
    testFailoverState: "WaitingForCompletion",
    allowedOperations: ["TestFailoverCleanup"],
    testServer: { name: `${name}-test`, id: `/subscriptions/s1/resourceGroups/rg-dr-test/providers/Microsoft.Compute/virtualMachines/${name}-test` },
  });
}

export function recoveryPlan(change: Partial<RecoveryPlan> = {}): RecoveryPlan {
  return {
    id: planId,
    name: "rp-payroll",
    providers: ["A2A"],
    allowedOperations: ["PlannedFailover", "UnplannedFailover", "TestFailover"],
    scenario: null,
    scenarioStatus: "",
    groups: [
      { type: "Shutdown", servers: [], actions: [] },
      { type: "Failover", servers: [], actions: [] },
      { type: "Boot", servers: [itemId("sql-payroll")], actions: [{ name: "Start the listener", failoverTypes: ["TestFailover", "UnplannedFailover"] }] },
      { type: "Boot", servers: [itemId("web-01"), itemId("web-02")], actions: [] },
    ],
    ...change,
  };
}

/** As a plan looks while its test failover waits for the cleanup. */
export const awaitingCleanup = recoveryPlan({
  allowedOperations: ["TestFailoverCleanup"],
  scenario: { name: "TestFailover", jobId: `${vault}/replicationJobs/j1` },
  scenarioStatus: "Suspended",
});

export function task(name: string, state: string, tasks: readonly JobTask[] = []): JobTask {
  return { name, state, stateDescription: state, startedAt: state === "NotStarted" ? "0001-01-01T00:00:00Z" : "2026-11-21T21:05:10Z", endedAt: state === "Succeeded" ? "2026-11-21T21:06:00Z" : null, tasks };
}

export function job(change: Partial<Job> = {}): Job {
  return {
    id: `${vault}/replicationJobs/j1`,
    scenario: "TestFailover",
    state: "InProgress",
    stateDescription: "InProgress",
    activityId: `${tag} ActivityId: 9f1c`,
    targetName: "rp-payroll",
    startedAt: "2026-11-21T21:05:05Z",
    endedAt: null,
    tasks: [],
    problems: [],
    ...change,
  };
}

export type Vault = { plan: RecoveryPlan; servers: readonly ProtectedServer[]; jobs: readonly Job[]; points: readonly RecoveryPoint[]; unreachable: boolean };

/** A vault that is only its answers, and remembers what was written to it. */
export function fakeVault(change: Partial<Vault> = {}) {
  const vaultNow: Vault = {
    plan: recoveryPlan(),
    servers: [protectedServer("web-02"), protectedServer("sql-payroll", { rpoSeconds: 250 }), protectedServer("web-01")],
    jobs: [],
    points: [{ id: "/rp/1", at: "2026-11-21T21:00:00Z", type: "CrashConsistent" }],
    unreachable: false,
    ...change,
  };
  const written: { readonly what: string; readonly planId: string; readonly body: Json; readonly tag: string }[] = [];
  const reach = <T>(answer: () => T) => {
    if (vaultNow.unreachable) throw new DrillbookError("azure-unreachable", "No answer from Azure.", "Try again.");
    return answer();
  };
  const reader: SiteRecoveryReader = {
    plan: async () => reach(() => vaultNow.plan),
    servers: async () => reach(() => vaultNow.servers),
    serversOf: async () => reach(() => vaultNow.servers),
    serversIn: async () => reach(() => vaultNow.servers),
    server: async (id) => reach(() => vaultNow.servers.find((server) => server.id === id) ?? protectedServer("unknown")),
    recoveryPoints: async () => reach(() => vaultNow.points),
    job: async (id) => reach(() => vaultNow.jobs.find((j) => j.id === id) ?? job({ id })),
    jobsSince: async (_plan, since) => reach(() => vaultNow.jobs.filter((j) => j.startedAt === null || Date.parse(j.startedAt) < 0 || Date.parse(j.startedAt) >= since.getTime())),
  };
  const wrote = (what: string, id: string, body: Json, sent: { readonly tag: string }) => {
    written.push({ what, planId: id, body, tag: sent.tag });
    return Promise.resolve({ jobId: `${vault}/replicationJobs/${what === "testFailoverCleanup" ? "j2" : "j1"}` });
  };
  const writer: SiteRecoveryWriter = {
    testFailover: (id, body, sent) => wrote("testFailover", id, body, sent),
    testFailoverCleanup: (id, comments, sent) => wrote("testFailoverCleanup", id, comments, sent),
    plannedFailover: (id, body, sent) => wrote("plannedFailover", id, body, sent),
    unplannedFailover: (id, body, sent) => wrote("unplannedFailover", id, body, sent),
    failoverCommit: (id, sent) => wrote("failoverCommit", id, null, sent),
    failoverCancel: (id, sent) => wrote("failoverCancel", id, null, sent),
    reprotect: (id, body, sent) => wrote("reprotect", id, body, sent),
    resumeJob: (id, comments, sent) => wrote("resumeJob", id, comments, sent),
    switchProtection: (id, body, sent) => wrote("switchProtection", id, body, sent),
  };
  return { vault: vaultNow, reader, writer, written };
}
