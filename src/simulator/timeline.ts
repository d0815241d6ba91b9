import { fraction } from "./guid.ts";
import type { ManualAction } from "./estate.ts";
import type { ServiceError } from "./misfortunes.ts";
import type { JobRecord, JobScenario } from "./world.ts";

/** One task of a job; times are milliseconds after the job's start. */
export type Step = { readonly taskId: string; readonly name: string; readonly friendlyName: string; readonly from: number; readonly to: number; readonly error: ServiceError | null };
export type ServerRun = { readonly server: string; readonly steps: readonly Step[] };
export type Group = { readonly label: string; readonly type: "Failover" | "Boot"; readonly runs: readonly ServerRun[] };
/** A whole job, laid out at its start. Before `hollowUntil` it shows nothing of itself. */
export type Timeline = { readonly hollowUntil: number; readonly opening: Step; readonly groups: readonly Group[]; /** Where it waits for people. */ readonly stops: readonly Stop[]; readonly end: number };
/** `at`: milliseconds of work after the job's start, which stand still while it waits. */
export type Stop = { readonly action: ManualAction; readonly at: number };

type Task = { readonly taskId: string; readonly name: string; readonly friendlyName: string; readonly seconds: number };

type Stages = { readonly check: Task; readonly label: string; readonly each: readonly Task[]; readonly boot: Task | null; /** Which task of a failing server carries the error. */ readonly failsAt: "first" | "last" };

const bootMachine: Task = { taskId: "BootTestProtectedEntitiesTask", name: "VmTfoBootTestVm", friendlyName: "Start the virtual machine", seconds: 44 };
const failover: Stages = {
  check: task("FailoverPreflightChecksTask", "VmFoPrerequisitesCheck", "Prerequisites check for failover", 15),
  label: "All groups failover",
  each: [task("ShutdownTask", "VmFoShutdown", "Shut down the virtual machine", 30), task("FailoverTask", "VmFoInitiateFailover", "Start failover", 80)],
  boot: task("BootTask", "VmFoBootVm", "Start the virtual machine", 44),
  failsAt: "first",
};

// Names and order of A2A test failovers as documented, ids as recorded for Hyper-V; three to four minutes in all.
const stages: Readonly<Record<JobScenario, Stages>> = {
  TestFailover: {
    check: task("TestFailoverPreflightChecksTask", "VmTfoPrerequisitesCheck", "Prerequisites check for test failover", 12),
    label: "All groups failover",
    each: [task("BeginTestFailoverTask", "VmTfoInitiateFailover", "Create test virtual machine", 62), task("PrepareTestProtectedEntitiesTask", "VmTfoPrepareTestVm", "Preparing the virtual machine", 24)],
    boot: bootMachine,
    failsAt: "first",
  },
  TestFailoverCleanup: {
    check: task("TestFailoverCleanupPreflightChecksTask", "VmTfoCleanupPreflightsCheck", "Prerequisites check for test failover cleanup", 6),
    label: "Clean up test environment",
    each: [task("EndTestFailoverTask", "VmTfoEndFailover", "End test failover", 10), task("CleanupTestProtectedEntitiesTask", "VmTfoDeleteTestVm", "Clean up the test virtual machine", 55)],
    boot: null,
    failsAt: "last",
  },
  PlannedFailover: failover,
  UnplannedFailover: failover,
  CommitFailover: { check: task("CommitPreflightChecksTask", "VmCommitPrerequisitesCheck", "Prerequisite check", 5), label: "Commit", each: [task("CommitTask", "VmCommit", "Commit", 12)], boot: null, failsAt: "last" },
  CancelFailover: { check: task("CancelPreflightChecksTask", "VmCancelPrerequisitesCheck", "Prerequisite check", 5), label: "Cancel failover", each: [task("CancelTask", "VmCancelFailover", "Cancel failover", 20)], boot: null, failsAt: "last" },
  ChangeRecoveryPoint: { check: task("ChangePitPreflightChecksTask", "VmChangePitPrerequisitesCheck", "Prerequisite check", 5), label: "Change recovery point", each: [task("ChangePitTask", "VmChangePit", "Change recovery point", 60)], boot: null, failsAt: "last" },
  ReverseReplication: {
    check: task("ReprotectPreflightChecksTask", "VmReprotectPrerequisitesCheck", "Prerequisites check for re-protection", 10),
    label: "Re-protect",
    each: [task("ReprotectTask", "VmReverseReplication", "Reverse the direction of replication", 90)],
    boot: null,
    failsAt: "last",
  },
};

function task(taskId: string, name: string, friendlyName: string, seconds: number): Task {
  return { taskId, name, friendlyName, seconds };
}

const hollowSeconds = 3;

// A plan of a hundred servers asks for its job's layout hundreds of times an answer; nothing of a record that matters
// here ever changes.
const layouts = new WeakMap<JobRecord, Timeline>();

/** Lays out a job from its record alone, so that the same record gives the same job after any restart. */
export function timeline(job: JobRecord): Timeline {
  const known = layouts.get(job) ?? layOut(job);
  layouts.set(job, known);
  return known;
}

