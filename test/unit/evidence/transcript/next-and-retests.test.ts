import assert from "node:assert/strict";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { fold } from "../../../../src/drills/evolve.ts";
import { signOffCard } from "../../../../src/dialogs/closing-cards.ts";
import { previewCard } from "../../../../src/dialogs/launch-cards.ts";
import { earlierRetests, retestsLeft } from "../../../../src/evidence/earlier.ts";
import { renderReport } from "../../../../src/evidence/report/report.ts";
import { fieldFactsOf, fieldsOf } from "../../../../src/evidence/transcript/fields.ts";
import { transcriptOf } from "../../../../src/evidence/transcript/transcript.ts";
import type { Mode } from "../../../../src/runbooks/runbook.ts";
import { memoryStore } from "../../../fakes/memory-store.ts";
import { payrollDrill } from "../fixtures/payroll-drill.ts";

type Launch = Extract<DrillEvent, { type: "drill.launched" }>;

const changed = (events: readonly DrillEvent[], change: (launch: Launch) => Launch): readonly DrillEvent[] =>
  events.map((event) => (event.type === "drill.launched" ? change(event) : event));
const schedule = { everyMs: 90 * 86_400_000, cron: null, timeZone: "UTC", blackouts: [], announceMs: 0, overdueMs: 0 };
const strict = (rtoMs: number) => (launch: Launch): Launch => ({ ...launch, runbook: { ...launch.runbook, objectives: [{ id: "O1", text: "Back soon", rtoMs, rpoMs: null }, { id: "O2", text: "Little lost", rtoMs: null, rpoMs: 1_000 }] } });
const noted = (events: readonly DrillEvent[], text: string): readonly DrillEvent[] => {
  const { seq, at, drill } = events.at(-1)!;
  return [...events, { v: 1, drill, seq: seq + 1, at, by: { id: "p-ravi", name: "Ravi Menon" }, type: "note.added", step: null, text }];
};

describe("what follows from a drill", () => {
  const { events } = payrollDrill({ mode: "test" });

  it("is due by the runbook's schedule, from this drill on; a rehearsal puts nothing off", () => {
    const due = (mode: "test" | "rehearsal", more: object) => transcriptOf(changed(payrollDrill({ mode }).events, (l) => ({ ...l, runbook: { ...l.runbook, ...more } }))).nextTest;
    assert.equal(due("test", { schedule }).due, "2027-02-18");
    assert.equal(due("test", { schedule: { ...schedule, everyMs: null, cron: "0 9 1 * *" } }).due, "2026-12-01");
    assert.equal(due("rehearsal", { schedule }).due, "2026-11-20");
    assert.match(due("rehearsal", { schedule }).why, /does not count as a test/);
    assert.equal(due("test", {}).due, null);
  });

  it("marks the segment of a missed objective, for its time from the first action on, for its data up to it", () => {
    const { retests } = transcriptOf(changed(events, strict(60_000)));
    assert.deepEqual(retests, [
      { objective: "O1 RTO 1 min", result: "not met", segment: ["Fail over", "Prove it works"] },
      { objective: "O2 RPO 1 s", result: "not met", segment: ["Before we start", "Fail over"] },
    ]);
    assert.deepEqual(transcriptOf(events).retests, []);
  });

  it("says a target and what is held against it in full, never so that a miss reads like the target", () => {
    const t = transcriptOf(changed(events, strict(3_930_000)));
    assert.deepEqual(t.objectives.map((o) => o.target), ["RTO 1 h 5 min 30 s", "RPO 1 s"]);
    const took = t.recoveryTime.ms ?? 0;
    const missed = transcriptOf(changed(events, strict(took - 1_000))).objectives[0];
    assert.deepEqual([missed?.result, missed?.achieved.startsWith(missed.target.replace("RTO ", ""))], ["not met", false]);
    const page = renderReport(t, { proof: { head: "", signer: null } });
    assert.match(page, /target 1 h 5 min 30 s/);
    assert.doesNotMatch(page, /1 h 5 min(?! 30 s)/);
  });

  it("shows in the next drill's report what the last one left, and whether it was shown now", () => {
    const left = transcriptOf(changed(events, strict(60_000))).retests;
    const page = renderReport(transcriptOf(changed(events, strict(3_600_000))), { proof: { head: "", signer: null }, earlier: { drill: "PAY-0041", retests: [...left, { objective: "O1 RTO 1 h", result: "not met", segment: ["Fail over"] }] } });
    assert.match(page, /Drill PAY-0041 left these to be shown again/);
    assert.match(page, /O1 RTO 1 h<\/td>.*?not met.*?<td[^>]*><span class="chip good">met</s);
    assert.match(page, /O1 RTO 1 min<\/td>.*?met.*?the target is RTO 1 h now/s);
  });

  it("is frozen into the next drill at its launch, so that its bundle says by itself what was shown again", () => {
    const left = { drill: "PAY-0041", retests: [...transcriptOf(changed(events, strict(60_000))).retests, { objective: "O9 RTO 1 h", result: "not met", segment: ["Gone"] }] };
    const next = transcriptOf(changed(events, (l) => ({ ...strict(3_600_000)(l), retests: left })));
    assert.deepEqual(next.earlier, left);
    const page = renderReport(next, { proof: { head: "", signer: null }, earlier: next.earlier });
    assert.match(page, /O9 RTO 1 h<\/td>.*?no longer an objective/s);
    assert.match(fieldsOf(next).find((f) => f.name === "Retest")?.why ?? "", /^O1 RTO 1 min of PAY-0041: met; O2 RPO 1 s of PAY-0041: not met; O9 RTO 1 h of PAY-0041: no objective any more; marked for the next drill/);
  });

  it("is what the last drill of the runbook that ended left; a rehearsal leaves nothing to a real one", async () => {
    const store = memoryStore();
    const told = changed(events, strict(60_000));
    const add = (drill: string, day: string, mode: Mode, until = told.length) => store.append({ drill, expectedSeq: 0, wakeAt: null, events: told.slice(0, until).map((e) => ({ ...e, drill, at: e.at.replace("2026-11-20", day), ...(e.type === "drill.launched" ? { mode } : {}) })) });
    assert.equal(await retestsLeft(store, "payroll-test-failover", false), null);
    await add("PAY-0001", "2026-08-20", "test");
    await add("PAY-0002", "2026-10-20", "test");
    await add("PAY-0003", "2026-10-21", "rehearsal");
    await add("PAY-0004", "2026-10-22", "test", 5);
    assert.equal((await retestsLeft(store, "payroll-test-failover", false))?.drill, "PAY-0002");
    assert.equal((await retestsLeft(store, "payroll-test-failover", true))?.drill, "PAY-0003");
    assert.equal((await retestsLeft(store, "another", false)), null);
    assert.deepEqual((await earlierRetests(store, "PAY-0002"))?.retests.map((r) => r.objective), ["O1 RTO 1 min", "O2 RPO 1 s"]);
  });

  it("is named on the card that asks whether to launch", () => {
    const left = { drill: "PAY-0041", retests: [{ objective: "O1 RTO 1 min", result: "not met", segment: ["Fail over", "Prove it works"] }] };
    const { runbook } = fold(events);
    assert.match(previewCard(runbook, "test", {}, {}, [], [], [], left).text, /To be shown again: O1 RTO 1 min was not met in PAY-0041\. It goes through Fail over and Prove it works\./);
    assert.doesNotMatch(previewCard(runbook, "test", {}, {}, [], []).text, /shown again/);
  });
});

