import assert from "node:assert/strict";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { transcriptOf, type Transcript } from "../../../../src/evidence/transcript/transcript.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";
import { payrollDrill, type Twist } from "../fixtures/payroll-drill.ts";

const of = (twist: Twist = {}): Transcript => transcriptOf(payrollDrill(twist).events);
const changed = (change: (event: DrillEvent) => DrillEvent, twist: Twist = {}): Transcript => transcriptOf(payrollDrill(twist).events.map(change));
const minutes = (n: number) => n * 60_000;

describe("transcript", () => {
  it("says who, what and when", () => {
    const t = of();
    assert.equal(t.drill, "PAY-0042");
    assert.equal(t.launchedBy.name, "Olivia Okafor");
    assert.deepEqual([t.startedAt, t.endedAt, t.events], ["2026-11-20T21:04:00.000Z", "2026-11-20T21:50:00.000Z", 31]);
    assert.deepEqual(t.parameters.map((p) => p.label), ["Recovery plan", "Isolated test network"]);
    assert.deepEqual(t.headline, { tone: "good", words: "Passed", why: [] });
  });

  it("says whether the drill is on legal hold, as the last word on it was", () => {
    const { events } = payrollDrill();
    const held = (...types: ("hold.placed" | "hold.released")[]) => transcriptOf([...events, ...types.map((type, i) => ({ v: 1 as const, drill: "PAY-0042", seq: events.length + 1 + i, at: events.at(-1)!.at, by: null, type, reason: "litigation 7" }))]).onHold;
    assert.deepEqual([held(), held("hold.placed"), held("hold.placed", "hold.released"), held("hold.placed", "hold.released", "hold.placed")], [null, "litigation 7", null, "litigation 7"]);
  });

  it("is not plainly passed while an objective was not measured", () => {
    const { headline } = of({ skipsStaff: true });
    assert.deepEqual([headline.tone, headline.words], ["warn", "Passed with findings, not everything measured"]);
    assert.match(headline.why.join(" "), /^O1 RTO 1 h is not measured: "Payroll staff can work" was skipped\.$/);
  });

  it("has a line for every event, and every request", () => {
    const { events } = payrollDrill();
    const t = of();
    assert.deepEqual(t.timeline.map((e) => e.seq), events.map((e) => e.seq));
    assert.ok(t.timeline.every((e) => e.what.length > 3 && e.what.includes(" ")));
    assert.equal(t.requests.length, events.flatMap((e) => ("requests" in e ? e.requests : [])).length);
    assert.ok(t.requests.every((r) => r.about !== ""));
  });

  describe("recovery time", () => {
    it("runs from the first action's intent to the last step that passed, waiting included", () => {
      const { recoveryTime } = of();
      assert.deepEqual([recoveryTime.from, recoveryTime.to], ["2026-11-20T21:13:15.000Z", "2026-11-20T21:39:15.000Z"]);
      assert.equal(recoveryTime.ms, minutes(26));
      assert.equal(recoveryTime.waitingMs, minutes(3));
      assert.match(recoveryTime.rule, /of what was exercised/);
    });

    const notMeasured: Record<string, [twist: Twist, why: RegExp]> = {
      "a server did not come up": [{ failedServer: true }, /web-02 did not come up/],
      "the proof was skipped": [{ skipsStaff: true }, /"Payroll staff can work" was skipped/],
      "the proof is still open": [{ until: "check" }, /is still open/],
      "nothing was started": [{ until: "approval" }, /no action was started/],
    };
    for (const [what, [twist, why]] of Object.entries(notMeasured)) {
      it(`is not measured when ${what}`, () => {
        const t = of(twist);
        assert.equal(t.recoveryTime.ms, null);
        assert.match(t.recoveryTime.why, why);
        assert.equal(t.objectives[0]?.result, "not measured");
      });
    }
  });

  describe("recovery point", () => {
    const lags = (values: readonly Json[]) => (event: DrillEvent): DrillEvent =>
      event.type === "check.observed" || event.type === "guard.observed"
        ? { ...event, result: { servers: values.map((rpoSeconds, i) => ({ name: `s${i}`, rpoSeconds })) } }
        : event;

    it("is the worst server's, at the last look before the action", () => {
      const { recoveryPoint } = of();
      assert.deepEqual([recoveryPoint.ms, recoveryPoint.worst, recoveryPoint.at], [250_000, "sql-payroll", "2026-11-20T21:13:13.000Z"]);
    });

    it("is not measured when a server has no figure, but the others are told", () => {
      const { recoveryPoint, objectives } = changed(lags([60, null]));
      assert.equal(recoveryPoint.ms, null);
      assert.match(recoveryPoint.why, /no figure for s1/);
      assert.deepEqual(recoveryPoint.servers, [{ name: "s0", ms: 60_000 }, { name: "s1", ms: null }]);
      assert.equal(objectives[1]?.result, "not measured");
    });

    it("is not measured from a result of another shape", () => {
      for (const result of [null, "text", {}, { servers: [] }, { servers: [1] }, { servers: [{ name: "a" }] }] as readonly Json[]) {
        const t = changed((e) => (e.type === "check.observed" || e.type === "guard.observed" ? { ...e, result } : e));
        assert.equal(t.recoveryPoint.ms, null);
      }
    });

    it("that misses its target makes the drill not passed, whatever was recorded", () => {
      const t = changed(lags([901]));
      assert.equal(t.objectives[1]?.result, "not met");
      assert.equal(t.headline.words, "Not passed");
      assert.match(t.headline.why.join(" "), /O2 missed its RPO 15 min.*closed as "passed"/);
    });
  });

  it("never says passed of a plan with a failed server", () => {
    const t = of({ failedServer: true, mode: "test" });
    assert.equal(t.headline.words, "Not passed");
    assert.match(t.headline.why[0] ?? "", /web-02 failed/);
    assert.ok(t.notExercised.includes("web-02: it did not come up"));
    assert.equal(t.findings[0]?.owner.name, "Olivia Okafor");
    assert.equal(t.operations[0]?.servers[2]?.outcome, "failed");
  });

  it("says of an open drill what it is doing", () => {
    assert.equal(of({ until: "check" }).headline.words, "Still running");
    assert.equal(of({ until: "cleanup" }).headline.words, "Cleaning up");
    assert.equal(of({ until: "check" }).endedAt, null);
    assert.ok(of({ until: "check" }).notExercised.includes('"Payroll staff can work", not reached yet'));
  });

  it("tells machine, people and waiting apart, and counts each moment once", () => {
    const t = of();
    assert.deepEqual(t.clocks, { totalMs: minutes(46), machineMs: 1_061_000, peopleMs: 581_000, waitingMs: 1_115_000 });
    const row = (id: string) => t.steps.find((s) => s.id === id)!;
    assert.deepEqual([row("payroll-staff-can-work").peopleMs, row("payroll-staff-can-work").waitingMs], [581_000, 0]);
    assert.equal(row("approve-the-test-failover").waitingMs, 537_000);
    assert.deepEqual([row("the-web-farm-answers").rounds, row("the-web-farm-answers").waitingMs], [2, minutes(3)]);
    assert.ok(t.clocks.machineMs + t.clocks.peopleMs + t.clocks.waitingMs <= t.clocks.totalMs);
  });

  it("lists deviations, refused commands among them", () => {
    const said = of().deviations.map((d) => `${d.by}: ${d.what}`);
    assert.deepEqual(said, [
      'Olivia Okafor: A decision at "Approve the test failover" was refused',
      'Drillbook: "The web farm answers as the load balancer asks" failed',
      'Olivia Okafor: "The web farm answers as the load balancer asks" was tried again',
    ]);
    assert.match(of({ skipsStaff: true }).deviations.at(-1)?.what ?? "", /was skipped/);
  });

  it("lists what was not exercised, and a rehearsal first of all", () => {
    assert.equal(of().notExercised[0], "Anything real: Azure was simulated");
    assert.deepEqual(of({ mode: "test" }).notExercised, [
      "Shutting down the source servers", "Switching users' traffic", "Committing the failover", "Re-protecting the servers afterwards", "Failing back",
    ]);
    const skipped = of({ skipsStaff: true }).notExercised.at(-1);
    assert.equal(skipped, '"Payroll staff can work", skipped by Olivia Okafor: Nobody from payroll was reachable');
  });

  it("shows what existed before and after, and what is owed", () => {
    const clean = of().cleanup;
    assert.deepEqual(clean.servers.map((s) => [s.name, s.removedAt]), [
      ["sql-payroll-test", "2026-11-20T21:43:22.000Z"], ["web-01-test", "2026-11-20T21:43:22.000Z"], ["web-02-test", "2026-11-20T21:43:22.000Z"],
    ]);
    assert.equal(clean.owed, 0);
    const left = of({ leavesDebt: true }).cleanup;
    assert.equal(left.servers[2]?.removedAt, null);
    assert.deepEqual(left.debts.map((d) => [d.status, d.detail]), [["accepted", "The lock belongs to the storage team"]]);
  });

  it("holds what approvers were shown and decided", () => {
    const [approval] = of().approvals;
    assert.equal(approval?.outcome, "granted");
    assert.deepEqual(approval.decisions.map((d) => [d.by, d.decision, d.reason]), [["Amir Haddad", "approve", ""], ["Bea Lind", "approve", "Month-end run is over"]]);
    assert.match(approval.card ?? "", /^[0-9a-f]{64}$/);
    assert.equal(of({ until: "failover" }).approvals[0]?.outcome, "granted");
  });

  it("knows who took part, and whether the reviewer was independent", () => {
    const t = of();
    const olivia = t.participants.find((p) => p.person.name === "Olivia Okafor");
    assert.deepEqual(olivia?.did, ["launched", "was refused", "added a note", "retried a step", "performed a step"]);
    assert.deepEqual(t.participants.find((p) => p.person.name === "Carla Ruiz")?.did, []);
    assert.deepEqual(t.signatures.map((s) => [s.as, s.independent]), [["owner", true], ["reviewer", true]]);
    const partial = changed((e) => (e.type === "drill.signed" ? { ...e, by: { id: "p-amir", name: "Amir Haddad" } } : e));
    assert.deepEqual(partial.signatures.map((s) => s.independent), [false, false]);
  });

  it("cannot be made of nothing", () => {
    assert.throws(() => transcriptOf([]), { code: "not-found" });
  });
});
