import assert from "node:assert/strict";
import { asrTestFailoverCleanup, asrTestFailoverCleanupFacts } from "../../../src/actions/asr-test-failover-cleanup.ts";
import type { DrillbookError } from "../../../src/errors.ts";
import { awaitingCleanup, failedOver, fakeVault, job, look, now, planId, protectedServer, recoveryPlan, send, tag, task, vault } from "./fake-vault.ts";
import type { Vault } from "./fake-vault.ts";

const input = { plan: planId, comments: "Drillbook drill PAY-0042" };
const names = ["sql-payroll", "web-01", "web-02"];
const pending = { plan: awaitingCleanup, servers: names.map(failedOver) };

function action(change: Partial<Vault> = {}, at = now) {
  const fake = fakeVault(change);
  return { ...fake, action: asrTestFailoverCleanup({ reader: fake.reader, writer: fake.writer, pollMs: 20, settlingMs: 5, clock: () => at }) };
}

describe("action asr-test-failover-cleanup", () => {
  it("is needed while a test server stands, Azure waits for it, or the failover is under way", async () => {
    const needed = async (change: Partial<Vault>) => (await action(change).action.needed?.(input, look)) ?? assert.fail();
    assert.deepEqual(await needed(pending), { needed: true, why: "sql-payroll-test, web-01-test, web-02-test still exist in the test network" });
    assert.equal((await needed({ plan: recoveryPlan(), servers: [failedOver("web-01"), protectedServer("web-02")] })).needed, true);
    assert.equal((await needed({ plan: awaitingCleanup })).needed, true);
    assert.match((await needed({ plan: { ...awaitingCleanup, allowedOperations: [] } })).why, /under way \(job j1\)/);
    assert.deepEqual(await needed({}), { needed: false, why: "rp-payroll has no test failover to clean up" });
  });

  it("is not needed because of what an earlier test left written", async () => {
    const cleaned = names.map((name) => protectedServer(name, { testFailoverState: "MarkedForDeletion" }));
    assert.equal((await action({ servers: cleaned }).action.needed?.(input, look))?.needed, false);
  });

  it("shows what will be deleted", async () => {
    const preview = await action(pending).action.preview(input, look);
    assert.deepEqual(preview.facts[0], { label: "What happens", value: "Azure deletes 3 test servers: sql-payroll-test, web-01-test, web-02-test" });
    assert.equal(preview.recoveryPointRule, null);
    assert.deepEqual(preview.targets.map((t) => t.name), names);
  });

  it("shows that Azure does not allow it yet, refuses to start then, and says what is going on", async () => {
    const busy = { plan: { ...awaitingCleanup, allowedOperations: [], scenarioStatus: "InProgress" }, servers: names.map((n) => protectedServer(n)) };
    // Approved together with the test failover, before there is anything to clean up.
    assert.deepEqual((await action(busy).action.preview(input, look)).facts.at(-1), { label: "Now", value: "not allowed yet: it is at TestFailover, job j1 (InProgress)" });
    const { action: act, written } = action(busy);
    await assert.rejects(act.start(input, send), (e: DrillbookError) => e.code === "not-now" && /it is at TestFailover, job j1 \(InProgress\)/.test(e.message));
    assert.deepEqual(written, []);
  });

  it("sends one cleanup with the comment and the tag, and nothing when the last look fails", async () => {
    const { action: act, written } = action(pending);
    assert.deepEqual(await act.start(input, send), { handle: `${vault}/replicationJobs/j2` });
    assert.deepEqual(written, [{ what: "testFailoverCleanup", planId, body: "Drillbook drill PAY-0042", tag }]);
    const gone = action({ ...pending, unreachable: true });
    await assert.rejects(gone.action.start(input, send), (e: DrillbookError) => e.code === "not-now");
    assert.deepEqual(gone.written, []);
  });

  it("finds its own job and not the failover's", async () => {
    const since = new Date("2026-11-21T21:05:00Z");
    const jobs = [job(), job({ id: `${vault}/replicationJobs/j2`, scenario: "TestFailoverCleanup" })];
    assert.deepEqual(await action({ jobs }).action.find(input, tag, since, look), { handle: `${vault}/replicationJobs/j2` });
  });

  const cleanup = (change: Parameters<typeof job>[0] = {}) => job({ scenario: "TestFailoverCleanup", ...change });
  const done = { state: "Succeeded", stateDescription: "Completed", endedAt: "2026-11-21T21:20:00Z" };
  const follow = (change: Partial<Vault>, at = now) => action(change, at).action.follow(job().id, input, look);

  it("follows the job and says which server is removed", async () => {
    const running = await follow({ ...pending, jobs: [cleanup({ tasks: [task("Clean up the test virtual machine web-01", "Succeeded"), task("Clean up the test virtual machine web-02", "InProgress")] })] });
    assert.deepEqual([running.state, running.nextLookMs], ["running", 20]);
    assert.deepEqual(running.servers.map((s) => s.outcome), ["running", "removed", "running"]);
    const ended = await follow({ jobs: [cleanup(done)], servers: names.map((n) => protectedServer(n, { testFailoverState: "MarkedForDeletion" })) });
    assert.deepEqual([ended.state, ended.summary], ["succeeded", "3 of 3 test servers removed"]);
    assert.deepEqual(ended.servers.map((s) => [s.outcome, s.testServer]), names.map(() => ["removed", null]));
  });

  it("is no success while a test server still stands, though the job says so", async () => {
    const left = { jobs: [cleanup(done)], servers: [protectedServer("sql-payroll"), failedOver("web-01"), protectedServer("web-02")] };
    assert.equal((await follow(left, new Date("2026-11-21T21:21:00Z"))).state, "running");
    const seen = await follow(left, new Date("2026-11-21T21:30:00Z"));
    assert.deepEqual([seen.state, seen.summary], ["failed", "2 of 3 test servers removed"]);
    assert.match(seen.problems[0]?.message ?? "", /web-01: its test server web-01-test still exists/);
  });

  it("is no success when the job failed or succeeded partially", async () => {
    for (const change of [{ ...done, state: "Failed" }, { ...done, stateDescription: "PartiallySucceeded" }]) {
      const seen = await follow({ ...pending, jobs: [cleanup(change)] }, new Date("2026-11-21T21:30:00Z"));
      assert.equal(seen.state, "failed");
      assert.ok(seen.problems.length > 0);
    }
  });

  it("has no undo, and takes its times from whoever wires it", () => {
    const { action: act } = action();
    assert.equal(act.undoInput(input, "PAY-0042"), null);
    assert.equal(act.facts.settlingMs, 5);
    assert.equal(asrTestFailoverCleanupFacts.undo, null);
  });
});
