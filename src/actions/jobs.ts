import { armName } from "../runbooks/resource-id.ts";
import type { Job, JobTask, ReplicationReader } from "../checks/ports.ts";
import type { Pause, Problem, TaskProgress } from "../drills/events.ts";
import type { Look } from "../drills/ports.ts";

/**
 * The job that a request with this tag started on this plan or server. A plan's job starts one job a server, which may carry the
 * same tag: the plan's own is preferred, then the earliest. A job's first seconds are hollow, so an empty scenario passes.
 * `scenario` null: any.
 */
export async function findJob(reader: ReplicationReader, target: string, scenario: string | null, tag: string, since: Date, look: Look): Promise<{ handle: string } | null> {
  const jobs = await reader.jobsSince(target, since, look);
  const ours = jobs
    .filter((job) => startsWithTag(job.activityId, tag) && (scenario === null || job.scenario === "" || job.scenario === scenario))
    .toSorted((a, b) => begun(a) - begun(b));
  const found = ours.find((job) => job.targetName.toLowerCase() === armName(target).toLowerCase()) ?? ours[0];
  return found ? { handle: found.id } : null;
}

/** How a job stands. Suspended until the cleanup is how a plan's finished test failover may look, not a pause. */
export function jobState(job: Job): "running" | "succeeded" | "partial" | "failed" {
  if (job.state === "Succeeded") return job.stateDescription === "PartiallySucceeded" ? "partial" : "succeeded";
  if (job.state === "Failed" || job.state === "Cancelled") return "failed";
  if (job.state === "Suspended" && job.stateDescription === "WaitingForStopTestFailover") return "succeeded";
  return "running";
}

/** Every task for people, nested ones under their parent's name, in the order in which Azure lists them. */
export function flattenTasks(tasks: readonly JobTask[], under = "", depth = 0): readonly TaskProgress[] {
  return tasks.flatMap((task) => {
    const name = under === "" ? task.name : `${under} › ${task.name}`;
    return [{ name, depth, state: taskState(task), startedAt: realTime(task.startedAt), endedAt: realTime(task.endedAt) }, ...flattenTasks(task.tasks, name, depth + 1)];
  });
}

/** Where a job waits for a manual action; null: it waits for nobody. */
export function pauseOf(job: Job): Pause | null {
  if (job.state !== "Suspended" || job.stateDescription !== "WaitingForManualAction") return null;
  const task = everyTask(job.tasks).find(({ manual, state }) => manual !== undefined && !["NotStarted", "Succeeded", "Skipped", "Failed", "Cancelled"].includes(state));
  return task?.manual === undefined
    ? { id: job.id, name: "a manual action", text: "Azure does not say which: look at the job in the vault." }
    : { id: task.manual.id, name: task.name, text: task.manual.instructions };
}

function everyTask(tasks: readonly JobTask[]): readonly JobTask[] {
  return tasks.flatMap((task) => [task, ...everyTask(task.tasks)]);
}

/** What the job is at, for a summary: the last task that has begun and not ended. */
export function atWork(job: Job, tasks: readonly TaskProgress[]): string {
  const pause = pauseOf(job);
  if (pause !== null) return `the recovery plan waits for people: ${pause.name}`;
  const running = tasks.findLast((task) => task.state === "running");
  return running ? running.name : job.tasks.length === 0 ? "accepted by Azure, not begun" : (job.stateDescription || job.state);
}

/** Problems of a job that failed; never none, because "failed" without a reason helps nobody. */
export function jobProblems(job: Job): readonly Problem[] {
  if (job.problems.length > 0) return job.problems;
  if (job.state === "Cancelled") {
    const message = "The job was cancelled in Azure: somebody did so in the portal or with another tool.";
    return [{ code: "Cancelled", message, causes: "", action: `Ask who cancelled job ${armName(job.id)} of the vault, and why; then clean up what it left and start again.`, server: null }];
  }
  return [{
    code: job.stateDescription || job.state,
    message: `Azure ended the job as ${job.stateDescription || job.state} and gave no error.`,
    causes: "",
    action: `Look at job ${armName(job.id)} in the vault.`,
    server: null,
  }];
}

function taskState(task: JobTask): TaskProgress["state"] {
  if (task.stateDescription === "Skipped" || task.state === "Skipped") return "skipped";
  switch (task.state) {
    case "Succeeded":
      return "succeeded";
    case "Failed":
    case "Cancelled":
    case "Aborted":
      return "failed";
    case "NotStarted":
    case "":
      return "waiting";
    default:
      return "running";
  }
}

/** Azure writes the year 1 or 1753 for "not yet". */
function realTime(at: string | null): string | null {
  return at !== null && Date.parse(at) > 0 ? at : null;
}

function startsWithTag(activityId: string, tag: string): boolean {
  return activityId.split(/\s/, 1)[0]?.toLowerCase() === tag.toLowerCase();
}

function begun(job: Job): number {
  const at = realTime(job.startedAt);
  // A hollow job has no time yet: it has only just begun.
  return at === null ? Number.MAX_SAFE_INTEGER : Date.parse(at);
}
