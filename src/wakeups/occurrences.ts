import { Cron } from "croner";
import type { Schedule } from "../runbooks/runbook.ts";
import { daysAfter, momentOf, wallTime } from "./zoned.ts";

/** More than any schedule has in the time that anybody asks about: an hourly one in two years. */
const most = 20_000;
const dayMs = 86_400_000;

/**
 * When a runbook is due between two moments, the first included and the last not. `anchor` is where an interval counts from.
 * What falls on a blackout date is due on the first day after it, at the same time of day; two that meet there are one.
 */
export function occurrences(schedule: Schedule, anchor: Date, from: Date, until: Date): readonly Date[] {
  // A blackout moves what was due before `from` into the time asked about, so the search begins before all of them.
  const searched = new Date(from.getTime() - blackoutMs(schedule));
  const planned = schedule.cron === null ? byInterval(schedule.everyMs ?? 0, anchor, searched, until) : byCron(schedule.cron, schedule.timeZone, anchor, searched, until);
  const moved = planned.map((at) => afterBlackouts(at, schedule).getTime());
  return [...new Set(moved)].filter((at) => at >= from.getTime() && at < until.getTime()).sort((a, b) => a - b).map((at) => new Date(at));
}

function byInterval(everyMs: number, anchor: Date, from: Date, until: Date): readonly Date[] {
  if (everyMs <= 0) return [];
  const found: Date[] = [];
  const first = Math.max(1, Math.ceil((from.getTime() - anchor.getTime()) / everyMs));
  for (let n = first; found.length < most; n++) {
    const at = anchor.getTime() + n * everyMs;
    if (at >= until.getTime()) break;
    found.push(new Date(at));
  }
  return found;
}

/** By the calendar: a time that the clocks skip in spring is not lost, and one that they show twice happens once. */
function byCron(pattern: string, timeZone: string, anchor: Date, from: Date, until: Date): readonly Date[] {
  // In UTC no clock changes; what comes out is read as what the wall clock of the zone shows.
  const cron = new Cron(pattern, { paused: true, mode: "5-part", timezone: "UTC" });
  const found: Date[] = [];
  let wall = new Date(from.getTime() - dayMs - 60_000);
  while (found.length < most) {
    const next = cron.nextRun(wall);
    if (next === null || next.getTime() > until.getTime() + dayMs) break;
    wall = next;
    const at = momentOf({ date: next.toISOString().slice(0, 10), minutes: next.getUTCHours() * 60 + next.getUTCMinutes() }, timeZone);
    if (at > anchor && at >= from && at < until) found.push(at);
  }
  return found;
}

function afterBlackouts(at: Date, { blackouts, timeZone }: Schedule): Date {
  if (blackouts.length === 0) return at;
  const { date, minutes } = wallTime(at, timeZone);
  let free = date;
  for (let hit = lastDayOf(free, blackouts); hit !== null; hit = lastDayOf(free, blackouts)) free = daysAfter(hit, 1);
  return free === date ? at : momentOf({ date: free, minutes }, timeZone);
}

/** The last day of the blackout that a date falls into; null when it falls into none. */
function lastDayOf(date: string, blackouts: Schedule["blackouts"]): string | null {
  return blackouts.find(({ from, to }) => from <= date && date <= to)?.to ?? null;
}

/** Blackouts may touch each other, so their lengths add up. */
function blackoutMs({ blackouts }: Schedule): number {
  return blackouts.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from) + 2 * dayMs, 0);
}
