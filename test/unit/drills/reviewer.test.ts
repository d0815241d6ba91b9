import assert from "node:assert/strict";
import { signaturesOf } from "../../../src/evidence/transcript/people.ts";
import type { Person } from "../../../src/drills/events.ts";
import { DrillbookError } from "../../../src/errors.ts";
import { codeOfStep, world, type World } from "../../fakes/drill-world.ts";
import { action, amir, approval, bea, manual, olivia, ravi, roles } from "../../fakes/runbooks.ts";

const rita = { id: "rita", name: "Rita Roth" };
const done = (step: string) => ({ type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] }) as const;
const reviewers = { ...roles, reviewer: [olivia, amir, rita, ravi] };

async function decide(w: World, drill: string, by: Person, round = 1, decision: "approve" | "reject" = "approve"): Promise<void> {
  const { refused } = await w.give(drill, by, { type: "decide", step: "approve", round, decision, code: await codeOfStep(w, drill, "approve"), reason: "so" });
  assert.equal(refused, null);
}

/** Whoever took part is refused by what they did, for they have the role; somebody else in it may sign. */
async function refusedAsReviewer(w: World, drill: string, who: Person): Promise<void> {
  assert.equal((await w.state(drill)).status, "signing-off");
  const { refused } = await w.give(drill, who, { type: "sign", as: "reviewer", statement: "" });
  assert.deepEqual([refused?.code, (await w.state(drill)).signatures.length], ["not-allowed", 0]);
  assert.equal((await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" })).refused, null);
  assert.deepEqual(signaturesOf(await w.state(drill)).map((s) => [s.by.id, s.independent]), [["ravi", true]]);
}

describe("whoever reviews neither launched, performed nor approved", () => {
  it("refuses who launched and did nothing else", async () => {
    const w = world([manual("look", { role: "approver" })]);
    const drill = await w.launch("rehearsal", { roles: reviewers });
    await w.give(drill, bea, done("look"));
    await refusedAsReviewer(w, drill, olivia);
  });

  it("refuses who performed a step", async () => {
    const w = world([manual("look", { role: "reviewer" })]);
    const drill = await w.launch("rehearsal", { roles: reviewers });
    await w.give(drill, rita, done("look"));
    await refusedAsReviewer(w, drill, rita);
  });

  it("refuses who had a step handed over and did it", async () => {
    const w = world([manual("look")]);
    const drill = await w.launch("rehearsal", { roles: reviewers });
    await w.give(drill, olivia, { type: "hand-over", step: "look", round: 1, to: "Rita Roth", reason: "shift ends" });
    await w.give(drill, rita, done("look"));
    await refusedAsReviewer(w, drill, rita);
  });

  it("refuses who approved", async () => {
    const w = world([approval("approve"), action("go")]);
    const drill = await w.launch("rehearsal", { roles: reviewers });
    for (const by of [amir, bea]) await decide(w, drill, by);
    await refusedAsReviewer(w, drill, amir);
  });

  it("refuses who rejected", async () => {
    const w = world([approval("approve", { onFail: "stop" }), action("go")]);
    const drill = await w.launch("rehearsal", { roles: reviewers });
    await decide(w, drill, amir, 1, "reject");
    await refusedAsReviewer(w, drill, amir);
  });

  it("refuses who approved what then ran, also when that approval was void later and others gave it anew", async () => {
    const w = world([approval("approve"), action("first"), action("second")]);
    const before = w.failover.preview_();
    w.failover.preview_ = () => (w.failover.starts.length === 0 ? before : { ...before, targets: [...before.targets, { id: "/vm/2", name: "dc-01" }] });
    const carl = { id: "carl", name: "Carl Cole" };
    const drill = await w.launch("test", { roles: { ...reviewers, approver: [amir, bea, carl] } });
    for (const by of [amir, bea]) await decide(w, drill, by);
    assert.equal(w.failover.starts.length, 1, "the first ran under their word");
    await w.give(drill, olivia, { type: "retry", step: "approve", round: 1, reason: "" });
    for (const by of [bea, carl]) await decide(w, drill, by, 2);
    assert.equal(w.failover.starts.length, 2);
    await refusedAsReviewer(w, drill, amir);
  });

  it("refuses who took something back by hand", async () => {
    const w = world([manual("dns", { role: "reviewer", undo: { text: "Set the record back." } }), manual("last")]);
    const drill = await w.launch("rehearsal", { roles: { ...reviewers, operator: [olivia, rita] } });
    await w.give(drill, olivia, done("dns"));
    await w.give(drill, olivia, { type: "give-up", reason: "enough" });
    assert.equal((await w.give(drill, rita, { type: "answer-undo", operation: "dns#1", answer: "done", reason: "" })).refused, null);
    await refusedAsReviewer(w, drill, rita);
  });

  for (const as of ["not-started", "look-again"] as const) {
    it(`refuses who said of a write that was lost: ${as}`, async () => {
      const w = world([action("go")]);
      w.failover.start_ = async () => { throw new DrillbookError("outcome-unknown", "reset", ""); };
      const drill = await w.launch("rehearsal", { roles: { ...reviewers, operator: [olivia, rita] } });
      await w.clock.advance(20_000);
      w.failover.find_ = async () => ({ handle: "job-1" });
      assert.equal((await w.give(drill, rita, { type: "resolve", operation: "go#1", as, reason: "the portal says so" })).refused, null);
      if (as === "not-started") await w.give(drill, olivia, { type: "give-up", reason: "enough" });
      await w.clock.advance(20_000);
      await refusedAsReviewer(w, drill, rita);
    });
  }

  it("refuses who ordered that something be taken back in live, which is its approval", async () => {
    const w = world([action("go"), manual("last")]);
    const drill = await w.launch("live", { roles: reviewers });
    await w.give(drill, olivia, { type: "give-up", reason: "go back" });
    assert.equal((await w.give(drill, amir, { type: "order-undo", operation: "go#1", reason: "" })).refused, null);
    assert.equal(w.cleanup.starts.length, 1);
    await refusedAsReviewer(w, drill, amir);
  });
});
