import assert from "node:assert/strict";
import { asrReplicationCheck } from "../../../src/checks/asr-replication.ts";
import type { DrillbookError } from "../../../src/errors.ts";
import { awaitingCleanup, fakeVault, look, now, planId, protectedServer, recoveryPlan } from "../actions/fake-vault.ts";
import type { Vault } from "../actions/fake-vault.ts";

const observe = (change: Partial<Vault> = {}, input = {}) =>
  asrReplicationCheck({ reader: fakeVault(change).reader, clock: () => now }).observe({ plan: planId, maxRpo: "15m", ...input }, { ...look, testServers: [] });

/** The plan of three with one server changed. */
const withSql = (change: Parameters<typeof protectedServer>[1]) => ({ servers: [protectedServer("sql-payroll", change), protectedServer("web-01"), protectedServer("web-02")] });

describe("check asr-replication", () => {
  it("passes a healthy, idle plan and names the worst RPO", async () => {
    const seen = await observe();
    assert.equal(seen.verdict, "passed");
    assert.equal(seen.summary, "3 of 3 servers, worst RPO 4 min 10 s (sql-payroll)");
    assert.deepEqual(seen.diagnosis, []);
    assert.equal((seen.result as { servers: readonly unknown[] }).servers.length, 3);
  });

  it("passes exactly at the limit and fails one second over it", async () => {
    assert.equal((await observe(withSql({ rpoSeconds: 900 }))).verdict, "passed");
    const seen = await observe(withSql({ rpoSeconds: 901 }));
    assert.equal(seen.verdict, "failed");
    assert.equal(seen.summary, "2 of 3 servers, worst RPO 15 min 1 s (sql-payroll); sql-payroll: RPO 15 min 1 s is over 15 min");
  });

  for (const [what, change, verdict, why] of [
    ["health is not Normal", withSql({ replicationHealth: "Critical" }), "failed", /sql-payroll: replication health is Critical/],
    ["Azure gives no RPO", withSql({ rpoSeconds: null }), "not-proved", /sql-payroll: Azure gives no RPO/],
    ["the figure is old", withSql({ rpoCalculatedAt: "2026-11-21T20:40:00Z" }), "not-proved", /calculated 25 min ago, which is older than 15 min/],
    ["the figure has no date", withSql({ rpoCalculatedAt: null }), "not-proved", /does not say when/],
    ["the figure is dated in the year 1", withSql({ rpoCalculatedAt: "0001-01-01T00:00:00Z" }), "not-proved", /does not say when/],
    ["the figure comes from the future", withSql({ rpoCalculatedAt: "2026-11-21T22:00:00Z" }), "not-proved", /clocks differ/],
    ["a failure and an unknown meet", { servers: [protectedServer("a", { rpoSeconds: null }), protectedServer("b", { replicationHealth: "Warning" })] }, "failed", /replication health is Warning/],
    ["the plan is busy", { plan: awaitingCleanup }, "failed", /the plan is busy: TestFailover \(job j1, Suspended\)/],
    ["a test failover is not allowed", { plan: recoveryPlan({ allowedOperations: ["Commit"] }) }, "failed", /does not allow a test failover of rp-payroll now \(allowed: Commit\)/],
    ["the plan is empty", { servers: [], plan: recoveryPlan({ groups: [] }) }, "failed", /has no servers/],
    ["the plan lists a server that the vault does not show", { servers: [protectedServer("sql-payroll"), protectedServer("web-01")] }, "not-proved", /lists 1 servers that the vault does not show \(web-02\)/],
  ] as const) {
    it(`${verdict} when ${what}`, async () => {
      const seen = await observe(change);
      assert.equal(seen.verdict, verdict, seen.summary);
      assert.match(seen.diagnosis.join("\n"), why);
    });
  }

  it("compares ids without regard to case", async () => {
    const servers = ["sql-payroll", "web-01", "web-02"].map((name) => protectedServer(name, { id: protectedServer(name).id.toUpperCase() }));
    assert.equal((await observe({ servers })).verdict, "passed");
  });

  it("hands on what Azure says of a server, with causes and advice", async () => {
    const problem = { code: "153007", message: "No crash-consistent point for 60 minutes.", causes: "Churn.", action: "Check the churn limits.", server: "sql-payroll" };
    const seen = await observe(withSql({ replicationHealth: "Critical", problems: [problem] }));
    assert.ok(seen.diagnosis.includes("sql-payroll: No crash-consistent point for 60 minutes. Possible causes: Churn. Recommended: Check the churn limits."));
  });

  it("takes another greatest age of the figure", async () => {
    assert.equal((await observe(withSql({ rpoCalculatedAt: "2026-11-21T20:40:00Z" }), { maxAge: "30m" })).verdict, "passed");
  });

  it("refuses an input that is none, and passes on that Azure could not be read", async () => {
    await assert.rejects(observe({}, { plan: "rp-payroll" }), (e: DrillbookError) => e.code === "bad-input" && /recovery plan's Azure resource id/.test(e.message));
    await assert.rejects(observe({ unreachable: true }), (e: DrillbookError) => e.code === "azure-unreachable");
  });
});
