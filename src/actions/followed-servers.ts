import type { Job, ProtectedServer, ReplicationReader } from "../checks/ports.ts";
import type { Problem } from "../drills/events.ts";
import type { Look, Progress } from "../drills/ports.ts";
import { foreignWork } from "./foreign-work.ts";
import { jobState } from "./jobs.ts";

export type Followed = { readonly servers: readonly ProtectedServer[]; readonly foreign: readonly Problem[] };

// Jobs followed at once by one process; an older one is simply read again.
const mostRemembered = 100;

/**
 * The servers of a plan whose job is followed. They are read at the first look and from the job's end on: in between the
 * job's own tasks say where each server stands, and a plan of a hundred servers costs one request a look.
 */
export function followedServers(reader: ReplicationReader): (plan: string, job: Job, handle: string, look: Look) => Promise<Followed> {
  const seen = new Map<string, Followed>();
  return async (plan, job, handle, look) => {
    const known = seen.get(handle);
    if (known !== undefined && jobState(job) === "running") return known;
    // After the job: items read after it ended are at least as new as its end.
    const servers = await reader.servers(plan, look);
    const followed = { servers, foreign: foreignWork(await reader.plan(plan, look), handle) };
    if (seen.size >= mostRemembered) seen.clear();
    seen.set(handle, followed);
    return followed;
  };
}

/** Foreign work on the card. It is a problem to look at; what failed or succeeded is judged by the servers. */
export function withForeign(progress: Progress, foreign: readonly Problem[]): Progress {
  return foreign.length === 0 ? progress : { ...progress, summary: `${progress.summary} · somebody else is at work on this plan`, problems: [...foreign, ...progress.problems] };
}
