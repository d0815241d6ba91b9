import { httpCheck } from "../src/checks/http/check.ts";
import { memoryOf } from "./memory.ts";

// A process of its own, so that its memory is its own: probes virtual hosts as it is told, by whole checks.

type Order = { readonly port: number; readonly hosts: number; readonly probes: number; readonly concurrency: number };
export type Probed = { readonly idleBytes: number; readonly peakBytes: number; readonly ms: number; readonly up: number };

const hostsInACheck = 8;

process.on("message", (order: Order) => void run(order).then((done) => process.send?.(done)));
process.send?.("ready");

async function run({ port, hosts, probes, concurrency }: Order): Promise<Probed> {
  const check = httpCheck({ scripts: { run: () => Promise.reject(new Error("no script runs")) }, resolve: async () => [], allowPrivate: true, own: true, clock: () => new Date() });
  const names = Array.from({ length: probes }, (_, n) => `site-${n % hosts}.bench.example`);
  const groups = Array.from({ length: Math.ceil(probes / hostsInACheck) }, (_, n) => names.slice(n * hostsInACheck, (n + 1) * hostsInACheck));
  const idleBytes = memoryOf(process.pid).now;
  const began = performance.now();
  let up = 0;
  await Promise.all(Array.from({ length: Math.floor(concurrency / hostsInACheck) }, async () => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      const seen = await check.observe(
        { as: "custom", from: "bot", targets: [`http://127.0.0.1:${port}/`], host: group, compare: [], expect: { status: "200", contains: "READY" } },
        { signal: new AbortController().signal, record: () => undefined, testServers: [] },
      );
      up += seen.verdict === "passed" ? group.length : 0;
    }
  }));
  return { idleBytes, peakBytes: memoryOf(process.pid).peak, ms: performance.now() - began, up };
}
