import assert from "node:assert/strict";
import { coverageCsv, coverageOf, type CoverageRow } from "../../../src/coverage/coverage.ts";
import type { PastDrill } from "../../../src/coverage/past-drill.ts";

const now = new Date("2026-11-21T00:00:00Z");
const dayMs = 86_400_000;
const past = (one: Partial<PastDrill>): PastDrill => ({ id: "PAY-0001", runbook: "payroll", version: "aa", mode: "test", endedAt: "2026-11-01T00:00:00Z", result: "passed", plans: ["/plan/payroll"], servers: [{ name: "sql", well: true }, { name: "web", well: true }], builds: {}, ...one });
const plan = { id: "/Plan/Payroll", name: "payroll plan", servers: ["SQL", "web"] };
const runbook = { id: "payroll", title: "Payroll", version: "aa", everyMs: 90 * dayMs, dueAt: null };
const stateOf = (rows: readonly CoverageRow[], kind: string, name: string): string => {
  const row = rows.find((one) => one.kind === kind && one.name === name);
  return `${row?.state}${row?.why ? `: ${row.why}` : ""}`;
};

describe("coverage", () => {
  it("knows what was exercised for real, and that a rehearsal is nothing", () => {
    const rows = coverageOf({ plans: [plan], runbooks: [runbook], drills: [past({})], now });
    assert.deepEqual([stateOf(rows, "runbook", "payroll"), stateOf(rows, "plan", "payroll plan"), stateOf(rows, "server", "SQL")], ["current", "current", "current"]);
    const rehearsed = coverageOf({ plans: [plan], runbooks: [runbook], drills: [past({ mode: "rehearsal" })], now });
    assert.ok(rehearsed.every((row) => row.state === "never"));
  });

  it("names what changed since: a new server, one that is gone, an edited runbook", () => {
    const rows = coverageOf({ plans: [{ ...plan, servers: ["sql", "cache"] }], runbooks: [{ ...runbook, version: "bb" }], drills: [past({})], now });
    assert.equal(stateOf(rows, "plan", "payroll plan"), "changed: since the last drill, new: cache; gone: web; payroll was edited");
    assert.equal(stateOf(rows, "server", "cache"), "never: not in the plan when PAY-0001 ran");
    assert.equal(stateOf(rows, "runbook", "payroll"), "changed: the runbook was edited since");
  });

  it("takes the last drill, and a server that failed in it as failed", () => {
    const drills = [past({}), past({ id: "PAY-0002", endedAt: "2026-11-10T00:00:00Z", result: "failed", servers: [{ name: "sql", well: true }, { name: "web", well: false }] })];
    const rows = coverageOf({ plans: [plan], runbooks: [runbook], drills, now });
    assert.equal(stateOf(rows, "server", "web"), "failed: it failed in PAY-0002");
    assert.equal(stateOf(rows, "plan", "payroll plan"), "failed: its last drill failed");
  });

  it("notices a new build of an operating system", () => {
    const drills = [past({ builds: { sql: "10.0.20348.2849", web: "10.0.20348.2849" } })];
    const rows = coverageOf({ plans: [{ ...plan, builds: { sql: "10.0.20348.3091", web: "10.0.20348.2849" } }], runbooks: [], drills, now });
    assert.equal(stateOf(rows, "server", "SQL"), "changed: build 10.0.20348.3091 now, 10.0.20348.2849 when it was exercised");
    assert.equal(stateOf(rows, "server", "web"), "current");
  });

  it("says when it is time again", () => {
    const rows = coverageOf({ plans: [], runbooks: [runbook], drills: [past({ endedAt: "2026-01-01T00:00:00Z" })], now });
    assert.equal(stateOf(rows, "runbook", "payroll"), "old: last run 324 days ago, due every 90");
  });

  it("says that the last date of its calendar passed without it", () => {
    const rows = (dueAt: string) => coverageOf({ plans: [], runbooks: [{ ...runbook, everyMs: null, dueAt }], drills: [past({})], now });
    assert.equal(stateOf(rows("2026-11-10T08:00:00Z"), "runbook", "payroll"), "old: last run 20 days ago, was due on 2026-11-10");
    assert.equal(stateOf(rows("2026-10-10T08:00:00Z"), "runbook", "payroll"), "current");
  });

  it("finds one changed plan among a thousand servers and five hundred drills", () => {
    const plans = Array.from({ length: 100 }, (_, p) => ({ id: `/plan/${p}`, name: `plan ${p}`, servers: Array.from({ length: 10 }, (_, s) => `server-${p}-${s}`) }));
    const drills = Array.from({ length: 500 }, (_, d) => past({ id: `D-${d}`, runbook: `r${d % 100}`, plans: [`/plan/${d % 100}`], endedAt: new Date(Date.parse("2026-01-01") + d * dayMs / 2).toISOString(), servers: plans[d % 100]!.servers.map((name) => ({ name, well: true })) }));
    const changed = plans.map((one, p) => (p === 42 ? { ...one, servers: [...one.servers, "brand-new"] } : one));
    const rows = coverageOf({ plans: changed, runbooks: [], drills, now });
    assert.equal(rows.length, 100 + 1001);
    assert.deepEqual(rows.filter((row) => row.state !== "current").map((row) => `${row.kind} ${row.name} ${row.state}`), ["plan plan 42 changed", "server brand-new never"]);
  });

  it("writes a CSV in which no name is a formula", () => {
    const csv = coverageCsv(coverageOf({ plans: [{ id: "/p", name: "=HYPERLINK(\"x\")", servers: [] }], runbooks: [], drills: [], now }));
    assert.match(csv, /"'=HYPERLINK\(""x""\)"/);
  });
});
