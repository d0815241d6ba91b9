import assert from "node:assert/strict";
import { drillHistory } from "../../../src/checks/drill-history.ts";
import type { DrillStore, DrillSummary, StoredEvent } from "../../../src/drills/ports.ts";

const plan = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationRecoveryPlans/p";

type Told = Pick<DrillSummary, "id" | "mode" | "result" | "endedAt"> & { readonly plan: string };

function storeOf(drills: readonly Told[]): Pick<DrillStore, "list" | "read"> & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    list: async () => drills.map(({ id, mode, result, endedAt }) => ({ id, mode, result, endedAt, runbook: "r", title: "R", startedAt: "2026-01-01T00:00:00Z", events: 9 })),
    read: async (id, afterSeq, limit) => {
      reads.push(`${id} ${afterSeq} ${limit}`);
      const params = { plan: drills.find((one) => one.id === id)?.plan ?? "" };
      return [{ event: { type: "drill.launched", params }, bytes: new Uint8Array(), head: "" } as unknown as StoredEvent];
    },
  };
}

const drill = (id: string, more: Partial<Told> = {}): Told => ({ id, mode: "test", result: "passed", endedAt: "2026-02-01T00:00:00Z", plan, ...more });

describe("the history that a last test is proved by", () => {
  it("gives the newest drill that passed on this plan, whatever its spelling", async () => {
    const store = storeOf([drill("OLD-1", { endedAt: "2026-01-05T00:00:00Z" }), drill("NEW-1", { plan: plan.toUpperCase() }), drill("ELSE-1", { endedAt: "2026-03-01T00:00:00Z", plan: `${plan}2` })]);
    assert.deepEqual(await drillHistory(store, false).lastProven(plan), { id: "NEW-1", startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-02-01T00:00:00Z", result: "passed" });
    assert.deepEqual(store.reads, ["ELSE-1 0 1", "NEW-1 0 1"]);
  });

  for (const [what, more] of [
    ["failed", { result: "failed" }],
    ["was aborted", { result: "aborted" }],
    ["is under way", { result: null, endedAt: null }],
    ["was a rehearsal", { mode: "rehearsal" }],
  ] as const) {
    it(`does not count one that ${what}`, async () => assert.equal(await drillHistory(storeOf([drill("X-1", more)]), false).lastProven(plan), null));
  }

  it("counts rehearsals where Azure is simulated too, and those that passed with findings", async () => {
    assert.equal((await drillHistory(storeOf([drill("R-1", { mode: "rehearsal" })]), true).lastProven(plan))?.id, "R-1");
    assert.equal((await drillHistory(storeOf([drill("F-1", { result: "passed-with-findings" })]), false).lastProven(plan))?.id, "F-1");
  });
});
