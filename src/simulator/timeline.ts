import { fraction } from "./guid.ts";
import type { ServiceError } from "./misfortunes.ts";
import type { JobRecord } from "./world.ts";

/** One task of a job; times are milliseconds after the job's start. */
export type Step = { readonly taskId: string; readonly name: string; readonly friendlyName: string; readonly from: number; readonly to: number; readonly error: ServiceError | null };
export type ServerRun = { readonly server: string; readonly steps: readonly Step[] };
export type Group = { readonly label: string; readonly type: "Failover" | "Boot"; readonly runs: readonly ServerRun[] };
/** A whole job, laid out at its start. Before `hollowUntil` it shows nothing of itself. */
export type Timeline = { readonly hollowUntil: number; readonly opening: Step; readonly groups: readonly Group[]; readonly end: number };

type Task = { readonly taskId: string; readonly name: string; readonly friendlyName: string; readonly seconds: number };

// Names and order of A2A test failovers as documented, ids as recorded for Hyper-V; three to four minutes in all.
const failoverCheck: Task = { taskId: "TestFailoverPreflightChecksTask", name: "VmTfoPrerequisitesCheck", friendlyName: "Prerequisites check for test failover", seconds: 12 };
const createMachine: Task = { taskId: "BeginTestFailoverTask", name: "VmTfoInitiateFailover", friendlyName: "Create test virtual machine", seconds: 62 };
const prepareMachine: Task = { taskId: "PrepareTestProtectedEntitiesTask", name: "VmTfoPrepareTestVm", friendlyName: "Preparing the virtual machine", seconds: 24 };
const bootMachine: Task = { taskId: "BootTestProtectedEntitiesTask", name: "VmTfoBootTestVm", friendlyName: "Start the virtual machine", seconds: 44 };
const cleanupCheck: Task = { taskId: "TestFailoverCleanupPreflightChecksTask", name: "VmTfoCleanupPreflightsCheck", friendlyName: "Prerequisites check for test failover cleanup", seconds: 6 };
const endFailover: Task = { taskId: "EndTestFailoverTask", name: "VmTfoEndFailover", friendlyName: "End test failover", seconds: 10 };
const deleteMachine: Task = { taskId: "CleanupTestProtectedEntitiesTask", name: "VmTfoDeleteTestVm", friendlyName: "Clean up the test virtual machine", seconds: 55 };

const hollowSeconds = 3;

/** Lays out a job from its record alone, so that the same record gives the same job after any restart. */
export function timeline(job: JobRecord): Timeline {
  const scale = (1000 * job.stretch) / job.pace;
  const layout = (task: Task, from: number, server: string, error: ServiceError | null = null): Step => {
    const { seconds, ...names } = task;
    return { ...names, from, to: from + seconds * (0.85 + 0.3 * fraction(job.id, server, task.taskId)) * scale, error };
  };
  const hollowUntil = hollowSeconds * scale;
  const cleanup = job.scenario === "TestFailoverCleanup";
  const opening = layout(cleanup ? cleanupCheck : failoverCheck, hollowUntil, "");
  const groups = cleanup ? cleanupGroups(job, opening.to, layout) : failoverGroups(job, opening.to, layout);
  return { hollowUntil, opening, groups, end: Math.max(opening.to, ...groups.flatMap((group) => group.runs.map(endOf))) };
}

type Layout = (task: Task, from: number, server: string, error?: ServiceError | null) => Step;

/** All servers are copied at once; then they are started group by group, as recovery plans do. */
function failoverGroups(job: JobRecord, from: number, layout: Layout): readonly Group[] {
  const error = (server: string) => job.failing.find((one) => one.server === server)?.error ?? null;
  const copies = job.groups.flat().map((server): ServerRun => ({ server, steps: sequence([createMachine, prepareMachine], from, server, error(server), layout) }));
  const groups: Group[] = [{ label: "All groups failover", type: "Failover", runs: copies }];
  let next = Math.max(from, ...copies.map(endOf));
  for (const [index, servers] of job.groups.entries()) {
    const runs = servers.filter((server) => error(server) === null).map((server): ServerRun => ({ server, steps: [layout(bootMachine, next, server)] }));
    if (runs.length > 0) groups.push({ label: `Group ${index + 1}: Start`, type: "Boot", runs });
    next = Math.max(next, ...runs.map(endOf));
  }
  return groups;
}

function cleanupGroups(job: JobRecord, from: number, layout: Layout): readonly Group[] {
  const runs = job.groups.flat().map((server): ServerRun => {
    const error = job.failing.find((one) => one.server === server)?.error ?? null;
    const end = layout(endFailover, from, server);
    return { server, steps: [end, layout(deleteMachine, end.to, server, error)] };
  });
  return [{ label: "Clean up test environment", type: "Failover", runs }];
}

/** Tasks one after another; an error ends them at the first. */
function sequence(tasks: readonly Task[], from: number, server: string, error: ServiceError | null, layout: Layout): readonly Step[] {
  const steps: Step[] = [];
  for (const task of tasks) {
    steps.push(layout(task, steps.at(-1)?.to ?? from, server, error));
    if (error !== null) break;
  }
  return steps;
}

export function endOf(run: ServerRun): number {
  return run.steps.at(-1)?.to ?? 0;
}

/** How far a job is at `now`, in milliseconds after its start; a cancelled job stands still. */
export function elapsed(job: JobRecord, now: number): number {
  return Math.min(now, job.cancelledAt ?? now) - job.startedAt;
}

export type JobState = { readonly state: "NotStarted" | "InProgress" | "Succeeded" | "Failed" | "Cancelled"; readonly description: string; readonly over: boolean };

/** A job's state at `now`. */
export function jobState(job: JobRecord, now: number): JobState {
  const { hollowUntil, end } = timeline(job);
  const at = elapsed(job, now);
  if (job.cancelledAt !== null && job.cancelledAt - job.startedAt < end) return { state: "Cancelled", description: "Cancelled", over: true };
  if (at < hollowUntil) return { state: "NotStarted", description: "NotStarted", over: false };
  if (at < end) return { state: "InProgress", description: "InProgress", over: false };
  if (job.failing.length === 0) return { state: "Succeeded", description: "Completed", over: true };
  return job.failsAs === "Failed" ? { state: "Failed", description: "Failed", over: true } : { state: "Succeeded", description: "PartiallySucceeded", over: true };
}
