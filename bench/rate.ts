import { setTimeout as pause } from "node:timers/promises";

export type Rate = { readonly perSecond: number; readonly decisionMs: readonly number[] };

/** `atOnce` drills under way, `drills` in all; then `decisions`, one every so many milliseconds. */
export type Size = { readonly atOnce: number; readonly drills: number; readonly decisions: number; readonly everyMs: number };

/** Keeps `atOnce` under way until all have been. */
export async function rateOf({ atOnce, drills }: Size, whole: () => Promise<void>): Promise<number> {
  let left = drills;
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= 1;
      await whole();
    }
  }));
  return (drills * 1_000) / (performance.now() - began);
}

/**
 * How long after each decision the next step began, in milliseconds. `atOnce` drills are under way all the time: people decide one
 * after another at a steady pace, and for each that goes on another is launched. Counted from when a decision was to be made, so
 * that a process that is late does not hide it. `ask` launches a drill and answers, once it is asked, what decides it.
 */
export async function decisionTimes({ atOnce, decisions, everyMs }: Size, ask: () => Promise<() => Promise<void>>): Promise<readonly number[]> {
  const waiting = await Promise.all(Array.from({ length: atOnce }, ask));
  await pause(1_000);
  const times: Promise<number>[] = [];
  const began = performance.now();
  for (let n = 0; n < decisions; n += 1) {
    const at = began + n * everyMs;
    await pause(Math.max(0, at - performance.now()));
    const decide = waiting.shift() ?? (await ask());
    times.push(decide().then(() => performance.now() - at));
    void ask().then((next) => waiting.push(next));
  }
  return Promise.all(times);
}
