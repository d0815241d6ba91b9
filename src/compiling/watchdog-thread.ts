import { workerData } from "node:worker_threads";

// Looks ten times a second at what the process has used since the present piece of work was first seen.

const { work, limitMs } = workerData as { readonly work: Int32Array; readonly limitMs: number };
let seen = 0;
let before = process.cpuUsage();

setInterval(() => {
  const now = Atomics.load(work, 0);
  if (now !== seen) {
    seen = now;
    before = process.cpuUsage();
    return;
  }
  const { user, system } = process.cpuUsage(before);
  if (now !== 0 && (user + system) / 1_000 > limitMs) process.kill(process.pid, "SIGKILL");
}, 100);
