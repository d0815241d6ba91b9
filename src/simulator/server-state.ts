import { elapsed, endOf, jobState, timeline } from "./timeline.ts";
import { jobsOfServer } from "./world.ts";
import type { JobRecord, World } from "./world.ts";

/** `busy` stands for every job that is no test failover or its clean-up. */
export type Phase = "idle" | "failing-over" | "cleanup-due" | "cleaning" | "cleaned" | "busy" | "commit-due" | "committed";

/** Where a protected server stands at a moment, as its jobs left it. */
export type ServerState = {
  readonly phase: Phase;
  readonly job: JobRecord | null;
  /** Whether the test server's VM exists, and whether it has started. */
  readonly machine: "none" | "created" | "running";
  /** The test failover that made it. */
  readonly test: JobRecord | null;
  /** Whether the last job failed for this very server. */
  readonly failed: boolean;
  /** Where the server itself runs. */
  readonly location: "Primary" | "Recovery";
  /** The side whose container the item lies in. */
  readonly home: "Primary" | "Recovery";
  /** The last failover that succeeded. */
  readonly failover: JobRecord | null;
  /** Whether there ever was a test failover whose clean-up ended well. */
  readonly tested: boolean;
};

const unborn: ServerState = { phase: "idle", job: null, machine: "none", test: null, failed: false, location: "Primary", home: "Primary", failover: null, tested: false };

/** State as a function of the jobs and the time: there is nothing to drift and nothing to tear down. */
export function serverState(world: World, vault: string, server: string, now: number): ServerState {
  const jobs = jobsOfServer(world, vault, server);
  const past = settledPast(jobs, server, now);
  return jobs.slice(past.jobs).reduce((before, job) => after(before, job, server, now), past.state);
}

/** What all but the last of a server's jobs made of it, from `since` on: they have ended and cannot be cancelled any more. */
type Past = { readonly jobs: number; readonly since: number; readonly state: ServerState };

// Replaying every job for every answer makes a long rehearsal slower with each drill of it.
const pasts = new WeakMap<readonly JobRecord[], Past>();
const noPast: Past = { jobs: 0, since: Number.NEGATIVE_INFINITY, state: unborn };

function settledPast(jobs: readonly JobRecord[], server: string, now: number): Past {
  const known = pasts.get(jobs) ?? noPast;
  // A clock that was put back may show a job of the past under way again.
  let past = now < known.since ? noPast : known;
  for (const job of jobs.slice(past.jobs, -1)) {
    if (!jobState(job, now).over) break;
    past = { jobs: past.jobs + 1, since: now, state: after(past.state, job, server, now) };
  }
  if (past.jobs > known.jobs) pasts.set(jobs, past);
  return past;
}

function after(before: ServerState, job: JobRecord, server: string, now: number): ServerState {
  const over = jobState(job, now).over;
  const failed = job.failing.some((one) => one.server === server);
  const state = { ...before, job, failed, machine: "none" as const };
  switch (job.scenario) {
    case "TestFailover":
      return { ...state, phase: over ? "cleanup-due" : "failing-over", test: job, machine: machineDuringFailover(job, server, now) };
    case "TestFailoverCleanup": {
      const cleaned = over && job.cancelledAt === null && !failed;
      const gone = before.machine === "none" || cleaned || (!failed && elapsed(job, now) >= lastStepEnd(job, server));
      return { ...state, phase: cleaned ? "cleaned" : over ? "cleanup-due" : "cleaning", machine: gone ? "none" : before.machine, tested: before.tested || cleaned };
    }
    case "PlannedFailover":
    case "UnplannedFailover":
      return finished(before, state, over, failed, { phase: "commit-due", location: other(before.location), failover: job });
    case "CommitFailover":
      return finished(before, state, over, failed, { phase: "committed" });
    case "CancelFailover":
      return finished(before, state, over, failed, { phase: before.location === "Primary" ? "committed" : "idle", location: other(before.location) });
    case "ChangeRecoveryPoint":
      return finished(before, state, over, failed, { phase: before.phase, failover: before.failover });
    case "ReverseReplication":
      return finished(before, state, over, failed, { phase: "idle", home: job.switchesTo ?? before.home });
  }
}

/** A job that did not end well leaves the server where it was. */
function finished(before: ServerState, state: ServerState, over: boolean, failed: boolean, change: Partial<ServerState>): ServerState {
  if (!over) return { ...state, phase: "busy" };
  return failed || state.job?.cancelledAt !== null ? { ...state, phase: before.phase } : { ...state, ...change };
}

function other(side: ServerState["location"]): ServerState["location"] {
  return side === "Primary" ? "Recovery" : "Primary";
}

function machineDuringFailover(job: JobRecord, server: string, now: number): ServerState["machine"] {
  const steps = timeline(job).groups.flatMap((group) => group.runs.filter((run) => run.server === server).flatMap((run) => run.steps));
  const at = elapsed(job, now);
  const created = steps[0];
  const started = steps.at(-1);
  if (created === undefined || started === undefined || created.error !== null || at < created.to) return "none";
  return at >= started.to ? "running" : "created";
}

function lastStepEnd(job: JobRecord, server: string): number {
  return Math.max(0, ...timeline(job).groups.flatMap((group) => group.runs.filter((run) => run.server === server).map(endOf)));
}
