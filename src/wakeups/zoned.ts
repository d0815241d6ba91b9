/** A wall clock somewhere: `date` is ISO (2026-10-25), `minutes` counts from midnight. */
export type WallTime = { readonly date: string; readonly minutes: number };

/** What the wall clock of a time zone (IANA) shows at a moment. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return { date: `${part("year")}-${part("month")}-${part("day")}`, minutes: Number(part("hour")) * 60 + Number(part("minute")) };
}

/**
 * The moment at which a wall clock shows this. A time that the clock skips in spring is taken an hour later, and one that it
 * shows twice in autumn the first time.
 */
export function momentOf({ date, minutes }: WallTime, timeZone: string): Date {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  const candidates = [-1, 1].map((day) => new Date(asUtc - offsetMs(new Date(asUtc + day * 86_400_000), timeZone)));
  const shown = candidates.filter((at) => same(wallTime(at, timeZone), { date, minutes })).sort((a, b) => a.getTime() - b.getTime());
  return shown[0] ?? candidates[0] ?? new Date(asUtc);
}

/** Minutes from midnight as a clock shows them: 09:05. */
export function timeOfDay(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The date so many days later, by the calendar. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a thousand times what using it does. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  formats.set(timeZone, made);
  return made;
}

/** How far the wall clock is ahead of UTC at a moment. */
function offsetMs(at: Date, timeZone: string): number {
  const { date, minutes } = wallTime(at, timeZone);
  return Date.parse(`${date}T00:00:00Z`) + minutes * 60_000 - Math.floor(at.getTime() / 60_000) * 60_000;
}

function same(one: WallTime, other: WallTime): boolean {
  return one.date === other.date && one.minutes === other.minutes;
}
