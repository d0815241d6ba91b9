import assert from "node:assert/strict";
import type { Look } from "../../../src/drills/ports.ts";
import type { PastDrill } from "../../../src/coverage/past-drill.ts";
import { readCoverage } from "../../../src/coverage/read-coverage.ts";
import type { Mode } from "../../../src/runbooks/runbook.ts";
import { payrollDrill } from "../evidence/fixtures/payroll-drill.ts";

const look: Look = { signal: AbortSignal.timeout(60_000), record: () => undefined };
const now = new Date("2026-11-21T00:00:00Z");

/** A store with one whole drill in each of these modes, and an estate with the plan that it started. */
function world(modes: readonly Mode[]) {
  const drills = new Map(modes.map((mode, n) => [`PAY-${n}`, { mode, events: payrollDrill({ mode }).events }]));
  const reads: string[] = [];
  const asked: string[] = [];
  const plan = [...drills.values()][0]?.events.flatMap((event) => (event.type === "operation.intended" ? [String((event.input as { plan: string }).plan)] : []))[0] ?? "";
  const store = {
    list: async () => [...drills].map(([id, { mode, events }]) => ({ id, runbook: "payroll-test-failover", title: "", mode, startedAt: "", endedAt: events.at(-1)?.at ?? null, result: "passed" as const, events: events.length })),
    read: async (id: string) => (reads.push(id), (drills.get(id)?.events ?? []).map((event) => ({ event, head: "" }))) as never,
  };
  const servers = ["sql-payroll", "web-01", "web-02", "cache-01"].map((name) => ({ name, source: `/subscriptions/x/providers/Microsoft.Compute/virtualMachines/${name}` }));
  const parts = {
    store,
    estate: { recoveryPlans: async () => [{ id: plan, name: "rp-payroll", servers: 4 }] },
    reader: { servers: async () => servers as never },
    boots: { state: async ({ name }: { readonly name: string }) => (asked.push(name), { osVersion: "10.0.20348.1" }) as never },
    runbooks: async () => [],
    now,
  };
  return { parts, reads, asked };
}

describe("reading coverage", () => {
  it("does not even read the history of a rehearsal", async () => {
    const { parts, reads } = world(["rehearsal"]);
    const rows = await readCoverage(parts, look);
    assert.deepEqual(reads, []);
    assert.ok(rows.every((row) => row.state === "never"), JSON.stringify(rows));
  });

  it("reads a drill that ended once, and says what has changed since", async () => {
    const { parts, reads } = world(["test", "rehearsal"]);
    const known = new Map<string, PastDrill>();
    const rows = await readCoverage({ ...parts, known }, look);
    await readCoverage({ ...parts, known }, look);
    assert.deepEqual(reads, ["PAY-0"]);
    assert.match(rows.find((row) => row.kind === "plan")?.why ?? "", /since the last drill, new: cache-01/);
    assert.deepEqual(rows.filter((row) => row.kind === "server").map(({ name, state }) => `${name} ${state}`), ["cache-01 never", "sql-payroll current", "web-01 current", "web-02 current"]);
  });

  it("asks Azure for no build that no drill has seen", async () => {
    const { parts, asked } = world(["test"]);
    await readCoverage(parts, look);
    assert.deepEqual(asked, []);
    const drill = { id: "PAY-9", runbook: "r", version: "", mode: "test" as const, endedAt: now.toISOString(), result: "passed", plans: [], servers: [], builds: { "web-01": "10.0.17763.1" } };
    const known = new Map([["PAY-0", drill]]);
    await readCoverage({ ...parts, known }, look);
    assert.deepEqual(asked, ["web-01"]);
  });
});
