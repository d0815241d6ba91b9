import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { createAddresses } from "../../../src/bot/addresses.ts";
import { createNotifier } from "../../../src/bot/notifier.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { Action, Check, Clock, DrillStore, Wakeups } from "../../../src/drills/ports.ts";
import { createRunner } from "../../../src/drills/runner.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { nextAnswer, type StepAnswer } from "../../../src/drills/unattended.ts";
import { asDrillbookError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { openSharedStore } from "../../../src/storage/postgres/open.ts";
import { openSqliteStore } from "../../../src/storage/sqlite/open.ts";
import type { Store } from "../../../src/storage/store.ts";
import { alone } from "../../../src/wakeups/alone.ts";
import { olivia, roles, runbookOf } from "../../fakes/runbooks.ts";
import { running, succeeded } from "../../fakes/outside-world.ts";
import { twelve, type Fault, type Order } from "./plan.ts";
import { randomsOf } from "./randoms.ts";

// A process that runs drills whose people are answered for, and that meets the fault it is told.

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const random = randomsOf(order.seed);
const counts = new Map<Fault["at"], number>();
let appends = 0;
let ahead = 0;
const clock: Clock = () => new Date(Date.now() + ahead);

const retried: StepAnswer = { answer: "done", reason: "as the harness says", then: "retry" };
const usual = Object.fromEntries(twelve.map((step) => [step.id, retried]));

function meet(at: Fault["at"]): void {
  counts.set(at, (counts.get(at) ?? 0) + 1);
  if (order.fault?.at === at && order.fault.nth === counts.get(at)) process.kill(process.pid, order.fault.signal);
}

const after = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
const onFault = (drill: string, fault: unknown): void => {
  process.stderr.write(`${drill}: ${asDrillbookError(fault).code} ${asDrillbookError(fault).message}\n`);
};

const { store: opened, wakeups } = await open();
const store = faulty(opened);
const runner = createRunner({
  store, wakeups, actions: actions(), checks: new Map([["fake-check", healthy()]]), clock, newId: randomUUID, after, onFault,
  sendWithinMs: order.sendWithinMs ?? 500,
  crashPoint: (name) => meet(name),
});
const notifier = createNotifier({
  runner, mine: (drill) => wakeups.has(drill), surfaces: store, addresses: createAddresses(), blobs: store, clock, editEveryMs: 20, after, transcriptUrl: () => null, onFault,
  transport: { send: async (_, { text }) => ask<{ messageId: string }>("card", { surface: text.slice(0, 20) }), update: async () => undefined },
});
runner.onChange((state) => void answerSoon(state.id));
await runner.start();
if (!wakeups.shared) void notifier.catchUp(await store.behind()).catch((fault: unknown) => onFault("", fault));
process.stdout.write("ready\n");
process.on("SIGTERM", () => void end());
await Promise.all(Array.from({ length: order.launch }, launch));
await untilEnded();

async function launch(): Promise<void> {
  const plan = `/plan/${randomUUID()}`;
  await runner.launch({ by: olivia, runbook: runbookOf(twelve), source: new Uint8Array(), params: { plan }, mode: "test", roles, conversation: { id: "19:a", reference: null } });
}

async function untilEnded(): Promise<void> {
  for (;;) {
    const all = await store.list().catch(() => []);
    if (order.until > 0 && all.filter((d) => d.endedAt !== null).length >= order.until) return end();
    // Whatever was missed while the process was down or another had the drill.
    for (const { id } of all.filter((d) => d.endedAt === null)) void answerSoon(id);
    await pause(250);
  }
}

async function end(): Promise<void> {
  await notifier.stop();
  await runner.stop();
  await opened.close();
  process.exit(0);
}

/** People press as soon as they are asked, some twice, some late. */
async function answerSoon(drill: string): Promise<void> {
  if (!wakeups.has(drill) && random() < 0.8) return;
  try {
    const state = await runner.state(drill);
    const command = nextAnswer(state, usual);
    if (command === null) return;
    const presses = order.repeat === true ? [command, command, late(state) ?? command] : [command];
    if (order.repeat === true && random() < 0.5) presses.reverse();
    await Promise.all(presses.map((press) => runner.command(drill, press)));
  } catch (fault) {
    onFault(drill, fault);
  }
}

/** A press on something that was decided long ago. */
function late(state: DrillState): PersonCommand | null {
  const done = state.steps.find((s) => s.approval?.status === "granted" && s.status === "passed");
  const [decision] = done?.approval?.decisions ?? [];
  if (done === undefined || decision === undefined) return null;
  return { type: "decide", by: decision.by, step: done.step.id, round: done.round, decision: "approve", code: done.approval?.digest ?? "", reason: "" };
}

async function open(): Promise<{ readonly store: Store; readonly wakeups: Wakeups }> {
  if ("file" in order.store) {
    const embedded = openSqliteStore(order.store.file, { clock });
    return { store: embedded, wakeups: alone({ store: embedded, clock, after, onFault }) };
  }
  const shared = await openSharedStore(new Secret(order.store.url), { schema: order.store.schema, clock, onFault });
  return { store: shared, wakeups: shared.wakeups };
}

function faulty(real: Store): Store {
  const slowly = async (): Promise<void> => {
    if (order.slowMs !== undefined) await pause(order.slowMs);
  };
  return {
    ...real,
    async append(append) {
      await slowly();
      meet("append");
      await real.append(append);
      appends += 1;
      for (const jump of order.jumps ?? []) {
        if (jump.after !== appends) continue;
        ahead += jump.ms;
        // A clock that went back makes what waits for a time wait longer; somebody sets it right again.
        if (jump.ms < 0) setTimeout(() => (ahead = 0), 2_000);
      }
      meet("appended");
    },
    async read(...of: Parameters<DrillStore["read"]>) {
      await slowly();
      return real.read(...of);
    },
    async putSurface(row) {
      meet("surface");
      await real.putSurface(row);
      meet("surfaced");
    },
  };
}

function actions(): ReadonlyMap<string, Action> {
  return new Map([write("fake-action", "fake-undo"), write("fake-undo", null)].map((a) => [a.facts.type, a]));
}

/** Once sent, never again, and not after its time: what a real action does before its socket. */
function write(type: string, undo: string | null): Action {
  return {
    facts: { type, summary: "", schema: z.unknown(), undo, settlingMs: 300, permissions: [] },
    preview: async () => ({ action: type, targets: [{ id: "/vm/1", name: "web-01" }], planDigest: "p1", recoveryPointRule: "latest", undo: undo ?? "nothing", facts: [] }),
    async start(input, { tag, sendBy }) {
      if (clock() >= sendBy) throw Object.assign(asDrillbookError(new Error("too late to send")), { code: "not-now" });
      return ask<{ handle: string }>("start", { key: JSON.stringify([type, input]), tag });
    },
    async find(_input, tag) {
      const { handle } = await ask<{ handle: string | null }>("find", { tag });
      return handle === null ? null : { handle };
    },
    async follow(handle) {
      const { state } = await ask<{ state: "running" | "succeeded" }>("follow", { handle });
      return state === "running" ? { ...running, nextLookMs: 10 } : succeeded;
    },
    undoInput: (input) => ({ undo: input }),
  };
}

function healthy(): Check {
  return { facts: { type: "fake-check", summary: "", schema: z.unknown(), permissions: [] }, observe: async () => ({ verdict: "passed", summary: "all is well", diagnosis: [], result: {} }) };
}

async function ask<T>(what: string, of: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${order.outside}/${what}?${new URLSearchParams(of).toString()}`, { method: "POST" });
  return (await response.json()) as T;
}
