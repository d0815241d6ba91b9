import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createAddresses } from "../../../src/bot/addresses.ts";
import { createNotifier } from "../../../src/bot/notifier.ts";
import type { SurfaceRow } from "../../../src/bot/surface-store.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { Clock, DrillStore, Wakeups } from "../../../src/drills/ports.ts";
import { createRunner } from "../../../src/drills/runner.ts";
import { openSteps, stepOf, type DrillState } from "../../../src/drills/state.ts";
import { nextAnswer, type StepAnswer } from "../../../src/drills/unattended.ts";
import { asDrillbookError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { openSqliteStore } from "../../../src/storage/sqlite/open.ts";
import type { Store } from "../../../src/storage/store.ts";
import { alone } from "../../../src/wakeups/alone.ts";
import { olivia, roles, runbookOf } from "../../fakes/runbooks.ts";
import { twelve, type Fault, type Order } from "./plan.ts";
import { sequencing } from "./log.ts";
import { randomsOf } from "./randoms.ts";
import { teams } from "./teams.ts";
import { actions, asking, healthy, sendAsAzure, sendBefore } from "./world.ts";

/** `ended`: it did what it was ordered, or was stopped; with how often it passed each boundary. */
export type DrillReplica = { readonly ended: Promise<ReadonlyMap<Fault["at"], number>>; readonly stop: () => Promise<void> };

const retried: StepAnswer = { answer: "done", reason: "as the harness says", then: "retry" };
const usual = Object.fromEntries(twelve.map((step) => [step.id, retried]));
/** How often it looks at all drills, of which it has all or a part: long enough for a big store to do something else too. */
const lookEveryMs = { alone: 250, shared: 1_000 };
/** How often somebody presses at a replica that does not have the drill: each such press reads all of it. */
const elsewhere = 0.05;

const after = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
const onFault = (drill: string, fault: unknown): void => {
  process.stderr.write(`${drill}: ${asDrillbookError(fault).code} ${asDrillbookError(fault).message}\n`);
};

/** Drills on one store, with people who press as soon as they are asked. Resolves once it runs. */
export async function replicaOf(order: Order): Promise<DrillReplica> {
  const random = randomsOf(order.seed);
  const moment = { ahead: 0 };
  const clock: Clock = () => new Date(Date.now() + moment.ahead);
  const passes = new Map<Fault["at"], number>();
  const meet = (at: Fault["at"]): void => {
    passes.set(at, (passes.get(at) ?? 0) + 1);
    if (order.fault?.at !== at || order.fault.nth !== passes.get(at)) return;
    process.kill(process.pid, order.fault.signal);
    // Only whoever is continued comes here.
    moment.ahead -= order.fault.backMs ?? 0;
  };
  const { store: opened, wakeups } = await open(order.store, clock);
  const chats = teams(asking(order.outside));
  const store = faulty(opened, order, moment, meet, chats.stored);
  const send = wakeups.shared ? await sendAsAzure(clock) : sendBefore(clock);
  const runner = createRunner({
    store, wakeups, actions: actions(order.outside, send), checks: new Map([["fake-check", healthy()]]), clock, uptime: () => performance.now(), newId: randomUUID, after, onFault,
    sendWithinMs: order.sendWithinMs ?? 500,
    crashPoint: (name) => meet(name),
  });
  const notifier = createNotifier({
    runner, transport: chats.transport, mine: (drill) => wakeups.has(drill), surfaces: store, addresses: createAddresses(), blobs: store, clock, after, editEveryMs: order.upTo === undefined ? 20 : 1_000, transcriptUrl: () => null, onFault,
  });

  const launch = async (): Promise<void> => {
    const plan = `/plan/${randomUUID()}`;
    await runner.launch({ by: olivia, runbook: runbookOf(twelve), source: new Uint8Array(), params: { plan }, mode: "test", roles, conversation: { id: plan, reference: null } });
  };
  let launching = 0;
  const launchSafely = async (): Promise<void> => {
    launching += 1;
    await launch().catch((fault: unknown) => onFault("", fault));
    launching -= 1;
  };

  const clicking = new Set<string>();
  /** People press as soon as they are asked, some twice, some late. */
  const answerSoon = async (drill: string): Promise<void> => {
    if ((!wakeups.has(drill) && random() > elsewhere && !isClicked(order, drill)) || clicking.has(drill)) return;
    try {
      const state = await runner.state(drill);
      const command = abortOf(order, state) ?? askedAgain(state) ?? nextAnswer(state, usual);
      if (command === null) return;
      if (isClicked(order, drill)) clicking.add(drill);
      const presses = await pressesOf(command, state);
      await Promise.all(presses.map((press) => runner.command(drill, press)));
    } catch (fault) {
      onFault(drill, fault);
    } finally {
      clicking.delete(drill);
    }
  };
  const pressesOf = async (command: PersonCommand, state: DrillState): Promise<readonly PersonCommand[]> => {
    if (command.type === "decide" && isClicked(order, state.id)) return clicksAtOnce(command, state, order.clicks ?? 0);
    if (order.repeat !== true) return [command];
    const presses = [command, command, late(state) ?? command];
    return random() < 0.5 ? presses.toReversed() : presses;
  };

  let stopping = false;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const all = await store.list().catch(() => []);
      if (order.until > 0 && all.filter((d) => d.endedAt !== null).length >= order.until) return;
      const open = all.filter((d) => d.endedAt === null);
      const more = order.upTo === undefined ? 0 : Math.min(order.upTo.atOnce - open.length, order.upTo.drills - all.length) - launching;
      for (let n = 0; n < more; n += 1) void launchSafely();
      // Whatever was missed while the process was down or another had the drill.
      for (const { id } of open) void answerSoon(id);
      await pause(wakeups.shared ? lookEveryMs.shared : lookEveryMs.alone);
    }
  };

  runner.onChange((state) => {
    // Clicks in the same moment need everybody to wait for it.
    if (!isClicked(order, state.id)) void answerSoon(state.id);
  });
  const log = await sequencing(opened, order.data, { clock, after, onFault: (fault) => onFault("log", fault), meet });
  await runner.start();
  if (!wakeups.shared) void notifier.catchUp(await store.behind()).catch((fault: unknown) => onFault("", fault));
  const ended = Promise.all(Array.from({ length: order.launch }, launch)).then(run).then(async () => {
    await notifier.stop();
    await runner.stop();
    await log.stop();
    await opened.close();
    return passes;
  });
  return {
    ended,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}

