import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Action, Wakeups } from "../src/drills/ports.ts";
import { createRunner } from "../src/drills/runner.ts";
import type { DrillState } from "../src/drills/state.ts";
import { nextAnswer } from "../src/drills/unattended.ts";
import { openSharedStore } from "../src/storage/postgres/open.ts";
import { openSqliteStore } from "../src/storage/sqlite/open.ts";
import type { Store } from "../src/storage/store.ts";
import { alone } from "../src/wakeups/alone.ts";
import { action, amir, approval, olivia, ravi, runbookOf, wait } from "../test/fakes/runbooks.ts";
import { running, succeeded } from "../test/fakes/outside-world.ts";
import { startPostgres } from "../test/postgres/server.ts";
import { cost, least, type Bench, type Effort, type Figure } from "./figure.ts";
import { dbosDrills } from "./drills-dbos.ts";
import { decisionTimes, rateOf, type Rate, type Size } from "./rate.ts";

/** A card, an approval, an operation that is started and polled, ten milliseconds of sleep, a card. */
const steps = [approval("approve", { quorum: 1 }), action("operate"), wait("sleep", { forMs: 10 })];
const people = { operator: [olivia], owner: [olivia], approver: [amir], reviewer: [ravi] };

/** Many such drills at once on one PostgreSQL, against the same on DBOS and on the embedded store. */
export const concurrentDrills: Bench = {
  name: "drills",
  run: async (effort) => {
    const server = await startPostgres();
    const folder = mkdtempSync(join(tmpdir(), "drillbook-bench-"));
    try {
      const size = sizes(effort);
      const clock = (): Date => new Date();
      const shared = await openSharedStore(server.secret, { schema: `b_${randomBytes(4).toString("hex")}`, clock, onFault });
      const onPostgres = await ours(shared, shared.wakeups, size);
      await shared.close();
      const file = openSqliteStore(join(folder, "drills.db"), { clock });
      const embedded = await ours(file, alone({ store: file, clock, after, onFault }), size);
      file.close();
      const peer = await dbosDrills(server.url, size);
      const p99 = quantile(onPostgres.decisionMs, 0.99);
      const figures: Figure[] = [
        cost("decision to next step on PostgreSQL, p99", "ms", p99, 50, 1),
        least("drills on the embedded store", "/s", embedded.perSecond, onPostgres.perSecond),
      ];
      if (peer !== null) {
        figures.push(least("drills on PostgreSQL beside DBOS", "/s", onPostgres.perSecond, peer.perSecond));
        figures.push(cost("decision to next step beside DBOS, p99", "ms", p99, quantile(peer.decisionMs, 0.99), 1));
      } else process.stderr.write(`${onPostgres.perSecond.toFixed(0)} drills a second on PostgreSQL\n`);
      return figures;
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function sizes(effort: Effort): Size {
  return effort === "quick" ? { atOnce: 20, drills: 40, decisions: 20, everyMs: 20 } : { atOnce: 500, drills: 1_500, decisions: 500, everyMs: 20 };
}

async function ours(store: Store, wakeups: Wakeups, size: Size): Promise<Rate> {
  const begun = new Map<string, () => void>();
  const ended = new Map<string, () => void>();
  const asked = new Map<string, (state: DrillState) => void>();
  /** Whether approvals wait for a person instead of being answered at once. */
  let held = false;
  const runner = createRunner({ store, wakeups, actions: operations(begun), checks: new Map(), clock: () => new Date(), newId: randomUUID, after, onFault });
  const go = async (state: DrillState): Promise<void> => {
    if (state.status === "ended") {
      await card(store, state);
      return ended.get(state.id)?.();
    }
    if (isAsked(state) && state.seq <= 3) {
      await card(store, state);
      asked.get(state.id)?.(state);
    }
    const command = held && isAsked(state) ? null : nextAnswer(state, {});
    if (command !== null) await runner.command(state.id, command);
  };
  runner.onChange((state) => void go(state).catch((fault: unknown) => onFault(state.id, fault)));
  await runner.start();

  const whole = async (): Promise<void> => {
    const { id } = await launch();
    await new Promise<void>((resolve) => {
      ended.set(id, resolve);
      void runner.state(id).then((s) => s.status === "ended" && resolve());
    });
    ended.delete(id);
  };
  const perSecond = await rateOf(size, whole);
  held = true;
  const decisionMs = await decisionTimes(size, ask);
  await pause(500);
  await runner.stop();
  return { perSecond, decisionMs };

  /** A drill that waits for a decision, and what decides it: answers when the next step begins. */
  async function ask(): Promise<() => Promise<void>> {
    const { id } = await launch();
    const state = await new Promise<DrillState>((resolve) => {
      asked.set(id, resolve);
      void runner.state(id).then((now) => isAsked(now) && resolve(now));
    });
    asked.delete(id);
    const command = nextAnswer(state, {});
    if (command === null) throw new Error(`nobody has anything to decide in ${id}`);
    return async () => {
      const next = new Promise<void>((resolve) => void begun.set(state.params["plan"] ?? "", resolve));
      await runner.command(id, command);
      await next;
    };
  }

  function launch(): Promise<DrillState> {
    return runner.launch({ by: olivia, runbook: runbookOf(steps), source: new Uint8Array(), params: { plan: `/plan/${randomUUID()}` }, mode: "rehearsal", roles: people, conversation: null });
  }
}

function isAsked(state: DrillState): boolean {
  return state.steps[0]?.approval?.status === "asked";
}

/** What the notifier writes for a new card: that it is being posted, and where it stands. */
async function card(store: Store, state: DrillState): Promise<void> {
  const row = { drill: state.id, surface: "live", generation: state.seq, conversation: null, messageId: null, state: "posting", shownHash: null, shownSeq: 0 } as const;
  await store.putSurface(row);
  await store.putSurface({ ...row, messageId: "m", state: "shown", shownHash: "00", shownSeq: state.seq });
}

function operations(begun: Map<string, () => void>): ReadonlyMap<string, Action> {
  const looks = new Map<string, number>();
  const operate: Action = {
    facts: { type: "fake-action", summary: "", schema: z.unknown(), undo: null, settlingMs: 1_000, permissions: [] },
    preview: async () => ({ action: "fake-action", targets: [{ id: "/vm/1", name: "web-01" }], planDigest: "p", recoveryPointRule: "latest", undo: "nothing", facts: [] }),
    async start(input, { tag }) {
      const plan = typeof input === "object" && input !== null && "plan" in input ? String(input.plan) : "";
      begun.get(plan)?.();
      begun.delete(plan);
      return { handle: tag };
    },
    find: async () => null,
    async follow(handle) {
      const count = (looks.get(handle) ?? 0) + 1;
      looks.set(handle, count);
      if (count > 1) looks.delete(handle);
      return count < 2 ? { ...running, nextLookMs: 1 } : succeeded;
    },
    undoInput: () => null,
  };
  return new Map([["fake-action", operate]]);
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

function onFault(drill: string, fault: unknown): void {
  console.error(drill, fault);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
