import assert from "node:assert/strict";
import { asrFailoverCommit, asrFailoverCommitFacts } from "../../../src/actions/asr-failover-commit.ts";
import { asrPlannedFailover } from "../../../src/actions/asr-planned-failover.ts";
import { asrReprotect } from "../../../src/actions/asr-reprotect.ts";
import { asrUnplannedFailover, asrUnplannedFailoverFacts } from "../../../src/actions/asr-unplanned-failover.ts";
import type { DrillbookError } from "../../../src/errors.ts";
import { awaitingCleanup, fakeVault, itemId, job, look, now, planId, protectedServer, recoveryPlan, send, task, vault } from "./fake-vault.ts";
import type { Vault } from "./fake-vault.ts";

function parts(change: Partial<Vault> = {}, at = now) {
  const fake = fakeVault(change);
  return { ...fake, parts: { reader: fake.reader, writer: fake.writer, clock: () => at } };
}

describe("real failovers: what the approver reads", () => {
  it("says what moves, from when, what is lost, and that nothing takes it back", async () => {
    const { facts, undo, recoveryPointRule } = await asrUnplannedFailover(parts().parts).preview({ plan: planId, maxAge: "15m", shutDownSource: false }, look);
    assert.deepEqual(facts, [
      { label: "What happens", value: "Azure fails 3 servers over for real, from the primary to the recovery side" },
      { label: "From when", value: "latest processed recovery point, at most 15 min old; now 4 min 10 s behind at most (sql-payroll)" },
      { label: "Production", value: "NOT shut down: make sure that nobody writes to it any more" },
      { label: "What is lost", value: "what was written after the recovery point" },
      { label: "Undo", value: "none; until the commit the recovery point can be changed in the vault" },
      { label: "Owed afterwards", value: "commit, re-protect, a backup on the other side" },
    ]);
    assert.deepEqual([undo, recoveryPointRule], ["nothing takes this back; a failback brings the servers home", { type: "LatestProcessed", maxAgeMs: 900_000 }]);
  });

  it("shows an operation that follows as not allowed yet, and does not start it", async () => {
    const { parts: p, written } = parts();
    assert.deepEqual((await asrFailoverCommit(p).preview({ plan: planId }, look)).facts.at(-1), { label: "Now", value: "not allowed yet: it allows PlannedFailover, UnplannedFailover, TestFailover" });
    await assert.rejects(asrFailoverCommit(p).start({ plan: planId }, send), (e: DrillbookError) => e.code === "not-now" && /does not allow a commit of rp-payroll/.test(e.message));
    assert.deepEqual(written, []);
  });

  it("declares what is owed, what is settled, and where nothing leads back", () => {
    assert.deepEqual(asrUnplannedFailoverFacts.obligations?.map(({ id }) => id), ["commit", "re-protect", "backup"]);
    assert.deepEqual([asrUnplannedFailoverFacts.pointOfNoReturn, asrUnplannedFailoverFacts.live, asrUnplannedFailoverFacts.undo], [true, true, null]);
    assert.deepEqual([asrFailoverCommitFacts.settles, asrFailoverCommitFacts.pointOfNoReturn], [["commit"], true]);
  });
});

