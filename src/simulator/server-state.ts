import { elapsed, endOf, jobState, timeline } from "./timeline.ts";
import type { JobRecord, World } from "./world.ts";

export type Phase = "idle" | "failing-over" | "cleanup-due" | "cleaning" | "cleaned";

/** Where a protected server stands at a moment, as its last job left it. */
export type ServerState = {
  readonly phase: Phase;
  readonly job: JobRecord | null;
  /** Whether the test server's VM exists, and whether it has started. */
  readonly machine: "none" | "created" | "running";
  /** Whether the test failover failed for this very server. */
  readonly failed: boolean;
};

/** State as a function of the jobs and the time: there is nothing to drift and nothing to tear down. */
export function serverState(world: World, vault: string, server: string, now: number): ServerState {
  const job = lastJob(world, vault, server);
  if (job === null) return { phase: "idle", job, machine: "none", failed: false };
  const over = jobState(job, now).over;
  const failed = job.failing.some((one) => one.server === server);
  if (job.scenario === "TestFailover") return { phase: over ? "cleanup-due" : "failing-over", job, machine: machineDuringFailover(job, server, now), failed };
  const cleaned = over && job.cancelledAt === null && !failed;
  const gone = cleaned || (!failed && elapsed(job, now) >= lastStepEnd(job, server));
  return { phase: cleaned ? "cleaned" : over ? "cleanup-due" : "cleaning", job, machine: gone ? "none" : "created", failed };
}

/** The job of this server that began last; null when there was none. */
function lastJob(world: World, vault: string, server: string): JobRecord | null {
  return world.jobs.findLast((job) => job.vault === vault && job.groups.some((group) => group.includes(server))) ?? null;
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
