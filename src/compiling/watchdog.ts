import { Worker } from "node:worker_threads";

/** Told when a piece of work begins and ends. */
export type Watchdog = { begin(): void; end(): void };

/**
 * Ends this process when one piece of work uses more than so much processor time, in milliseconds. Time by the clock would
 * refuse good files on a busy machine. A thread of its own looks, because whoever hangs looks at nothing.
 */
export function watchdog(limitMs: number): Watchdog {
  const work = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL("./watchdog-thread.ts", import.meta.url), { workerData: { work, limitMs } }).unref();
  let number = 0;
  return {
    begin: () => {
      number += 1;
      Atomics.store(work, 0, number);
    },
    end: () => void Atomics.store(work, 0, 0),
  };
}
