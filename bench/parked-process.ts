import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createAddresses } from "../src/bot/addresses.ts";
import { createNotifier } from "../src/bot/notifier.ts";
import { createRunner } from "../src/drills/runner.ts";
import { openLocalKey } from "../src/evidence/keys.ts";
import { startSequencer } from "../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../src/evidence/log/signer.ts";
import { openSqliteStore } from "../src/storage/sqlite/open.ts";
import { alone } from "../src/wakeups/alone.ts";
import { olivia } from "../test/fakes/runbooks.ts";
import type { Taken } from "./parked.ts";

// Takes up a store of parked drills as the bot does, and measures itself.

const [, , file = "", due = "0", dueAt = "0"] = process.argv;
const clock = (): Date => new Date();
const after = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
const onFault = (drill: string, fault: unknown): void => console.error(drill, fault);

const store = openSqliteStore(file, { clock });
const folder = dirname(file);
const sequencer = await startSequencer({ store: store.log, signer: (log) => checkpointSigner(folder, log, () => openLocalKey(folder, { rehearsal: log === "rehearsal" })), clock, after, onFault: (fault) => onFault("", fault) });
const runner = createRunner({ store, wakeups: alone({ store, clock, after, onFault }), actions: new Map(), checks: new Map(), clock, newId: randomUUID, after, onFault });
const transport = { send: async () => ({ messageId: "m" }), update: async () => undefined, openChat: async () => Promise.reject(new Error("nobody is here")) };
const notifier = createNotifier({ runner, mine: () => true, transport, surfaces: store, addresses: createAddresses(), blobs: store, clock, editEveryMs: 2_000, after, transcriptUrl: () => null, onFault });
let resumed = 0;
let lastAt = 0;
runner.onChange((state) => {
  if (state.current === "look" && state.steps[0]?.step.id === "pause" && state.steps[0].status === "passed") {
    resumed += 1;
    lastAt = Date.now();
  }
});
await runner.start();
const caughtUp = store.behind().then((drills) => notifier.catchUp(drills));
const clicked = "PAR-0000";
const { refused } = await runner.command(clicked, { type: "answer", by: olivia, step: "look", round: 1, answer: "done", reason: "", ticks: [] });
if (refused !== null) throw new Error(refused.message);
// From the start of the process: what it loads first is part of what people wait for.
const readyMs = performance.now();
await caughtUp;
await pause(2_000);
globalThis.gc?.();
const residentMb = process.memoryUsage().rss / 1e6;
const used = process.cpuUsage();
await pause(5_000);
const { user, system } = process.cpuUsage(used);
const idleShare = (user + system) / 5e6;
while (resumed < Number(due)) await pause(5);
const taken: Taken = { readyMs, residentMb, idleShare, resumedMs: Number(due) === 0 ? 0 : lastAt - Number(dueAt) };
console.log(JSON.stringify(taken));
await notifier.stop();
await runner.stop();
await sequencer.stop();
store.close();
process.exit(0);
