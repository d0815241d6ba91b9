import { randomUUID } from "node:crypto";
import type { PersonCommand } from "../../src/drills/commands.ts";
import { createRunner, type Runner } from "../../src/drills/runner.ts";
import type { DrillState } from "../../src/drills/state.ts";
import type { Action, Check } from "../../src/drills/ports.ts";
import type { Secret } from "../../src/secret.ts";
import { openSharedStore, type SharedStore } from "../../src/storage/postgres/open.ts";
import { amir, bea, olivia, roles, runbookOf } from "../fakes/runbooks.ts";
import type { Step } from "../../src/runbooks/runbook.ts";

export type TestReplica = {
  readonly runner: Runner;
  readonly store: SharedStore;
  readonly faults: unknown[];
  readonly shown: DrillState[];
  launch(steps: readonly Step[], plan?: string): Promise<string>;
  /** Carries out a command, and fails when it is refused. */
  give(drill: string, command: PersonCommand): Promise<DrillState>;
  stop(): Promise<void>;
};

/** One replica in this process, on a real database, in a world that is shared by all of them. */
export async function startReplica(secret: Secret, schema: string, world: { readonly actions: ReadonlyMap<string, Action>; readonly checks: ReadonlyMap<string, Check> }, uptime = () => performance.now()): Promise<TestReplica> {
  const faults: unknown[] = [];
  const shown: DrillState[] = [];
  const clock = (): Date => new Date();
  const onFault = (_drill: string, fault: unknown): void => void faults.push(fault);
  const store = await openSharedStore(secret, { schema, clock, uptime, onFault });
  const after = (ms: number, callback: () => void): (() => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  };
  const runner = createRunner({ store, wakeups: store.wakeups, ...world, clock, newId: randomUUID, after, sendWithinMs: 2_000, onFault });
  runner.onChange((state) => void shown.push(state));
  await runner.start();
  return {
    runner, store, faults, shown,
    async launch(steps, plan = `/plan/${randomUUID()}`) {
      const runbook = runbookOf(steps);
      return (await runner.launch({ by: olivia, runbook, source: new Uint8Array(), params: { plan }, mode: "rehearsal", roles, conversation: null })).id;
    },
    async give(drill, command) {
      const { refused, state } = await runner.command(drill, command);
      if (refused !== null) throw new Error(`refused: ${refused.message}`);
      return state;
    },
    async stop() {
      await runner.stop();
      await store.close();
    },
  };
}

export const approvers = [amir, bea];

export function approve(state: DrillState, step: string, by: PersonCommand["by"]): PersonCommand {
  const open = state.steps.find((s) => s.step.id === step);
  return { type: "decide", by, step, round: open?.round ?? 0, decision: "approve", code: open?.approval?.code ?? "", reason: "" } as PersonCommand;
}

/** Waits until something is so. Throws with `what` when it does not come to be. */
export async function until(what: string, is: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; !(await is()); ) {
    if (Date.now() > end) throw new Error(`it never came to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