describe("what nobody but people can say", () => {
  const status = (events: readonly DrillEvent[], name: RegExp) => fieldsOf(transcriptOf(events)).find((f) => name.test(f.name));

  it("is taken from notes that begin with the topic, the latest word, and never guessed", () => {
    const open = payrollDrill({ until: "check" }).events;
    assert.equal(status(open, /^Scenario/)?.status, "missing");
    assert.match(status(open, /^Scenario/)?.why ?? "", /Type: note scenario:/);
    const told = noted(noted(noted(open, "scenario: first thought"), "Scenario: the primary region is gone"), "we talked about assumptions: none");
    assert.deepEqual([status(told, /^Scenario/)?.status, status(told, /^Scenario/)?.why], ["present", "the primary region is gone"]);
    assert.equal(status(told, /^Assumptions/)?.status, "missing");
    assert.equal(status(noted(told, "next test: March, after the move"), /^Next test/)?.status, "present");
  });

  it("is asked on the sign-off card with a score, while people are there, and not afterwards", () => {
    const signing = payrollDrill({ until: "cleanup" }).events;
    const card = (events: readonly DrillEvent[]) => JSON.stringify(signOffCard(fold(events), new Date(events.at(-1)!.at)).card);
    assert.match(card(signing), /For the auditor: \d+ of 31 fields present/);
    assert.match(card(signing), /note scenario: …/);
    assert.doesNotMatch(card(noted(signing, "scenario: the region is gone")), /note scenario: …/);
    assert.doesNotMatch(card(payrollDrill().events), /For the auditor/);
  });

  it("scores a drill's state as its transcript does", () => {
    for (const until of ["failover", "check", "cleanup", "end"] as const) {
      const { events } = payrollDrill({ until, mode: "test" });
      const by = (fields: ReturnType<typeof fieldsOf>) => fields.map((f) => `${f.name}: ${f.status}`);
      assert.deepEqual(by(fieldsOf(fieldFactsOf(fold(events)))), by(fieldsOf(transcriptOf(events))), until);
    }
  });
});
