import assert from "node:assert/strict";
import { cardsInPerson, personalName } from "../../../src/bot/personal-surfaces.ts";
import { permit } from "../../../src/drills/permission.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { action, amir, approval, ask, bea, manual, olivia, ravi, roles } from "../../fakes/runbooks.ts";

const done = (step: string, round = 1) => ({ type: "answer", step, round, answer: "done", reason: "", ticks: [] }) as const;
const dora = { id: "dora", name: "Dora Diaz" };

async function approve(w: World, drill: string, by: typeof amir, step = "approve", round = 1): Promise<string | undefined> {
  const code = (await w.state(drill)).steps.find((s) => s.step.id === step)?.approval?.code ?? "";
  return (await w.give(drill, by, { type: "decide", step, round, decision: "approve", code, reason: "" })).refused?.code;
}

describe("approvals of several roles", () => {
  const steps = [approval("approve", { quorum: 1, also: [{ role: "deputy", quorum: 1 }] }), action("fail-over")];

  it("needs every role, and puts them into what is approved", async () => {
    const w = world(steps);
    const drill = await w.launch("rehearsal", { roles: { ...roles, deputy: [dora] } });
    const [step] = (await w.state(drill)).steps;
    assert.deepEqual(step?.approval?.approvers.map((p) => p.id), ["amir", "bea", "dora"]);
    assert.deepEqual((step?.approval?.subject as { also?: unknown } | undefined)?.also, [{ role: "deputy", quorum: 1 }]);
    await approve(w, drill, amir);
    await approve(w, drill, bea);
    assert.equal(w.failover.starts.length, 0, "two of one role are not one of each");
    await approve(w, drill, dora);
    assert.equal(w.failover.starts.length, 1);
  });

  it("counts whoever has two roles once, whoever spoke first", async () => {
    for (const order of [[amir, bea], [bea, amir]]) {
      const w = world(steps);
      const drill = await w.launch("rehearsal", { roles: { ...roles, deputy: [amir] } });
      await approve(w, drill, order[0]!);
      assert.equal(w.failover.starts.length, 0);
      await approve(w, drill, order[1]!);
      assert.equal(w.failover.starts.length, 1);
    }
  });

  it("asks nobody when one role alone cannot be filled", async () => {
    const w = world(steps);
    const drill = await w.launch("rehearsal", { roles: { ...roles, deputy: [olivia] } });
    assert.match((await w.state(drill)).steps[0]?.blocked?.message ?? "", /1 of "approver" and 1 of "deputy"/);
  });
});

describe("the set of approvers", () => {
  const steps = [approval("approve", { quorum: 2 }), action("fail-over")];

  it("grows only by the word of an approver who did not ask for it", async () => {
    const w = world(steps);
    const drill = await w.launch("rehearsal", { roles: { ...roles, approver: [amir, bea], deputy: [dora] } });
    const propose = { type: "propose-approver", role: "approver", to: "Dora Diaz", reason: "Bea is ill" } as const;
    assert.equal((await w.give(drill, ravi, propose)).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, amir, propose)).refused, null);
    assert.equal(await approve(w, drill, dora), "not-allowed", "proposed is not admitted");
    assert.equal((await w.give(drill, amir, { type: "admit-approver", proposal: "A1" })).refused?.code, "not-allowed", "the requester");
    assert.equal((await w.give(drill, olivia, { type: "admit-approver", proposal: "A1" })).refused?.code, "not-allowed", "no approver");
    assert.equal((await w.give(drill, bea, { type: "admit-approver", proposal: "A1" })).refused, null);
    assert.equal((await w.give(drill, bea, { type: "admit-approver", proposal: "A1" })).refused?.code, "not-now");
    const twice = { ...(await w.state(drill)), proposals: [{ id: "A2", role: "approver", person: dora, by: amir, added: false }] };
    assert.equal(permit(twice, { type: "admit-approver", by: dora, proposal: "A2" })?.code, "not-allowed", "nobody admits themselves");
    assert.equal(await approve(w, drill, dora), undefined);
    assert.equal(await approve(w, drill, amir), undefined);
    assert.equal(w.failover.starts.length, 1);
  });

  it("cannot be handed over, unlike any other role", async () => {
    const w = world([manual("first"), approval("approve")]);
    const drill = await w.launch("rehearsal", { roles: { ...roles, deputy: [dora] } });
    const hand = (role: string, by: typeof amir) => w.give(drill, by, { type: "hand-over-role", role, to: "Dora Diaz", reason: "shift ends" });
    assert.equal((await hand("approver", amir)).refused?.code, "not-allowed");
    assert.equal((await hand("operator", amir)).refused?.code, "not-allowed", "not his to give");
    assert.equal((await hand("operator", olivia)).refused, null);
    assert.deepEqual((await w.state(drill)).roles["operator"], [dora]);
    assert.equal((await w.give(drill, olivia, done("first"))).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, dora, done("first"))).refused, null);
  });
});

