import assert from "node:assert/strict";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import { createRunner, type Outcome, type Runner } from "../../../src/drills/runner.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { DrillbookError } from "../../../src/errors.ts";
import { manualClock } from "../../fakes/manual-clock.ts";
import { memoryStore } from "../../fakes/memory-store.ts";
import { failed, fakeAction, fakeCheck, passed, running, succeeded } from "../../fakes/outside-world.ts";
import { action, amir, approval, bea, check, checklist, manual, olivia, ravi, roles, runbookOf } from "../../fakes/runbooks.ts";
import type { Step } from "../../../src/runbooks/runbook.ts";

type PersonCommandBody = PersonCommand extends infer C ? (C extends PersonCommand ? Omit<C, "by"> : never) : never;

const planned: readonly Step[] = [
  check("healthy", { guard: true }),
  approval("approve"),
  action("failover"),
  checklist("staff", ["sign in", "open"]),
];

function world(steps: readonly Step[] = planned) {
  const clock = manualClock();
  const store = memoryStore();
  const failover = fakeAction("fake-action", "fake-cleanup");
  const cleanup = fakeAction("fake-cleanup", null);
  const health = fakeCheck();
  const faults: unknown[] = [];
  let ids = 0;
  const parts = {
    store,
    actions: new Map([["fake-action", failover], ["fake-cleanup", cleanup]]),
    checks: new Map([["fake-check", health]]),
    clock: clock.now,
    newId: () => `id-${(ids += 1)}`,
    after: clock.after,
    sendWithinMs: 10_000,
    onFault: (_drill: string, fault: unknown) => faults.push(fault),
  };
  let runner = createRunner(parts);
  const settle = (): Promise<void> => clock.advance(1);
  return {
    clock, store, failover, cleanup, health, faults, settle,
    get runner(): Runner { return runner; },
    restart(): void { runner = createRunner(parts); },
    async launch(): Promise<string> {
      const state = await runner.launch({ by: olivia, runbook: runbookOf(steps), params: { plan: "/plan/1" }, mode: "rehearsal", roles, conversation: null });
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

type World = ReturnType<typeof world>;

async function codeOfStep(w: World, drill: string, step: string): Promise<string> {
  return (await w.state(drill)).steps.find((s) => s.step.id === step)?.approval?.code ?? "";
}

async function approveBoth(w: World, drill: string, round = 1): Promise<void> {
  for (const by of [amir, bea]) {
    const code = await codeOfStep(w, drill, "approve");
    const { refused } = await w.give(drill, by, { type: "decide", step: "approve", round, decision: "approve", code, reason: "" });
    assert.equal(refused, null);
  }
}

describe("runner: a whole drill", () => {
  it("walks check, approval, action, checklist, cleanup and sign-off", async () => {
    const w = world();
    const drill = await w.launch();
    assert.equal((await w.state(drill)).current, "approve");
    await approveBoth(w, drill);
    assert.equal(w.failover.starts.length, 1);
    assert.equal(w.health.looks, 2, "the guard is looked at again before the action");
    assert.equal((await w.state(drill)).current, "staff");
    await w.give(drill, olivia, { type: "answer", step: "staff", round: 1, answer: "done", reason: "", ticks: [true, true] });
    assert.equal(w.cleanup.starts.length, 1, "cleanup starts by itself");
    assert.equal((await w.state(drill)).status, "signing-off");
    await w.give(drill, olivia, { type: "sign", as: "owner", statement: "ok" });
    await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "seen" });
    const end = await w.state(drill);
    assert.equal(end.status, "ended");
    assert.equal(end.result, "passed");
    assert.deepEqual(w.faults, []);
  });

  it("can be folded again from its stored events at every point", async () => {
    const w = world();
    const drill = await w.launch();
    await approveBoth(w, drill);
    const before = await w.state(drill);
    w.restart();
    assert.deepEqual(await w.state(drill), before);
  });

  it("refuses a second drill on the same plan and names the holder", async () => {
    const w = world();
    const drill = await w.launch();
    await assert.rejects(w.launch(), (e: DrillbookError) => e.code === "conflict" && e.message.includes(drill));
  });

  it("lets only one of two simultaneous launches have the plan", async () => {
    const w = world();
    const both = await Promise.allSettled([w.launch(), w.launch()]);
    assert.deepEqual(both.map((b) => b.status).toSorted(), ["fulfilled", "rejected"]);
  });
});

describe("runner: approvals", () => {
  it("counts neither the one who launched nor the same person twice", async () => {
    const w = world();
    const drill = await w.launch();
    const code = await codeOfStep(w, drill, "approve");
    const decide = { type: "decide", step: "approve", round: 1, decision: "approve", code, reason: "" } as const;
    assert.equal((await w.give(drill, olivia, decide)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, amir, decide)).refused, null);
    assert.equal((await w.give(drill, amir, decide)).refused?.code, "not-now");
    assert.equal(w.failover.starts.length, 0);
    assert.equal((await w.types(drill)).filter((t) => t === "command.refused").length, 2, "refusals are in the history");
  });

  it("wants the code of what is asked now", async () => {
    const w = world();
    const drill = await w.launch();
    const wrong = await w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: "XXXX", reason: "" });
    assert.equal(wrong.refused?.code, "bad-input");
  });

  it("is void when the live targets differ at the last moment, and says how", async () => {
    const w = world();
    const drill = await w.launch();
    const before = w.failover.preview_();
    w.failover.preview_ = () => ({ ...before, targets: [...before.targets, { id: "/vm/2", name: "dc-01" }] });
    await approveBoth(w, drill);
    assert.equal(w.failover.starts.length, 0);
    const voided = (await w.state(drill)).steps.find((s) => s.step.id === "approve");
    assert.equal(voided?.approval?.status, "voided");
    assert.deepEqual(voided?.approval?.differences, ["Added since it was approved: dc-01."]);
    await w.give(drill, olivia, { type: "retry", step: "approve", round: 1, reason: "" });
    await approveBoth(w, drill, 2);
    assert.equal(w.failover.starts.length, 1);
  });

  it("does not act when a guard no longer holds", async () => {
    const w = world();
    const drill = await w.launch();
    w.health.observe_ = () => failed;
    await approveBoth(w, drill);
    assert.equal(w.failover.starts.length, 0);
    const step = (await w.state(drill)).steps.find((s) => s.step.id === "failover");
    assert.equal(step?.status, "failing");
    assert.match(step?.blocked?.message ?? "", /no longer holds: web-02 is down/);
    w.health.observe_ = () => passed;
    await w.give(drill, olivia, { type: "retry", step: "failover", round: 1, reason: "" });
    assert.equal(w.failover.starts.length, 1);
  });

  it("expires without becoming a yes", async () => {
    const w = world();
    const drill = await w.launch();
    await w.clock.advance(31 * 60_000);
    const step = (await w.state(drill)).steps.find((s) => s.step.id === "approve");
    assert.equal(step?.approval?.status, "expired");
    assert.equal(step?.status, "failing");
    const late = await w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: step?.approval?.code ?? "", reason: "" });
    assert.ok(late.refused);
  });

  it("needs a reason to reject, and a rejection stops", async () => {
    const w = world();
    const drill = await w.launch();
    const code = await codeOfStep(w, drill, "approve");
    const reject = { type: "decide", step: "approve", round: 1, decision: "reject", code } as const;
    assert.equal((await w.give(drill, amir, { ...reject, reason: " " })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, amir, { ...reject, reason: "month-end run" })).refused, null);
    assert.equal((await w.state(drill)).steps[1]?.status, "failing");
  });
});

