import { Cron } from "croner";
import type { DrillState } from "../../drills/state.ts";
import { sayDuration } from "../../runbooks/duration-text.ts";

/** When the runbook is due again. `due` null: its schedule does not say. */
export type NextTest = { readonly due: string | null; readonly why: string };

/** By the runbook's own schedule, counted from this drill: from its launch, so that a long drill does not push the next one out. */
export function nextTestOf({ runbook, launchedAt, mode }: DrillState): NextTest {
  const schedule = runbook.schedule;
  if (schedule === undefined) return { due: null, why: "the runbook sets no schedule" };
  // A rehearsal tests nothing real: it must not put off the test that does.
  if (mode === "rehearsal") return { due: launchedAt.slice(0, 10), why: "a rehearsal does not count as a test: the next is due as if this had not been" };
  if (schedule.everyMs !== null) return { due: new Date(Date.parse(launchedAt) + schedule.everyMs).toISOString().slice(0, 10), why: `every ${sayDuration(schedule.everyMs)}, counted from this drill` };
  const next = schedule.cron === null ? null : new Cron(schedule.cron, { timezone: schedule.timeZone, paused: true }).nextRun(new Date(launchedAt));
  return { due: next === null ? null : next.toISOString().slice(0, 10), why: `the runbook's schedule, ${schedule.cron ?? "which says nothing"}` };
}