describe("escalation and silence", () => {
  it("tells the role when an approval expires, which is no yes, and lets it ask again", async () => {
    const w = world([approval("approve", { quorum: 1, escalate: "deputy" }), action("fail-over")]);
    const drill = await w.launch("rehearsal", { roles: { ...roles, deputy: [dora] } });
    await w.clock.advance(30 * 60_000 + 1);
    const state = await w.state(drill);
    assert.equal(state.steps[0]?.status, "failing");
    assert.equal(w.failover.starts.length, 0);
    assert.deepEqual(state.escalations.map((e) => [e.step, e.role, e.people.map((p) => p.id)]), [["approve", "deputy", ["dora"]]]);
    assert.ok(cardsInPerson(state).map(personalName).includes("personal:dora:step:approve"));
    assert.equal((await w.give(drill, dora, { type: "retry", step: "approve", round: 1, reason: "called them" })).refused, null);
    assert.equal(await approve(w, drill, amir, "approve", 2), undefined);
    assert.equal(w.failover.starts.length, 1);
    assert.equal((await w.state(drill)).escalations.length, 1, "once an attempt");
  });

  it("goes on without a step that nobody answered where the runbook says so, and records it as a deviation", async () => {
    const late = { timeoutMs: 60_000, onTimeout: "continue", escalate: "owner" } as const;
    const w = world([manual("call", late), manual("guarded", { ...late, guard: true }), manual("last")]);
    const drill = await w.launch();
    await w.clock.advance(60_001);
    const state = await w.state(drill);
    assert.deepEqual([state.steps[0]?.status, state.open, state.escalations.length], ["continued", ["guarded"], 1]);
    await w.clock.advance(60_001);
    assert.equal((await w.state(drill)).steps[1]?.status, "failing", "a guard never lets a drill go on by itself");
  });

  it("takes everything back at once where the runbook says so; in live it asks", async () => {
    const steps = [action("fail-over"), manual("staff", { onFail: "rollback" }), manual("last")];
    for (const [mode, status, cleanups] of [["test", "signing-off", 1], ["live", "running", 0]] as const) {
      const w = world(steps);
      const drill = await w.launch(mode);
      await w.give(drill, olivia, { ...done("staff"), answer: "failed", reason: "no data" });
      assert.deepEqual([(await w.state(drill)).status, w.cleanup.starts.length], [status, cleanups], mode);
    }
  });
});

describe("evidence and findings", () => {
  it("is not done before something was attached to that very step", async () => {
    const w = world([manual("photo", { evidence: ["a picture of the rack"] })]);
    const drill = await w.launch();
    const file = { name: "rack.png", mediaType: "image/png", size: 3, sha256: "a".repeat(64) };
    assert.equal((await w.give(drill, olivia, done("photo"))).refused?.code, "bad-input");
    await w.give(drill, ravi, { type: "attach", step: null, ...file });
    assert.match((await w.give(drill, olivia, done("photo"))).refused?.message ?? "", /a picture of the rack/);
    await w.give(drill, ravi, { type: "attach", step: "photo", ...file });
    assert.equal((await w.give(drill, olivia, done("photo"))).refused, null);
  });

  it("records a finding with its owner and date", async () => {
    const w = world([ask("first", []), manual("last")]);
    const drill = await w.launch();
    const finding = { type: "record-finding", step: "first", text: "The route is missing.", owner: "Bea Lind", due: "2027-01-31" } as const;
    assert.equal((await w.give(drill, ravi, { ...finding, owner: "Nobody" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, ravi, { ...finding, due: "soon" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, ravi, { ...finding, text: " " })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, ravi, finding)).refused, null);
    assert.deepEqual((await w.state(drill)).findings, [{ id: "F1", step: "first", text: "The route is missing.", owner: bea, due: "2027-01-31" }]);
  });
});