/** Whoever wants the drill to go on asks for an approval again as often as something voids it; a rehearsal without people gives up. */
function askedAgain(state: DrillState): PersonCommand | null {
  const gone = openSteps(state).find((s) => s.status === "failing" && (s.approval?.status === "voided" || s.approval?.status === "expired"));
  if (state.status !== "running" || state.paused !== null || gone === undefined) return null;
  return { type: "retry", by: olivia, step: gone.step.id, round: gone.round, reason: "as the harness says" };
}

/** Somebody who stops the drill once they have seen a step pass. */
function abortOf(order: Order, state: DrillState): PersonCommand | null {
  if (order.abortAfter === undefined || state.status !== "running" || stepOf(state, order.abortAfter)?.status !== "passed") return null;
  return { type: "abort", by: olivia, reason: "as the harness says" };
}

/** A press on something that was decided long ago. */
function late(state: DrillState): PersonCommand | null {
  const done = state.steps.find((s) => s.approval?.status === "granted" && s.status === "passed");
  const [decision] = done?.approval?.decisions ?? [];
  if (done === undefined || decision === undefined) return null;
  return { type: "decide", by: decision.by, step: done.step.id, round: done.round, decision: "approve", code: done.approval?.digest ?? "", reason: "" };
}

function isClicked(order: Order, drill: string): boolean {
  return order.clicks !== undefined && Number(drill.replaceAll(/\D/g, "")) % 20 === 0;
}

/** Everybody who may still decide presses again and again in the same moment, which every replica waits for. */
async function clicksAtOnce(command: Extract<PersonCommand, { type: "decide" }>, state: DrillState, clicks: number): Promise<readonly PersonCommand[]> {
  const approvers = state.steps.find((s) => s.step.id === command.step)?.approval?.approvers ?? [];
  const people = approvers.filter((p) => !state.performers.some((o) => o.id === p.id));
  await pause(1_000 - (Date.now() % 1_000));
  return Array.from({ length: clicks }, (_, i) => ({ ...command, by: people[i % people.length] ?? command.by }));
}

async function open(store: Order["store"], clock: Clock): Promise<{ readonly store: Store; readonly wakeups: Wakeups }> {
  if ("file" in store) {
    const embedded = openSqliteStore(store.file, { clock });
    return { store: embedded, wakeups: alone({ store: embedded, clock, after, onFault }) };
  }
  // Loaded only here: it takes as long as everything else together, and a process is started thousands of times.
  const { openSharedStore } = await import("../../../src/storage/postgres/open.ts");
  const shared = await openSharedStore(new Secret(store.url), { schema: store.schema, clock, onFault });
  return { store: shared, wakeups: shared.wakeups };
}

function faulty(real: Store, order: Order, moment: { ahead: number }, meet: (at: Fault["at"]) => void, stored: (row: SurfaceRow) => void): Store {
  let appends = 0;
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
        moment.ahead += jump.ms;
        // A clock that went back makes what waits for a time wait longer; somebody sets it right again.
        if (jump.ms < 0) setTimeout(() => (moment.ahead = 0), 2_000);
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
      stored(row);
      meet("surfaced");
    },
  };
}
