import assert from "node:assert/strict";
import type { PersonCommand } from "../../src/drills/commands.ts";
import { createRunner, type Launch, type Outcome, type Runner } from "../../src/drills/runner.ts";
import type { DrillState } from "../../src/drills/state.ts";
import type { Mode, Runbook, Step } from "../../src/runbooks/runbook.ts";
import { alone } from "../../src/wakeups/alone.ts";
import { manualClock } from "./manual-clock.ts";
import { memoryStore } from "./memory-store.ts";
import { fakeAction, fakeCheck } from "./outside-world.ts";
import { action, amir, approval, bea, check, checklist, olivia, roles, runbookOf } from "./runbooks.ts";

type PersonCommandBody = PersonCommand extends infer C ? (C extends PersonCommand ? Omit<C, "by"> : never) : never;

export const planned: readonly Step[] = [
  check("healthy", { guard: true }),
  approval("approve"),
  action("failover"),
  checklist("staff", ["sign in", "open"]),
];

/** A runner among fakes: what happens outside is what a test says happens. */
export function world(steps: readonly Step[] = planned, more: Partial<Runbook> = {}) {
  const clock = manualClock();
  const store = memoryStore();
  const failover = fakeAction("fake-action", "fake-cleanup");
  const cleanup = fakeAction("fake-cleanup", null);
  const commit = fakeAction("fake-commit", null);
  const health = fakeCheck();
  const faults: unknown[] = [];
  let ids = 0;
  const signing = { upTo: Infinity };
  const parts = {
    store,
    signedUpTo: async () => signing.upTo,
    actions: new Map([["fake-action", failover], ["fake-cleanup", cleanup], ["fake-commit", commit]]),
    checks: new Map([["fake-check", health]]),
    clock: clock.now,
    newId: () => `id-${(ids += 1)}`,
    after: clock.after,
    sendWithinMs: 10_000,
    onFault: (_drill: string, fault: unknown) => faults.push(fault),
  };
  const make = (): Runner => createRunner({ ...parts, wakeups: alone(parts) });
  let runner = make();
  const settle = (): Promise<void> => clock.advance(1);
  return {
    clock, store, signing, failover, cleanup, commit, health, faults, settle,
    get runner(): Runner { return runner; },
    restart(): void { runner = make(); },
    async launch(mode: Mode = "rehearsal", given: Partial<Launch> = {}): Promise<string> {
      const state = await runner.launch({ by: olivia, runbook: runbookOf(steps, more), source: new Uint8Array(), params: { plan: "/plan/1" }, mode, roles, conversation: null, ...given });
      await settle();
      return state.id;
    },
    async give(drill: string, by: PersonCommand["by"], body: PersonCommandBody): Promise<Outcome> {
      const outcome = await runner.command(drill, { by, ...body } as PersonCommand);
      await settle();
      return outcome;
    },
    state: (drill: string): Promise<DrillState> => runner.state(drill),
    types: async (drill: string): Promise<string[]> => (await store.read(drill)).map((e) => e.event.type),
  };
}

export type World = ReturnType<typeof world>;

export async function codeOfStep(w: World, drill: string, step: string): Promise<string> {
  return (await w.state(drill)).steps.find((s) => s.step.id === step)?.approval?.code ?? "";
}

export async function approveBoth(w: World, drill: string, round = 1): Promise<void> {
  for (const by of [amir, bea]) {
    const code = await codeOfStep(w, drill, "approve");
    const { refused } = await w.give(drill, by, { type: "decide", step: "approve", round, decision: "approve", code, reason: "" });
    assert.equal(refused, null);
  }
}
