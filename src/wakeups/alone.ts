import type { Clock, DrillStore, Wakeups } from "../drills/ports.ts";

export type AloneParts = {
  readonly store: Pick<DrillStore, "due">;
  readonly clock: Clock;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** Timers of Node overflow after 24 days, and a clock that was set back and forth must be noticed soon. */
const longestMs = 15_000;

/** The wake-ups of the one process that runs a store: it has every drill, and the store knows when which is due. */
export function alone({ store, clock, after, onFault }: AloneParts): Wakeups {
  let look: (drill: string) => Promise<void> = async () => undefined;
  let timer: { readonly at: number; readonly cancel: () => void } | null = null;
  let stopped = false;

  function noLaterThan(at: Date): void {
    if (stopped || (timer !== null && timer.at <= at.getTime())) return;
    timer?.cancel();
    const ms = Math.min(Math.max(at.getTime() - clock().getTime(), 1), longestMs);
    timer = { at: at.getTime(), cancel: after(ms, () => void takeUp().catch((fault: unknown) => onFault("", fault))) };
  }

  async function takeUp(): Promise<void> {
    timer = null;
    const { drills, next } = await store.due(clock());
    if (next !== null) noLaterThan(next);
    // One that a newer Drillbook wrote into, or that was damaged, must not keep all others asleep.
    for (const drill of drills) await look(drill).catch((fault: unknown) => onFault(drill, fault));
  }

  return {
    shared: false,
    has: () => true,
    rest: (_drill, _seq, at) => {
      if (at !== null) noLaterThan(at);
    },
    leave: () => undefined,
    async start(from) {
      look = from;
      await takeUp();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
