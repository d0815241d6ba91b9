import assert from "node:assert/strict";
import type { Schedule } from "../../../src/runbooks/runbook.ts";
import type { DueWork } from "../../../src/wakeups/due-drills.ts";
import { occurrences } from "../../../src/wakeups/occurrences.ts";
import { scheduler, type ScheduleStore } from "../../../src/wakeups/scheduler.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const begin = new Date("2026-01-01T00:00:00Z");

/** Fifty runbooks: intervals and calendars, in zones with and without a change of clocks, some with blackouts. */
const fifty: readonly { readonly id: string; readonly schedule: Schedule }[] = Array.from({ length: 50 }, (_, n) => ({
  id: `runbook-${n}`,
  schedule: {
    everyMs: n % 3 === 0 ? (7 + n) * dayMs : null,
    cron: n % 3 === 0 ? null : [`${n} 2 * * 0`, `30 2 ${1 + (n % 28)} * *`, "0 9 1 */3 *", `15 23 * * ${n % 7}`][n % 4] ?? null,
    timeZone: ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"][n % 5] ?? "UTC",
    blackouts: n % 7 === 0 ? [{ from: "2026-12-20", to: "2026-12-31" }, { from: "2026-07-01", to: "2026-07-14" }] : [],
    announceMs: 3 * dayMs,
    overdueMs: dayMs,
  },
}));

function memory(): ScheduleStore & { readonly claims: Map<string, { at: number; done: boolean }> } {
  const anchors = new Map<string, Date>();
  const claims = new Map<string, { at: number; done: boolean }>();
  return {
    claims,
    async anchor(runbook, now) {
      const known = anchors.get(runbook) ?? now;
      anchors.set(runbook, known);
      return known;
    },
    async claim(key, now, leaseMs) {
      const known = claims.get(key);
      if (known?.done === true) return "done";
      if (known !== undefined && now.getTime() - known.at < leaseMs) return "taken";
      claims.set(key, { at: now.getTime(), done: false });
      return "mine";
    },
    async finish(key) {
      const known = claims.get(key);
      if (known !== undefined) known.done = true;
    },
  };
}

describe("schedules", () => {
  it("runs a year over fifty runbooks: no drill missed, doubled or early, with two replicas and restarts", async () => {
    const store = memory();
    const done: { work: DueWork; at: Date }[] = [];
    let now = begin;
    const made = () =>
      scheduler({
        store,
        scheduled: async () => fifty,
        act: async (work) => void done.push({ work, at: now }),
        clock: () => now,
        after: () => () => undefined,
        onFault: (work, fault) => assert.fail(`${work}: ${String(fault)}`),
      });
    let replicas = [made(), made()];
    const end = begin.getTime() + 365 * dayMs;
    // A look every quarter of an hour; every week both processes are new.
    for (let at = begin.getTime(), n = 0; at < end; at += 15 * minuteMs, n++) {
      now = new Date(at);
      if (n % 672 === 0) replicas = [made(), made()];
      if (n % 4 === 0) await Promise.all(replicas.map((one) => one.look()));
      else await replicas[n % 2]?.look();
    }
    const launched = done.filter(({ work }) => work.kind === "launch");
    const expected = fifty.flatMap(({ id, schedule }) => occurrences(schedule, begin, begin, new Date(end - dayMs)).map((due) => `${id}@${due.toISOString()}`));
    const got = launched.map(({ work }) => `${work.runbook}@${work.due.toISOString()}`);
    assert.equal(new Set(got).size, got.length, "a drill was launched twice");
    assert.deepEqual(expected.filter((one) => !got.includes(one)), [], "a drill was missed");
    for (const { work, at } of launched) assert.ok(at >= work.due && at.getTime() - work.due.getTime() < 15 * minuteMs + 1, `${work.key} at ${at.toISOString()}`);
    assert.ok(launched.length > 900, `${launched.length} drills`);
    assert.equal(new Set(done.map(({ work }) => work.key)).size, done.length);
  });

  it("launches after a stop what is not yet overdue, and tells of what is", async () => {
    const store = memory();
    const done: string[] = [];
    let now = begin;
    const one = { id: "weekly", schedule: { everyMs: 7 * dayMs, cron: null, timeZone: "UTC", blackouts: [], announceMs: dayMs, overdueMs: dayMs } };
    const made = () => scheduler({ store, scheduled: async () => [one], act: async (work) => void done.push(`${work.kind} ${work.due.toISOString().slice(0, 10)}`), clock: () => now, after: () => () => undefined, onFault: () => undefined });
    await made().look();
    now = new Date("2026-01-08T20:00:00Z");
    await made().look();
    now = new Date("2026-01-16T00:00:00Z");
    await made().look();
    assert.deepEqual(done, ["launch 2026-01-08", "overdue 2026-01-08", "overdue 2026-01-15"]);
  });

  it("takes up work whose owner died, and not before its claim ran out", async () => {
    const store = memory();
    const done: string[] = [];
    let now = new Date("2026-01-02T00:00:00Z");
    const one = { id: "daily", schedule: { everyMs: dayMs, cron: null, timeZone: "UTC", blackouts: [], announceMs: minuteMs, overdueMs: dayMs } };
    const made = (act: (work: DueWork) => Promise<void>) => scheduler({ store, scheduled: async () => [one], act, clock: () => now, after: () => () => undefined, onFault: () => undefined });
    await store.anchor("daily", begin);
    await made(() => Promise.reject(new Error("killed"))).look();
    now = new Date(now.getTime() + 2 * minuteMs);
    await made(async (work) => void done.push(work.kind)).look();
    assert.equal(done.length, 0);
    now = new Date(now.getTime() + 4 * minuteMs);
    await made(async (work) => void done.push(work.kind)).look();
    assert.deepEqual(done, ["launch"]);
  });
});
