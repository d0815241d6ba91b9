import { z } from "zod";
import type { Check, Clock } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId } from "../runbooks/resource-id.ts";
import type { DrillHistory, Job, ProtectedServer, ProvenDrill, ReplicationReader } from "./ports.ts";
import { observationOf } from "./rows.ts";
import type { CheckRow } from "./rows.ts";

const dayMs = 86_400_000;

const lastTestInput = z.strictObject({
  plan: recoveryPlanId,
  maxAge: durationText({ min: dayMs, max: 1000 * dayMs }).default("90d"),
  /** Who must have proved that the servers worked: a drill of this installation, or nobody beside Azure. */
  proof: z.enum(["drill", "azure"]).default("drill"),
});

type Input = z.infer<typeof lastTestInput>;

const vault = "Microsoft.RecoveryServices/vaults";

/** What the compiler knows of `check asr-last-test`. */
export const asrLastTestFacts: CheckFacts = {
  type: "asr-last-test",
  summary: "The last test failover, its proof and its cleanup all succeeded, and that is not too long ago",
  schema: lastTestInput,
  permissions: [
    `${vault}/replicationRecoveryPlans/read`,
    `${vault}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read`,
    `${vault}/replicationJobs/read`,
  ],
};

export type LastTestParts = { readonly reader: ReplicationReader; readonly history?: DrillHistory; readonly clock: Clock };

/**
 * The check `asr-last-test`, server by server. A failover that Azure calls successful is a third of a test: somebody must have
 * proved the servers, and they must have been cleaned up.
 */
export function asrLastTestCheck(parts: LastTestParts): Check {
  return {
    facts: asrLastTestFacts,
    async observe(input, look) {
      const wanted = readInput(asrLastTestFacts.type, lastTestInput, input);
      const now = parts.clock();
      const servers = await parts.reader.servers(wanted.plan, look);
      const oldest = Math.min(now.getTime(), ...servers.flatMap((server) => (server.lastTestedAt ? [Date.parse(server.lastTestedAt)] : [])));
      const jobs = await parts.reader.jobsSince(wanted.plan, new Date(oldest - dayMs), look);
      const proven = wanted.proof === "azure" ? null : ((await parts.history?.lastProven(wanted.plan)) ?? null);
      const rows = servers.map((server) => rowOf(server, { wanted, jobs, proven, now }));
      const empty: CheckRow = { target: "plan", label: "last test", verdict: "down", status: "", reason: "the plan has no servers" };
      const ages = servers.flatMap(({ lastTestedAt }) => (lastTestedAt ? [now.getTime() - Date.parse(lastTestedAt)] : []));
      return observationOf(rows.length === 0 ? [empty] : rows, "Azure", now, rows.flatMap(explain), `tested, proved and cleaned up ${sayDuration(rounded(Math.max(0, ...ages)))} ago`);
    },
  };
}

type Known = { readonly wanted: Input; readonly jobs: readonly Job[]; readonly proven: ProvenDrill | null; readonly now: Date };

function rowOf(server: ProtectedServer, { wanted, jobs, proven, now }: Known): CheckRow {
  const row = { target: server.name, label: "last test" };
  if (!server.lastTestedAt) return { ...row, verdict: "down", status: "never", reason: `no test failover of ${server.name} ever succeeded` };
  const at = Date.parse(server.lastTestedAt);
  const facts = { lastTestedAt: server.lastTestedAt, drill: proven?.id ?? null, testFailoverState: server.testFailoverState };
  const ageMs = now.getTime() - at;
  const status = `${sayDuration(rounded(ageMs))} ago`;
  const pending = server.allowedOperations.includes("TestFailoverCleanup") || server.scenario !== null;
  if (pending) return { ...row, verdict: "down", status, reason: `its test failover of ${server.lastTestedAt.slice(0, 10)} is not cleaned up`, facts };
  const failed = cleanupFailed(jobs, at);
  if (failed !== null) return { ...row, verdict: "down", status, reason: `the cleanup of its last test failover ended ${failed.state}`, facts };
  const mostMs = parseDuration(wanted.maxAge) ?? 0;
  // Rounded, an age just over the limit would read like the limit.
  const age = sayDuration(rounded(ageMs) > mostMs ? rounded(ageMs) : ageMs);
  if (ageMs > mostMs) return { ...row, verdict: "down", status, reason: `it was last tested ${age} ago, and ${sayDuration(mostMs)} is the most`, facts };
  if (wanted.proof === "azure") return { ...row, verdict: "up", status, reason: `tested ${status} and cleaned up; nothing was asked of what it proved`, facts };
  if (proven === null || !covers(proven, at)) return { ...row, verdict: "unknown", status, reason: `Azure tested ${server.name} ${status}, and no drill here says that anybody proved it${proven === null ? "" : ` (the last that did is ${proven.id}, ended ${proven.endedAt.slice(0, 10)})`}`, facts };
  return { ...row, verdict: "up", status, reason: `tested ${status}, proved in drill ${proven.id}, cleaned up`, facts };
}

/** The drill was under way when Azure began the test; clocks may differ by some minutes. */
function covers({ startedAt, endedAt }: ProvenDrill, at: number): boolean {
  return Date.parse(startedAt) - 300_000 <= at && at <= Date.parse(endedAt) + 300_000;
}

/** The newest cleanup after the test, when it did not succeed. */
function cleanupFailed(jobs: readonly Job[], since: number): Job | null {
  const last = jobs.filter((job) => job.scenario === "TestFailoverCleanup" && job.startedAt !== null && Date.parse(job.startedAt) >= since).toSorted((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? "")).at(-1);
  return last !== undefined && /^(?:failed|cancelled|partiallysucceeded)$/i.test(last.state) ? last : null;
}

function rounded(ms: number): number {
  if (ms >= 2 * dayMs) return Math.floor(ms / dayMs) * dayMs;
  return ms >= 60_000 ? Math.floor(ms / 60_000) * 60_000 : Math.max(1000, Math.floor(ms / 1000) * 1000);
}

function explain(row: CheckRow): readonly string[] {
  return row.verdict === "down" ? [`${row.target}: ${row.reason}.`] : [];
}