function layOut(job: JobRecord): Timeline {
  const scale = (1000 * job.stretch) / job.pace;
  const layout: Layout = (task, from, server, error = null) => {
    const { seconds, ...names } = task;
    return { ...names, from, to: from + seconds * (0.85 + 0.3 * fraction(job.id, server, task.taskId)) * scale, error };
  };
  const hollowUntil = hollowSeconds * scale;
  const plan = stages[job.scenario];
  const opening = layout(plan.check, hollowUntil, "");
  const groups = groupsOf(job, plan, opening.to, layout);
  const end = Math.max(opening.to, ...groups.flatMap((group) => group.runs.map(endOf)));
  const stops = (job.manual ?? []).map((action): Stop => ({ action, at: beginningOf(groups.find(({ label }) => label === bootLabel(action.before))) ?? end }));
  return { hollowUntil, opening, groups, stops, end };
}

type Layout = (task: Task, from: number, server: string, error?: ServiceError | null) => Step;

/** The work on all servers begins at once; then they are started group by group, as recovery plans do. */
function groupsOf(job: JobRecord, { label, each, boot, failsAt }: Stages, from: number, layout: Layout): readonly Group[] {
  const error = (server: string) => job.failing.find((one) => one.server === server)?.error ?? null;
  const first = job.groups.flat().map((server): ServerRun => ({ server, steps: sequence(each, from, server, error(server), failsAt, layout) }));
  const groups: Group[] = [{ label, type: "Failover", runs: first }];
  let next = Math.max(from, ...first.map(endOf));
  for (const [index, servers] of boot === null ? [] : job.groups.entries()) {
    const runs = servers.filter((server) => error(server) === null).map((server): ServerRun => ({ server, steps: boot === null ? [] : [layout(boot, next, server)] }));
    if (runs.length > 0) groups.push({ label: bootLabel(index + 1), type: "Boot", runs });
    next = Math.max(next, ...runs.map(endOf));
  }
  return groups;
}

function bootLabel(group: number): string {
  return `Group ${group}: Start`;
}

function beginningOf(group: Group | undefined): number | undefined {
  return group === undefined ? undefined : Math.min(...group.runs.map((run) => run.steps[0]?.from ?? 0));
}

/** Tasks one after another; an error ends them. */
function sequence(tasks: readonly Task[], from: number, server: string, error: ServiceError | null, failsAt: Stages["failsAt"], layout: Layout): readonly Step[] {
  const steps: Step[] = [];
  for (const [index, one] of tasks.entries()) {
    const fails = error !== null && index === (failsAt === "first" ? 0 : tasks.length - 1);
    steps.push(layout(one, steps.at(-1)?.to ?? from, server, fails ? error : null));
    if (fails) break;
  }
  return steps;
}

/** When a server's run ends, in milliseconds of work after the start of the job; 0 for a run without steps. */
export function endOf(run: ServerRun): number {
  return run.steps.at(-1)?.to ?? 0;
}

/** How far a job is at `now`, in milliseconds of work after its start; one that was cancelled, or waits for people, stands still. */
export function elapsed(job: JobRecord, now: number): number {
  const passed = Math.min(now, job.cancelledAt ?? now) - job.startedAt;
  let waited = 0;
  for (const [index, { at }] of timeline(job).stops.entries()) {
    if (passed - waited < at) break;
    const resumed = job.resumed?.[index];
    if (resumed === undefined || resumed.at > now) return at;
    waited += resumed.at - job.startedAt - waited - at;
  }
  return passed - waited;
}

/** The moment at which so much of a job's work was done, its waits for people counted; a stop itself is reached before it is waited at. */
export function momentOf(job: JobRecord, work: number): number {
  let waited = 0;
  for (const [index, { at }] of timeline(job).stops.entries()) {
    const resumed = job.resumed?.[index];
    if (work <= at || resumed === undefined) break;
    waited = resumed.at - job.startedAt - at;
  }
  return job.startedAt + work + waited;
}

/** Where a job waits for people at `now`; null: it does not. */
export function waitsAt(job: JobRecord, now: number): Stop | null {
  const { stops } = timeline(job);
  const next = stops[job.resumed?.filter(({ at }) => at <= now).length ?? 0];
  return next !== undefined && job.cancelledAt === null && elapsed(job, now) >= next.at ? next : null;
}

export type JobState = { readonly state: "NotStarted" | "InProgress" | "Suspended" | "Succeeded" | "Failed" | "Cancelled"; readonly description: string; readonly over: boolean };

/** A job's state at `now` (milliseconds since 1970), in Site Recovery's words. `over`: it changes no more. */
export function jobState(job: JobRecord, now: number): JobState {
  const { hollowUntil, end } = timeline(job);
  const at = elapsed(job, now);
  if (waitsAt(job, now) !== null) return { state: "Suspended", description: "WaitingForManualAction", over: false };
  if (job.cancelledAt !== null && at < end) return { state: "Cancelled", description: "Cancelled", over: true };
  if (at < hollowUntil) return { state: "NotStarted", description: "NotStarted", over: false };
  if (at < end) return { state: "InProgress", description: "InProgress", over: false };
  if (job.failing.length === 0) return { state: "Succeeded", description: "Completed", over: true };
  return job.failsAs === "Failed" ? { state: "Failed", description: "Failed", over: true } : { state: "Succeeded", description: "PartiallySucceeded", over: true };
}

/** The tasks of a job that are under way at `now`, by the names that people see. */
export function tasksAt(job: JobRecord, now: number): readonly string[] {
  const at = elapsed(job, now);
  const { opening, groups } = timeline(job);
  return [opening, ...groups.flatMap((group) => group.runs.flatMap((run) => run.steps))].filter(({ from, to }) => at >= from && at < to).map(({ friendlyName }) => friendlyName);
}