describe("runner: intent, send, outcome", () => {
  it("adopts what a lost answer left behind instead of sending again", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.start_ = async () => { throw new DrillbookError("outcome-unknown", "reset", ""); };
    w.failover.find_ = async () => ({ handle: "job-found" });
    await approveBoth(w, drill);
    assert.equal((await w.state(drill)).operations[0]?.phase, "intended");
    await w.clock.advance(10_000);
    assert.equal((await w.state(drill)).operations[0]?.phase, "intended", "not before the send-by time and the settling delay");
    await w.clock.advance(6_000);
    const operation = (await w.state(drill)).operations[0];
    assert.equal(operation?.handle, "job-found");
    assert.equal(operation?.adopted, true);
    assert.equal(w.failover.starts.length, 1);
  });

  it("asks a person when Azure shows no trace, and sends again only as a new attempt", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.start_ = async () => { throw new DrillbookError("outcome-unknown", "reset", ""); };
    await approveBoth(w, drill);
    await w.clock.advance(20_000);
    assert.equal((await w.state(drill)).operations[0]?.phase, "unknown");
    await w.clock.advance(3_600_000);
    assert.equal(w.failover.starts.length, 1);
    w.failover.start_ = async () => ({ handle: "job-2" });
    await w.give(drill, olivia, { type: "resolve", operation: "failover#1", as: "not-started", reason: "the portal shows nothing" });
    await w.give(drill, olivia, { type: "retry", step: "failover", round: 1, reason: "" });
    assert.equal(w.failover.starts.length, 2);
  });

  it("owes nothing when Azure refused", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.start_ = async () => { throw new DrillbookError("azure-refused", "Conflict", ""); };
    await approveBoth(w, drill);
    const state = await w.state(drill);
    assert.deepEqual(state.debts, []);
    assert.equal(state.steps[2]?.status, "failing");
  });

  it("follows a job after a restart without a second start", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.follow_ = () => running;
    await approveBoth(w, drill);
    await w.clock.advance(3_000);
    w.restart();
    w.failover.follow_ = () => succeeded;
    await w.runner.start();
    await w.clock.advance(2_000);
    assert.equal((await w.state(drill)).current, "staff");
    assert.equal(w.failover.starts.length, 1);
  });
});

