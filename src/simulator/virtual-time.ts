import type { Clock } from "../drills/ports.ts";

/** Time that jumps from one thing to the next: an hour of waiting passes at once, and always in the same order. */
export type VirtualTime = {
  readonly clock: Clock;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** Holds time still while something is asked of the outside world. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** A wait inside such a piece of work, in which time goes on. Rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  stop(): void;
};

type Timer = { readonly at: number; readonly order: number; readonly callback: () => void };

// Who asks the simulated Azure by a poll of its own, not by `sleep`, would wait for ever while time stands still: after
// so many ticks time flows again, a thousand simulated milliseconds at each. Ticks, and no moment on the wall: while this
// process stood still nobody could answer.
const patientTicks = 30;
const tickMs = 50;
const flowMs = 1_000;
// Work that has ended lets others begin; only when nothing did for so many turns of the event loop is there nothing to do.
const quietTurns = 4;

/** Begins at `start` and stands still until there is nothing left to do but wait. */
export function virtualTime(start: Date): VirtualTime {
  let now = start.getTime();
  let order = 0;
  let atWork = 0;
  let changes = 0;
  let watching = false;
  let stopped = false;
  const timers = new Set<Timer>();
  let slow: NodeJS.Timeout | null = null;
  let ticks = 0;

  function watch(): void {
    if (watching || stopped || atWork > 0 || timers.size === 0) return;
    watching = true;
    untilQuiet(quietTurns, changes);
  }

  function untilQuiet(turns: number, seen: number): void {
    setImmediate(() => {
      if (stopped || atWork > 0) return void (watching = false);
      if (seen !== changes) return untilQuiet(quietTurns, changes);
      if (turns > 0) return untilQuiet(turns - 1, seen);
      watching = false;
      fireNext();
      watch();
    });
  }

  function fireNext(): void {
    const next = [...timers].reduce<Timer | null>((first, one) => (first === null || one.at < first.at || (one.at === first.at && one.order < first.order) ? one : first), null);
    if (next === null) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.callback();
  }

  /** One more or one fewer at work; nobody may take it for granted that the outside world answers at all. */
  function count(by: 1 | -1): void {
    atWork += by;
    changes += 1;
    if (atWork === 0 && slow !== null) {
      clearTimeout(slow);
      slow = null;
      ticks = 0;
    }
    if (atWork > 0 && slow === null) slow = setTimeout(tick, tickMs);
    watch();
  }

  function tick(): void {
    ticks += 1;
    if (ticks >= patientTicks) flow();
    slow = stopped ? null : setTimeout(tick, tickMs);
  }

  function flow(): void {
    now += flowMs;
    for (const due of [...timers].filter((one) => one.at <= now).sort((a, b) => a.at - b.at || a.order - b.order)) {
      timers.delete(due);
      due.callback();
    }
  }

  function after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: now + Math.max(0, ms), order: (order += 1), callback };
    timers.add(timer);
    changes += 1;
    watch();
    return () => void timers.delete(timer);
  }

  return {
    clock: () => new Date(now),
    after,
    async during(work) {
      count(1);
      try {
        return await work();
      } finally {
        count(-1);
      }
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      count(-1);
      try {
        await new Promise<void>((resolve, reject) => {
          const cancel = after(ms, resolve);
          signal?.addEventListener("abort", () => {
            cancel();
            reject(signal.reason);
          }, { once: true });
        });
      } finally {
        count(1);
      }
    },
    stop() {
      stopped = true;
      if (slow !== null) clearTimeout(slow);
      timers.clear();
    },
  };
}
