import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { approveBoth, codeOfStep, world } from "../../fakes/drill-world.ts";
import { failed, passed, running, succeeded } from "../../fakes/outside-world.ts";
import { action, amir, approval, bea, check, manual, olivia, ravi, roles, runbookOf } from "../../fakes/runbooks.ts";

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

  it("does not let an approver approve a drill that they launched or perform", async () => {
    const steps = [approval("approve", { quorum: 1 }), action("failover")];
    const w = world(steps);
    const both = { ...roles, operator: [amir], approver: [amir, bea] };
    const { id } = await w.runner.launch({ by: amir, runbook: runbookOf(steps), source: new Uint8Array(), params: { plan: "/plan/1" }, mode: "rehearsal", roles: both, conversation: null });
    await w.settle();
    const code = await codeOfStep(w, id, "approve");
    const decide = { type: "decide", step: "approve", round: 1, decision: "approve", code, reason: "" } as const;
    assert.equal((await w.give(id, amir, decide)).refused?.code, "not-allowed");
    assert.equal((await w.give(id, bea, decide)).refused, null);
    assert.equal(w.failover.starts.length, 1);
  });

  it("asks nobody when too few are left who may approve", async () => {
    const w = world([manual("first"), approval("approve", { quorum: 2 })]);
    const few = { ...roles, operator: [olivia, amir] };
    const { id } = await w.runner.launch({ by: olivia, runbook: runbookOf([manual("first"), approval("approve", { quorum: 2 })]), source: new Uint8Array(), params: {}, mode: "rehearsal", roles: few, conversation: null });
    await w.give(id, amir, { type: "answer", step: "first", round: 1, answer: "done", reason: "", ticks: [] });
    assert.match((await w.state(id)).steps[1]?.blocked?.message ?? "", /needs 2 approvers .* there are 1/);
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
    assert.match((await w.state(drill)).operations[0]?.summary ?? "", /no answer came: reset$/u, "on record at once, so that an auditor finds the request that was lost");
    await w.clock.advance(20_000);
    assert.equal((await w.state(drill)).operations[0]?.phase, "unknown");
    assert.match((await w.state(drill)).operations[0]?.why ?? "", /no answer came: reset.* shows no trace/u);
    await w.clock.advance(3_600_000);
    assert.equal(w.failover.starts.length, 1);
    w.failover.start_ = async () => ({ handle: "job-2" });
    await w.give(drill, olivia, { type: "resolve", operation: "failover#1", as: "not-started", reason: "the portal shows nothing" });
    await w.give(drill, olivia, { type: "retry", step: "failover", round: 1, reason: "" });
    assert.equal(w.failover.starts.length, 2);
  });

  it("does not look for a write that is still on its way here, however late the clock says it is", async () => {
    const w = world();
    let answer: (of: { handle: string }) => void = () => undefined;
    w.failover.start_ = () => new Promise((resolve) => (answer = resolve));
    const drill = await w.launch();
    await approveBoth(w, drill);
    await w.clock.advance(3_600_000);
    await w.give(drill, olivia, { type: "note", step: null, text: "Azure is slow" });
    assert.equal((await w.state(drill)).operations[0]?.phase, "intended");
    answer({ handle: "job-1" });
    await w.settle();
    assert.equal((await w.state(drill)).operations[0]?.handle, "job-1");
  });

  it("stores with the intent when recovery is due, so that a restart looks then and not later", async () => {
    const w = world();
    const drill = await w.launch();
    await approveBoth(w, drill);
    const intent = w.store.appends.find((a) => a.events.some((e) => e.type === "operation.intended"));
    const event = intent?.events.find((e) => e.type === "operation.intended");
    assert.equal(intent?.wakeAt?.toISOString(), event?.type === "operation.intended" ? new Date(Date.parse(event.sendBy) + 5_000).toISOString() : "");
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
    const given = await w.state(drill);
    assert.equal(given.proposed, "failed");
    const title = given.steps[2]?.step.title ?? "";
    assert.deepEqual(given.findings.map((f) => [f.id, f.step, f.text, f.owner.id]), [["F1", "failover", `"${title}" failed, and the drill was given up: quota`, "olivia"]]);
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

  it("refuses a click that belongs to an earlier attempt", async () => {
    const w = world([manual("first")]);
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "answer", step: "first", round: 1, answer: "failed", reason: "no sign-in", ticks: [] });
    await w.give(drill, olivia, { type: "retry", step: "first", round: 1, reason: "" });
    const old = await w.give(drill, olivia, { type: "answer", step: "first", round: 1, answer: "done", reason: "", ticks: [] });
    assert.equal(old.refused?.code, "not-now");
    assert.equal((await w.state(drill)).steps[0]?.status, "open");
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

describe("runner: silence", () => {
  it("fails a step that nobody answered in time, also after a restart, and never passes it", async () => {
    const w = world([manual("first", { timeoutMs: 600_000 }), manual("second")]);
    const drill = await w.launch();
    await w.clock.advance(599_000);
    assert.equal((await w.state(drill)).steps[0]?.status, "open");
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    await w.clock.advance(1_001);
    const [first] = (await w.state(drill)).steps;
    assert.equal(first?.status, "failing");
    assert.equal(first?.reason, "Nobody answered within 10 min.");
    await w.give(drill, olivia, { type: "retry", step: "first", round: 1, reason: "" });
    await w.clock.advance(599_000);
    await w.give(drill, olivia, { type: "answer", step: "first", round: 2, answer: "done", reason: "", ticks: [] });
    await w.clock.advance(10_000);
    assert.equal((await w.state(drill)).current, "second");
    assert.deepEqual(w.faults, []);
  });

  it("does what onFail says when a step times out", async () => {
    const w = world([manual("first", { timeoutMs: 1_000, onFail: "continue" }), manual("second", { timeoutMs: 1_000, onFail: "continue", guard: true }), manual("third")]);
    const drill = await w.launch();
    await w.clock.advance(5_000);
    const state = await w.state(drill);
    assert.deepEqual(state.steps.map((s) => s.status), ["continued", "failing", "pending"]);
  });
});

describe("runner: live", () => {
  it("takes nothing back until an approver who performed nothing orders it, also after a restart", async () => {
    const w = world();
    const drill = await w.launch("live");
    await approveBoth(w, drill);
    await w.give(drill, olivia, { type: "abort", reason: "wrong plan" });
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    await w.clock.advance(3_600_000);
    assert.equal(w.cleanup.starts.length, 0);
    const order = { type: "order-undo", operation: "failover#1", reason: "" } as const;
    assert.equal((await w.give(drill, olivia, order)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, amir, order)).refused, null);
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal((await w.give(drill, bea, order)).refused?.code, "not-now");
    assert.equal((await w.state(drill)).result, "aborted");
  });

  it("lets somebody leave it behind and sign for it instead", async () => {
    const w = world();
    const drill = await w.launch("live");
    await approveBoth(w, drill);
    await w.give(drill, olivia, { type: "abort", reason: "stay there" });
    assert.equal((await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "" })).refused?.code, "bad-input");
    await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "users work there" });
    assert.equal(w.cleanup.starts.length, 0);
    assert.equal((await w.state(drill)).debts[0]?.status, "accepted");
  });
});

describe("runner: handing over", () => {
  it("gives a step to one person, who then counts as a performer", async () => {
    const w = world([manual("first", { role: "owner" }), manual("second")]);
    const drill = await w.launch();
    const over = { type: "hand-over", step: "first", round: 1, to: "ravi menon", reason: "end of shift" } as const;
    const done = { type: "answer", step: "first", round: 1, answer: "done", reason: "", ticks: [] } as const;
    assert.equal((await w.give(drill, ravi, over)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, olivia, { ...over, to: "nobody" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, olivia, { ...over, reason: "" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, olivia, over)).refused, null);
    assert.equal((await w.give(drill, amir, done)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, ravi, done)).refused, null);
    const state = await w.state(drill);
    assert.equal(state.current, "second");
    assert.ok(state.performers.some((p) => p.id === "ravi"));
    assert.equal((await w.give(drill, ravi, { ...done, step: "second" })).refused?.code, "not-allowed");
  });
});
