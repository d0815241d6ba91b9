import assert from "node:assert/strict";
import { asrPlanCheck } from "../../../src/checks/asr-plan.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { fakeVault, itemId, look, now, planId, recoveryPlan } from "../actions/fake-vault.ts";
import type { Vault } from "../actions/fake-vault.ts";

const asWritten: Json = [
  { servers: ["sql-payroll"], actions: [{ name: "Start the listener", failovers: ["UnplannedFailover", "TestFailover"] }] },
  { servers: ["web-02", "WEB-01"] },
];

const observe = (groups: Json, change: Partial<Vault> = {}) => asrPlanCheck({ reader: fakeVault(change).reader, clock: () => now }).observe({ plan: planId, groups }, { ...look, testServers: [] });

describe("check asr-plan", () => {
  it("passes for the plan that the runbook was written for, whatever the order within a group", async () => {
    assert.deepEqual((await observe(asWritten)).verdict, "passed");
  });

  const live = recoveryPlan().groups;
  const cases: readonly (readonly [string, Json, Partial<Vault>, RegExp])[] = [
    ["a server that moved", [{ servers: ["web-01"] }, { servers: ["sql-payroll", "web-02"] }], {}, /web-01 starts in group 2, not in group 1/],
    ["a server that is gone", [{ servers: ["sql-payroll", "app-01"], actions: [{ name: "Start the listener" }] }, { servers: ["web-01", "web-02"] }], {}, /app-01 is not in the plan/],
    ["a server that came", [{ servers: ["sql-payroll"], actions: [{ name: "Start the listener" }] }, { servers: ["web-01"] }], {}, /web-02 is in group 2 of the plan and not in the runbook/],
    ["a group too many", asWritten, { plan: recoveryPlan({ groups: [...live, { type: "Boot", servers: [itemId("x")], actions: [] }] }) }, /3 boot groups, the runbook expects 2/],
    ["an action that the runbook does not know", [{ servers: ["sql-payroll"] }, { servers: ["web-01", "web-02"] }], {}, /group 1 runs the actions Start the listener, the runbook expects \(none\)/],
    ["an action in another kind of failover", [{ servers: ["sql-payroll"], actions: [{ name: "Start the listener", failovers: ["TestFailover"] }] }, { servers: ["web-01", "web-02"] }], {}, /runs in TestFailover, UnplannedFailover, the runbook expects TestFailover/],
    ["an action outside of boot groups", asWritten, { plan: recoveryPlan({ groups: live.map((one) => (one.type === "Shutdown" ? { ...one, actions: [{ name: "Page the boss", failoverTypes: ["TestFailover"] }] } : one)) }) }, /Page the boss stands at the group Shutdown/],
  ];
  for (const [what, groups, change, text] of cases) {
    it(`fails on ${what}`, async () => {
      const seen = await observe(groups, change);
      assert.equal(seen.verdict, "failed");
      assert.match(seen.diagnosis.join("\n"), text);
    });
  }
});
