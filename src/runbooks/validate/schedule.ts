import { Cron } from "croner";
import { z } from "zod";
import { durationMs } from "../duration.ts";
import { oneOrMore } from "../kinds/text.ts";
import { isDate } from "../answer-value.ts";
import type { Schedule } from "../runbook.ts";

const day = z.string().refine(isDate, { error: "This is not a date.\nWrite year, month and day in quotes or plain: 2026-12-24." });

const blackout = z.union([
  day.transform((only) => ({ from: only, to: only })),
  z.strictObject({ from: day, to: day }).refine(({ from, to }) => from <= to, { error: "This ends before it begins.\nWrite the earlier date first.", path: ["to"] }),
]);

/** Five fields only: seconds and the words of one implementation would mean something else in another. */
const cron = z.string().max(100).refine(isCron, { error: "This is not a time in cron's five fields.\nWrite minute, hour, day, month and weekday, for example `0 9 1 */3 *`." });

const timeZone = z.string().max(60).refine(isTimeZone, { error: "This is not the name of a time zone.\nWrite for example Europe/Vienna." });

/** When a runbook is to be drilled. */
export const schedule = z
  .strictObject({
    every: durationMs.optional(),
    cron: cron.optional(),
    timeZone: timeZone.default("UTC"),
    blackouts: oneOrMore(blackout, 50).optional(),
    announce: durationMs.default(7 * 86_400_000),
    overdue: durationMs.default(86_400_000),
  })
  .refine(({ every, cron: at }) => (every === undefined) !== (at === undefined), { error: "A schedule has either `every` or `cron`.\nWrite for example `{ every: 90d }`." });

/** Times in milliseconds. Exactly one of `everyMs` and `cron` is set: the schema refuses both and neither. */
export function scheduleOf({ every, cron: at, timeZone: zone, blackouts, announce, overdue }: z.infer<typeof schedule>): Schedule {
  return { everyMs: every ?? null, cron: at ?? null, timeZone: zone, blackouts: blackouts ?? [], announceMs: announce, overdueMs: overdue };
}

function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(text, { paused: true, mode: "5-part" }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
