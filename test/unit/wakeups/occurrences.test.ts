import assert from "node:assert/strict";
import type { Schedule } from "../../../src/runbooks/runbook.ts";
import { occurrences } from "../../../src/wakeups/occurrences.ts";

const dayMs = 86_400_000;
const plain: Schedule = { everyMs: null, cron: null, timeZone: "UTC", blackouts: [], announceMs: 7 * dayMs, overdueMs: dayMs };
const long = new Date("2025-01-01T00:00:00Z");

function due(schedule: Partial<Schedule>, from: string, until: string): readonly string[] {
  return occurrences({ ...plain, ...schedule }, long, new Date(from), new Date(until)).map((at) => at.toISOString().slice(0, 16));
}

describe("when a runbook is due", () => {
  it("counts an interval from where it began", () => {
    const at = occurrences({ ...plain, everyMs: 90 * dayMs }, new Date("2026-01-01T09:00:00Z"), new Date("2026-01-01T00:00:00Z"), new Date("2026-12-31T00:00:00Z"));
    assert.deepEqual(at.map((one) => one.toISOString().slice(0, 10)), ["2026-04-01", "2026-06-30", "2026-09-28", "2026-12-27"]);
  });

  it("keeps the time of day across both changes of the clock", () => {
    assert.deepEqual(due({ cron: "0 9 * * *", timeZone: "Europe/Vienna" }, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"]);
    assert.deepEqual(due({ cron: "0 9 * * *", timeZone: "Europe/Vienna" }, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"), ["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"]);
  });

  it("loses no drill in the hour that is skipped, and doubles none in the hour that comes twice", () => {
    assert.deepEqual(due({ cron: "30 2 * * *", timeZone: "Europe/Vienna" }, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"]);
    assert.deepEqual(due({ cron: "30 2 * * *", timeZone: "Europe/Vienna" }, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"), ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]);
  });

  it("moves what falls on a blackout to the first free day, at the same time, and makes one of two that meet", () => {
    const blackouts = [{ from: "2026-12-20", to: "2026-12-31" }, { from: "2027-01-01", to: "2027-01-03" }];
    assert.deepEqual(due({ cron: "0 9 * * 1", timeZone: "Europe/Vienna", blackouts }, "2026-12-14T00:00:00Z", "2027-01-12T00:00:00Z"), ["2026-12-14T08:00", "2027-01-04T08:00", "2027-01-11T08:00"]);
  });

  it("finds a moved drill when the question begins inside its blackout", () => {
    const blackouts = [{ from: "2026-12-20", to: "2026-12-31" }];
    assert.deepEqual(due({ cron: "0 9 21 12 *", blackouts }, "2026-12-28T00:00:00Z", "2027-01-02T00:00:00Z"), ["2027-01-01T09:00"]);
  });

  it("finds one that was moved by a single day when the question begins right after it", () => {
    const blackouts = [{ from: "2026-12-21", to: "2026-12-21" }];
    assert.deepEqual(due({ cron: "0 9 21 12 *", blackouts }, "2026-12-22T00:00:00Z", "2026-12-23T00:00:00Z"), ["2026-12-22T09:00"]);
  });
});
