import type { Estate } from "./estate.ts";
import { fraction } from "./guid.ts";
import type { Fate, Stage, When } from "./misfortunes.ts";
import { serverState } from "./server-state.ts";
import { jobState, tasksAt } from "./timeline.ts";
import type { World } from "./world.ts";

/** The moment that misfortunes are judged at. `ground`: the estate as it was written. */
export type Moment = { readonly ground: Estate; readonly world: World; readonly now: number; readonly pace: number; readonly seed: string };

/** Whether a misfortune's time has come at a moment. Chance is drawn from the seed, so that a run can be repeated. */
export function fateAt(moment: Moment): Fate {
  const elapsed = (moment.now - moment.world.beganAt) * moment.pace;
  let stages: ReadonlySet<Stage> | null = null;
  let tasks: ReadonlySet<string> | null = null;
  return {
    open: ({ after, until, during, task }: When) =>
      (after === undefined || elapsed >= after) &&
      (until === undefined || elapsed < until) &&
      (during === undefined || (stages ??= stagesAt(moment)).has(during)) &&
      (task === undefined || (tasks ??= runningTasks(moment)).has(task.toLowerCase())),
    strikes: (index, occasion, chance) => chance >= 1 || fraction(moment.seed, "chance", index, occasion) < chance,
  };
}

/** Where the servers of the estate stand; `idle` only when all of them do. */
function stagesAt({ ground, world, now }: Moment): ReadonlySet<Stage> {
  const found = new Set<Stage>();
  for (const vault of ground.vaults) {
    for (const server of vault.servers) {
      const { phase, job } = serverState(world, vault.name, server.name, now);
      if (phase === "failing-over") found.add("test-failover");
      if (phase === "cleanup-due") found.add("test");
      if (phase === "cleaning") found.add("cleanup");
      if (phase === "commit-due" || phase === "committed") found.add("failed-over");
      if (phase === "busy" && (job?.scenario === "PlannedFailover" || job?.scenario === "UnplannedFailover")) found.add("failover");
    }
  }
  return found.size === 0 ? new Set<Stage>(["idle"]) : found;
}

function runningTasks({ world, now }: Moment): ReadonlySet<string> {
  const running = world.jobs.slice(-50).filter((job) => !jobState(job, now).over);
  return new Set(running.flatMap((job) => tasksAt(job, now)).map((name) => name.toLowerCase()));
}
