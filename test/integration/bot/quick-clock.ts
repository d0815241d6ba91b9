import { setTimeout as pause } from "node:timers/promises";
import type { StartOptions } from "../../../src/main.ts";

/** A drill's time that passes faster than on the wall, with every timer, pause and limit in it. */
export type QuickClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many times as fast as on the wall time passes from here on; what is waited for already comes as it was to come. */
  readonly goAt: (pace: number) => void;
  /** What the bot is started with. */
  readonly timing: Required<Pick<StartOptions, "clock" | "after" | "sendTiming">>;
};

export function quickClock(first: number): QuickClock {
  let pace = first;
  let [then, began] = [Date.now(), performance.now()];
  const now = (): number => then + (performance.now() - began) * pace;
  return {
    now,
    goAt(next) {
      [then, began, pace] = [now(), performance.now(), next];
    },
    timing: {
      clock: () => new Date(now()),
      after(ms, callback) {
        const timer = setTimeout(callback, ms / pace);
        return () => clearTimeout(timer);
      },
      sendTiming: { wait: (ms) => pause(ms / pace), now },
    },
  };
}
