import assert from "node:assert/strict";
import { renderReport } from "../../../../src/evidence/report/report.ts";
import { transcriptOf } from "../../../../src/evidence/transcript/transcript.ts";
import { troubledDrill } from "../fixtures/troubled-drill.ts";

describe("transcript of a drill in which everything goes wrong", () => {
  const t = transcriptOf(troubledDrill());

  it("names every deviation with its reason, in order", () => {
    assert.deepEqual(t.deviations.map((d) => `${d.what}: ${d.why}`), [
      '"Approve the test failover" could not start: Azure does not answer.',
      '"Approve the test failover" was tried again: Azure is back',
      '"Approve the test failover" was rejected: not tonight',
      '"Approve the test failover" was tried again: asked again',
      '"Approve the test failover" expired: nobody decided in time',
      '"Approve the test failover" was tried again: nobody looked',
      '"Approve the test failover" became void: Added since it was approved: web-03.',
      '"Approve the test failover" was tried again: web-03 belongs to it',
      'The guard "Replication is healthy" no longer held: no figure',
      "Nobody knew what became of start-the-test-failover#2: Azure shows no trace of it.",
      "A person said what became of start-the-test-failover#2: look again: the portal shows a job",
      "A lost answer: start-the-test-failover#2 was found at Azure and adopted: job-1",
      "The drill was aborted: a real outage began",
      "start-the-test-failover#2 failed: cancelled",
      "The undo of start-the-test-failover#2 could not start: Azure does not answer.",
      "The undo of start-the-test-failover#2 was tried again: Azure is back",
    ]);
  });

  it("keeps each time an approval was asked apart", () => {
    assert.deepEqual(t.approvals.map((a) => a.outcome), ["rejected", "expired", "voided", "granted"]);
  });

  it("counts an unknown outcome and a failed undo as waiting for people, and what ran as machine", () => {
    const spans = t.spans.map((s) => `${s.label}, ${s.occupation}, ${s.note}`);
    assert.ok(spans.includes("Start the test failover, attempt 2, machine, outcome unknown"), spans.join("\n"));
    assert.ok(spans.includes("Start the test failover, attempt 2, waiting, "));
    assert.ok(spans.includes("Still running: Start the test failover, machine, 1 of 2 servers"));
    assert.ok(spans.some((s) => s.startsWith("Decision: clean up Start the test failover, waiting")));
    assert.ok(t.spans.every((s) => s.to !== null));
  });

  it("ends aborted, measures no recovery time, and owes nothing", () => {
    assert.deepEqual([t.headline.words, t.headline.tone], ["Aborted", "bad"]);
    assert.equal(t.recoveryTime.ms, null);
    assert.equal(t.cleanup.owed, 0);
    assert.deepEqual(t.cleanup.debts.map((d) => [d.status, d.detail]), [["undone", "no test server is left"]]);
    assert.deepEqual(t.cleanup.servers.map((s) => [s.name, s.removedAt]), [["web-01-test", "2026-11-20T21:16:40.000Z"]]);
  });

  it("can be shown at any moment of it", () => {
    const events = troubledDrill();
    events.forEach((_, i) => assert.match(renderReport(transcriptOf(events.slice(0, i + 1)), { proof: { head: "", signer: null } }), /<\/html>/));
  });
});
