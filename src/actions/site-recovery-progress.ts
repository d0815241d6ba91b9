import type { Job, ProtectedServer } from "../checks/ports.ts";
import type { ServerOutcome, TaskProgress } from "../drills/events.ts";
import type { Progress } from "../drills/ports.ts";
import { atWork, flattenTasks, jobProblems, jobState, pauseOf } from "./jobs.ts";
import { itemLagMs } from "./parts.ts";
import { outcomeByTask, problemOf, serverOutcome, unexplained } from "./servers.ts";

/** What a server's own item says once the job has ended. */
export type Seen = { readonly state: "reached" | "not-yet" | "failed"; readonly detail: string };

/** How an operation is judged: by its job, and then by what the items show, because the job's word is not enough. */
export type Judgement = {
  /** How a server that is through is marked. */
  readonly through: "succeeded" | "removed";
  /** "2 of 3 servers up". */
  readonly summary: (through: number, of: number) => string;
  /** What a server shows while the job still runs, for people. */
  readonly meanwhile?: (item: ProtectedServer) => string;
  readonly after: (item: ProtectedServer) => Seen;
  /** What to say of a server that has not come through: while Azure may merely lag, and when it no longer can. */
  readonly lagging: string;
  readonly never: (item: ProtectedServer) => string;
};

/** Progress of a job on these servers. PartiallySucceeded is not a pass, nor is a server that its item does not confirm. */
export function progressOf(job: Job, items: readonly ProtectedServer[], judgement: Judgement, now: Date, nextLookMs: number): Progress {
  const ended = jobState(job);
  const tasks = flattenTasks(job.tasks);
  const lagging = job.endedAt !== null && now.getTime() - Date.parse(job.endedAt) < itemLagMs;
  const servers = items.map((item) => outcome(item, job, tasks, judgement, ended, lagging));
  const through = judgement.summary(servers.filter((s) => s.outcome === judgement.through).length, servers.length);
  const waiting = ended === "running" || servers.some((s) => s.outcome === "running");
  const pause = pauseOf(job);
  if (waiting) return { state: "running", summary: `${through} · ${atWork(job, tasks)}`, tasks, servers, problems: job.problems, ...(pause === null ? {} : { pause }), nextLookMs };
  const whole = ended === "succeeded" && (servers.length > 0 || judgement.through === "removed") && servers.every((s) => s.outcome === judgement.through);
  const known = ended === "succeeded" ? job.problems : jobProblems(job);
  return { state: whole ? "succeeded" : "failed", summary: through, tasks, servers, problems: whole ? known : [...known, ...unexplained(servers, known)], nextLookMs };
}

function outcome(item: ProtectedServer, job: Job, tasks: readonly TaskProgress[], judgement: Judgement, ended: ReturnType<typeof jobState>, lagging: boolean): ServerOutcome {
  const problem = problemOf(job, item);
  if (problem) return serverOutcome(item, "failed", problem.message);
  const byTask = outcomeByTask(item, tasks);
  if (ended === "running") {
    const now = byTask ?? (job.tasks.length === 0 ? "waiting" : "running");
    return serverOutcome(item, now === "succeeded" ? judgement.through : now, judgement.meanwhile?.(item) ?? "");
  }
  const seen = judgement.after(item);
  if (seen.state === "reached") return serverOutcome(item, judgement.through, seen.detail, judgement.through === "removed" ? null : item.testServer);
  if (seen.state === "failed" || (byTask === "failed" && judgement.through === "succeeded")) return serverOutcome(item, "failed", seen.detail === "" ? judgement.never(item) : seen.detail);
  if (lagging && ended === "succeeded") return serverOutcome(item, "running", judgement.lagging);
  return serverOutcome(item, "failed", judgement.never(item));
}
