import type { StartOptions } from "../../../src/main.ts";

/** A drill's time, which can pass faster than on the wall, with every timer, pause and limit in it. */
export type QuickClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many times as fast as on the wall time passes from here on, also for what is waited for already. */
  readonly goAt: (pace: number) => void;
  /** What the bot is started with. */
  readonly timing: Required<Pick<StartOptions, "clock" | "after" | "sendTiming">>;
};

/** Goes as the clock on the wall does until told otherwise: only what has to take long is gone through quickly, so that a machine that stands still for a moment misses no hour. */
export function quickClock(): QuickClock {
  let [pace, then, began] = [1, Date.now(), performance.now()];
  const now = (): number => then + (performance.now() - began) * pace;
  const waiting = new Set<() => void>();

  function after(ms: number, callback: () => void): () => void {
    const due = now() + ms;
    let timer: NodeJS.Timeout | undefined;
    const set = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        waiting.delete(set);
        callback();
      }, Math.max(0, Math.ceil((due - now()) / pace)));
    };
    waiting.add(set);
    set();
    return () => {
      waiting.delete(set);
      clearTimeout(timer);
    };
  }

  return {
    now,
    goAt(next) {
      [then, began, pace] = [now(), performance.now(), next];
      for (const set of waiting) set();
    },
    timing: { clock: () => new Date(now()), after, sendTiming: { wait: (ms) => new Promise<void>((resolve) => void after(ms, resolve)), now } },
  };
}
