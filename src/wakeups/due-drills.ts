import type { Runbook, Schedule } from "../runbooks/runbook.ts";
import { occurrences } from "./occurrences.ts";
import { timeOfDay, wallTime } from "./zoned.ts";

/** What is to be done about one due date of one runbook. */
export type DueWork = {
  readonly kind: "announce" | "remind" | "launch" | "overdue";
  readonly runbook: string;
  readonly due: Date;
  /** The same for people, on the wall clock of the schedule's time zone: "2026-03-31 at 10:00 Europe/Vienna". */
  readonly when: string;
  /** Names this piece of work for ever: whoever claims it does it, once. */
  readonly key: string;
};

/** A runbook with a schedule. `anchor`: where an interval counts from, which is when the schedule was first seen. */
export type Scheduled = Pick<Runbook, "id"> & { readonly schedule: Schedule; readonly anchor: Date };

const dayMs = 86_400_000;
/** How long after it became overdue a drill that was not run is still told of, when nobody could before. */
const tellForMs = 7 * dayMs;

/**
 * Everything that is due at `now` for a runbook: to announce a drill ahead, to remind a day before, to launch it, and to say
 * that it was not run. What nobody did in its time is still due until it makes no sense any more: nothing is announced
 * after its time, and nothing launched once it is overdue.
 */
export function dueWork(one: Scheduled, now: Date): readonly DueWork[] {
  const { announceMs, overdueMs } = one.schedule;
  const at = now.getTime();
  const found = occurrences(one.schedule, one.anchor, new Date(at - overdueMs - tellForMs), new Date(at + Math.max(announceMs, dayMs) + 1));
  return found.flatMap((due) => {
    const ahead = due.getTime() - at;
    const kinds: DueWork["kind"][] = [
      ...(ahead > 0 && ahead <= announceMs ? ["announce" as const] : []),
      ...(ahead > 0 && ahead <= dayMs && announceMs > dayMs ? ["remind" as const] : []),
      ...(ahead <= 0 && -ahead < overdueMs ? ["launch" as const] : []),
      ...(-ahead >= overdueMs ? ["overdue" as const] : []),
    ];
    return kinds.map((kind) => ({ kind, runbook: one.id, due, when: told(due, one.schedule.timeZone), key: `${one.id}@${due.toISOString()}#${kind}` }));
  });
}

/** Until when `dueWork` says the same of a runbook as it says at `now`; at most a month. */
export function unchangedUntil({ schedule, anchor }: Scheduled, now: Date): Date {
  const latest = now.getTime() + 31 * dayMs;
  const { announceMs, overdueMs } = schedule;
  const moments = occurrences(schedule, anchor, new Date(now.getTime() - overdueMs - dayMs), new Date(latest + Math.max(announceMs, dayMs) + 1))
    .flatMap((due) => [due.getTime() - announceMs, due.getTime() - dayMs, due.getTime(), due.getTime() + overdueMs]);
  return new Date(moments.filter((at) => at > now.getTime()).reduce((least, at) => Math.min(least, at), latest));
}

function told(at: Date, timeZone: string): string {
  const { date, minutes } = wallTime(at, timeZone);
  return `${date} at ${timeOfDay(minutes)} ${timeZone}`;
}
