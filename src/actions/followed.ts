import type { Job, ProtectedServer } from "../checks/ports.ts";
import type { Problem } from "../drills/events.ts";
import type { Clock, Look, Progress } from "../drills/ports.ts";
import { foreignWork } from "./foreign-work.ts";
import { jobState } from "./jobs.ts";
import type { SiteRecoveryReader } from "./ports.ts";
import { readSubject } from "./subject.ts";
import type { Subject, TargetKeys } from "./subject.ts";

export type Followed = { readonly servers: readonly ProtectedServer[]; readonly foreign: readonly Problem[] };

/** A job that this process started or has looked at before. */
type Seen = Followed & { readonly subject: Pick<Subject, "kind" | "name">; readonly startedAt: number | null; looks: number };

// Jobs followed at once by one process; an older one is simply read again.
const mostRemembered = 100;

// Somebody in the portal is noticed within so many looks, at a tenth more requests.
const looksBetweenForeign = 10;

// The job's first seconds show nothing of it: asking then is a request for an answer that is known. A simulator in a hurry
// is looked at oftener, and has no seconds to wait for.
const hollowMs = (pollMs: number): number => Math.min(3_000, pollMs / 2);

/** How the jobs of a recovery plan or a server are followed; it keeps what was read at the start, and works without it after a restart. */
export type Following = {
  /** Remembers what was read just before a job was started, so that it need not be read again. */
  began(handle: string, subject: Subject): void;
  /** The servers when the job was accepted so lately that nothing can be seen of it; null when it is time to look. */
  hollow(handle: string): readonly ProtectedServer[] | null;
  look(target: TargetKeys, job: Job, handle: string, look: Look): Promise<Followed>;
};

/**
 * The servers of a target whose job is followed. They are read from the job's end on, and now and then for foreign work: in
 * between the job's own tasks say where each server stands, and a plan of a hundred servers costs one request a look.
 */
export function following(reader: SiteRecoveryReader, clock: Clock, pollMs: number): Following {
  const seen = new Map<string, Seen>();
  const remember = (handle: string, one: Seen): Seen => {
    if (seen.size >= mostRemembered && !seen.has(handle)) seen.delete(seen.keys().next().value ?? "");
    seen.set(handle, one);
    return one;
  };
  return {
    began: (handle, subject) => void remember(handle, { subject, servers: subject.servers, foreign: [], startedAt: clock().getTime(), looks: 0 }),
    hollow(handle) {
      const one = seen.get(handle);
      return one !== undefined && one.startedAt !== null && one.looks === 0 && clock().getTime() - one.startedAt < hollowMs(pollMs) ? one.servers : null;
    },
    async look(target, job, handle, look) {
      const known = seen.get(handle);
      if (known !== undefined) known.looks += 1;
      if (known !== undefined && jobState(job) === "running" && known.looks % looksBetweenForeign !== 0) return known;
      // After the job: items read after it ended are at least as new as its end.
      if (known !== undefined && jobState(job) === "running" && target.plan !== undefined) {
        const plan = await reader.plan(target.plan, look);
        return remember(handle, { ...known, foreign: foreignWork({ ...plan, kind: "plan" }, handle) });
      }
      const subject = await readSubject(reader, job.newItem === undefined || target.item === undefined ? target : { item: job.newItem }, look);
      return remember(handle, { subject, servers: subject.servers, foreign: foreignWork(subject, handle), startedAt: known?.startedAt ?? null, looks: known?.looks ?? 1 });
    },
  };
}

/** Foreign work on the card. It is a problem to look at; what failed or succeeded is judged by the servers. */
export function withForeign(progress: Progress, foreign: readonly Problem[], kind: "plan" | "server"): Progress {
  return foreign.length === 0 ? progress : { ...progress, summary: `${progress.summary} · somebody else is at work on this ${kind}`, problems: [...foreign, ...progress.problems] };
}