describe("real failovers: what stops them", () => {
  for (const [what, change, input, why] of [
    ["a pending test failover", { plan: awaitingCleanup }, {}, /already at work on rp-payroll: TestFailover/],
    ["somebody at work on one server", { servers: [protectedServer("web-01", { scenario: { name: "Reprotect", jobId: `${vault}/replicationJobs/j7` } })] }, {}, /Somebody else is at work on web-01/],
    ["a server that is there already", { servers: [protectedServer("web-01", { activeLocation: "Recovery" })] }, {}, /web-01 already runs on the recovery side/],
    ["servers that are at home, on the way back", {}, { direction: "to-primary" }, /already run on the primary side/],
    ["a replica that is too old", {}, { maxAge: "1m" }, /is 2 min 55 s old|is 4 min 10 s old/],
    ["a provider that it has no body for", { plan: recoveryPlan({ providers: ["InMage"] }) }, {}, /not known for its replication provider \(InMage\)/],
  ] as const) {
    it(`${what}, at the preview and again at the start`, async () => {
      const { parts: p, written } = parts(change as Partial<Vault>);
      for (const ask of [() => asrUnplannedFailover(p).preview({ plan: planId, ...input }, look), () => asrUnplannedFailover(p).start({ plan: planId, ...input }, send)]) {
        await assert.rejects(ask(), (e: DrillbookError) => e.code === "not-now" && why.test(e.message));
      }
      assert.deepEqual(written, []);
    });
  }

  it("a planned failover or a re-protection of a provider that knows none", async () => {
    await assert.rejects(asrPlannedFailover(parts().parts).preview({ plan: planId }, look), /planned failover of rp-payroll is not known for its replication provider \(A2A\)/);
    const vmware = { plan: recoveryPlan({ providers: ["InMageRcm"], allowedOperations: ["ReverseReplicate"] }) };
    await assert.rejects(asrReprotect(parts(vmware).parts).preview({ plan: planId }, look), /Re-protection of rp-payroll is not known/);
  });

  it("an input that names both a plan and a server, or neither", async () => {
    const inputs: readonly Readonly<Record<string, string>>[] = [{}, { plan: planId, item: itemId("web-01") }];
    for (const input of inputs) await assert.rejects(asrUnplannedFailover(parts().parts).preview(input, look), /either plan .* or item/);
    await assert.rejects(asrReprotect(parts().parts).preview({ plan: planId, policy: `${vault}/replicationPolicies/p` }, look), /takes no container, policy, group, disks or cache/);
  });
});

describe("real failovers: bodies of providers", () => {
  const vmware = { servers: [protectedServer("web-01", { provider: "InMageRcm" })] };

  it("name the shutdown as a string for VMware, and its point", async () => {
    const { parts: p, written } = parts(vmware);
    await asrUnplannedFailover(p).start({ item: itemId("web-01"), shutDownSource: false }, send);
    assert.deepEqual(written[0]?.body, { failoverDirection: "PrimaryToRecovery", sourceSiteOperations: "NotRequired", providerSpecificDetails: { instanceType: "InMageRcm", performShutdown: "false", recoveryPointId: "/rp/1" } });
  });

  it("take no point that is older than the runbook allows", async () => {
    const { parts: p, written } = parts({ servers: [protectedServer("web-01")], points: [{ id: "/rp/0", at: "2026-11-21T20:00:00Z", type: "CrashConsistent" }] });
    await assert.rejects(asrUnplannedFailover(p).start({ item: itemId("web-01"), maxAge: "15m" }, send), /of web-01 is of 2026-11-21T20:00:00Z; the runbook allows 15m/);
    assert.deepEqual(written, []);
  });
});

describe("real failovers: how they end", () => {
  const follow = (servers: Vault["servers"], change: Parameters<typeof job>[0]) => asrUnplannedFailover(parts({ servers, jobs: [job({ scenario: "UnplannedFailover", ...change })] }, new Date("2026-11-21T21:30:00Z")).parts).follow(job().id, { plan: planId }, look);
  const over = protectedServer("web-01", { activeLocation: "Recovery", allowedOperations: ["Commit"] });
  const ended = { state: "Succeeded", stateDescription: "Completed", endedAt: "2026-11-21T21:10:00Z" };

  it("well, when every server shows itself on the other side", async () => {
    const { state, summary, servers } = await follow([over], ended);
    assert.deepEqual([state, summary, servers[0]?.detail], ["succeeded", "1 of 1 server failed over", "runs on the recovery side"]);
  });

  it("not well, when one stayed behind, whatever the job says", async () => {
    const { state, problems } = await follow([over, protectedServer("web-02")], ended);
    assert.deepEqual([state, problems[0]?.message], ["failed", "web-02: the job ended and Azure does not show the server on the other side."]);
  });

  it("not well, when the job succeeded partially", async () => {
    const tasks = [task("Start failover", "Succeeded")];
    assert.equal((await follow([over], { ...ended, stateDescription: "PartiallySucceeded", tasks })).state, "failed");
  });
});
