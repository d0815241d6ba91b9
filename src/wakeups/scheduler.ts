import type { Clock } from "../drills/ports.ts";
import type { Schedule } from "../runbooks/runbook.ts";
import { dueWork, unchangedUntil, type DueWork } from "./due-drills.ts";

/** What must outlive a restart and be the same for every replica. */
export type ScheduleStore = {
  /** When the schedule of a runbook was first seen; `now` the first time. */
  anchor(runbook: string, now: Date): Promise<Date>;
  /**
   * Takes a piece of work for its own: `mine` for one caller only. A claim that was not finished within the lease, because
   * its owner died, may be taken once more.
   */
  claim(key: string, now: Date, leaseMs: number): Promise<"mine" | "taken" | "done">;
  finish(key: string): Promise<void>;
};

export type SchedulerParts = {
  readonly store: ScheduleStore;
  /** The runbooks with a schedule, as the library has them now. */
  readonly scheduled: () => Promise<readonly { readonly id: string; readonly schedule: Schedule }[]>;
  /** Does one piece of work. It may be called again for the same key when it died half way, and must then do nothing twice. */
  readonly act: (work: DueWork) => Promise<void>;
  readonly clock: Clock;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (work: string, fault: unknown) => void;
};

/** Does what schedules are due, once in all replicas. */
export type Scheduler = {
  /** Looks once at everything that is due, and does it. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

/** Longer than launching a drill takes, shorter than anybody waits for a reminder. */
const leaseMs = 5 * 60_000;
/** The library and the clock may change while the timer waits. */
const longestMs = 15 * 60_000;

type Known = { readonly schedule: string; readonly until: number; readonly open: Set<DueWork> };

/** Launches drills when they are due, announces them ahead, and tells when one was not run: each once, by whichever replica comes first. */
export function scheduler(parts: SchedulerParts): Scheduler {
  // What is due of each runbook stays the same until its next moment: reckoning calendars at every look would be waste.
  const known = new Map<string, Known>();
  let cancel: (() => void) | null = null;
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<number> {
    const now = parts.clock();
    const ones = await parts.scheduled();
    for (const one of ones) {
      const { open } = await workOf(one, now);
      for (const work of open) if (await isOver(parts, work, now)) open.delete(work);
    }
    return ones.reduce((least, { id }) => Math.min(least, known.get(id)?.until ?? least), now.getTime() + longestMs);
  }

  async function workOf(one: { readonly id: string; readonly schedule: Schedule }, now: Date): Promise<Known> {
    const schedule = JSON.stringify(one.schedule);
    const before = known.get(one.id);
    if (before !== undefined && before.schedule === schedule && now.getTime() < before.until) return before;
    const scheduled = { ...one, anchor: await parts.store.anchor(one.id, now) };
    const made = { schedule, until: unchangedUntil(scheduled, now).getTime(), open: new Set(dueWork(scheduled, now)) };
    known.set(one.id, made);
    return made;
  }

  async function lookAndWait(): Promise<void> {
    let next = parts.clock().getTime() + longestMs;
    try {
      next = await look();
    } catch (fault) {
      parts.onFault("schedules", fault);
    }
    if (!stopped) cancel = parts.after(Math.max(1_000, next - parts.clock().getTime()), begin);
  }

  function begin(): void {
    looking = lookAndWait();
  }

  return {
    look: async () => void (await look()),
    start: begin,
    async stop() {
      stopped = true;
      cancel?.();
      await looking;
    },
  };
}

/** Does a piece of work when nobody else has it; whether it is done for ever. */
async function isOver(parts: SchedulerParts, work: DueWork, now: Date): Promise<boolean> {
  const claim = await parts.store.claim(work.key, now, leaseMs);
  if (claim !== "mine") return claim === "done";
  try {
    await parts.act(work);
    await parts.store.finish(work.key);
    return true;
  } catch (fault) {
    // The claim runs out, and whoever looks then tries again.
    parts.onFault(work.key, fault);
    return false;
  }
}
