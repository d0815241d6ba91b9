/** A clock that stands still until it is told to go on, and the alarms that hang on it. */
export function manualClock(start = "2026-11-20T21:00:00.000Z"): {
  readonly now: () => Date;
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Moves on, ringing each alarm at its own time and letting what it woke come to rest. */
  readonly advance: (ms: number) => Promise<void>;
} {
  let now = new Date(start).getTime();
  let alarms: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => new Date(now),
    after(ms, callback) {
      const alarm = { at: now + ms, callback };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((a) => a !== alarm);
      };
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        await rest();
        const next = alarms.filter((a) => a.at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        alarms = alarms.filter((a) => a !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
      await rest();
    },
  };
}

/** Lets every promise that can settle do so. */
async function rest(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