describe("runner: abort and debt", () => {
  it("waits for a running action, then undoes it", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.follow_ = () => running;
    await approveBoth(w, drill);
    await w.give(drill, amir, { type: "abort", reason: "a real outage" });
    assert.equal(w.cleanup.starts.length, 0);
    w.failover.follow_ = () => succeeded;
    await w.clock.advance(2_000);
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal((await w.state(drill)).result, "aborted");
  });

  it("undoes a failed action too", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.follow_ = () => ({ ...succeeded, state: "failed" });
    await approveBoth(w, drill);
    assert.equal((await w.state(drill)).steps[2]?.status, "failing");
    await w.give(drill, olivia, { type: "give-up", reason: "quota" });
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal((await w.state(drill)).proposed, "failed");
  });

  it("does not end with debt until somebody signs for it", async () => {
    const w = world();
    const drill = await w.launch();
    await approveBoth(w, drill);
    w.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "web-01-test is locked" });
    await w.give(drill, olivia, { type: "abort", reason: "enough" });
    assert.equal((await w.state(drill)).status, "cleaning-up");
    assert.equal((await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "" })).refused?.code, "bad-input");
    await w.give(drill, olivia, { type: "retry-undo", operation: "failover#1", reason: "" });
    assert.equal(w.cleanup.starts.length, 2);
    await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "removed by hand tomorrow" });
    const state = await w.state(drill);
    assert.equal(state.status, "ended");
    assert.equal(state.findings[0]?.owner.id, "olivia");
  });

  it("clears a debt when there is nothing to take back", async () => {
    const w = world();
    const drill = await w.launch();
    w.failover.follow_ = () => ({ ...succeeded, state: "failed" });
    await approveBoth(w, drill);
    w.cleanup.needed_ = () => false;
    await w.give(drill, olivia, { type: "abort", reason: "enough" });
    assert.equal(w.cleanup.starts.length, 0);
    assert.equal((await w.state(drill)).debts[0]?.status, "undone");
  });

  it("ends at once when nothing was started", async () => {
    const w = world([manual("first")]);
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "abort", reason: "wrong runbook" });
    assert.equal((await w.state(drill)).result, "aborted");
  });
});

describe("runner: people", () => {
  it("refuses a second click, an old round and a stranger, and changes nothing", async () => {
    const w = world([manual("first"), manual("second")]);
    const drill = await w.launch();
    const done = { type: "answer", step: "first", round: 1, answer: "done", reason: "", ticks: [] } as const;
    assert.equal((await w.give(drill, ravi, done)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, olivia, done)).refused, null);
    assert.equal((await w.give(drill, olivia, done)).refused?.code, "not-now");
    assert.equal((await w.state(drill)).current, "second");
  });

  it("never skips a guard, and records why anything else was skipped", async () => {
    const w = world([check("healthy", { guard: true }), manual("first")]);
    w.health.observe_ = () => failed;
    const drill = await w.launch();
    assert.equal((await w.give(drill, olivia, { type: "answer", step: "healthy", round: 1, answer: "skipped", reason: "hurry", ticks: [] })).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, olivia, { type: "continue", step: "healthy", round: 1, reason: "hurry" })).refused?.code, "not-allowed");
    w.health.observe_ = () => passed;
    await w.give(drill, olivia, { type: "retry", step: "healthy", round: 1, reason: "" });
    await w.give(drill, olivia, { type: "answer", step: "first", round: 1, answer: "skipped", reason: "not today", ticks: [] });
    assert.equal((await w.state(drill)).proposed, "passed-with-findings");
  });

  it("lets nobody review a drill in which they took part", async () => {
    const w = world([manual("first")]);
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "answer", step: "first", round: 1, answer: "done", reason: "", ticks: [] });
    assert.equal((await w.give(drill, olivia, { type: "sign", as: "reviewer", statement: "" })).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, ravi, { type: "sign", as: "owner", statement: "" })).refused?.code, "not-allowed");
  });
});
