import { z } from "zod";

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const form = /^(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,8})s)?$/;
const longest = 10 * 366 * units.d;

/** Milliseconds of `30s`, `15m`, `1h30m`, `8h` or `90d`; null when the text is no duration or longer than ten years. */
export function parseDuration(text: string): number | null {
  const found = text === "" ? null : form.exec(text);
  if (found === null) return null;
  const [, d, h, m, s] = found.map((part) => Number(part ?? 0));
  const ms = (d ?? 0) * units.d + (h ?? 0) * units.h + (m ?? 0) * units.m + (s ?? 0) * units.s;
  return ms <= longest ? ms : null;
}

/** What to say to somebody who wrote something else. */
export const durationHelp = "Write a whole number with its unit, for example 30s, 15m, 1h30m, 8h or 90d.";

const notADuration = `This is not a duration.\n${durationHelp}`;

/** Schema of a duration of at least one second; gives milliseconds. */
export const durationMs = z.string({ error: notADuration }).meta({ pattern: "^(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?$", examples: ["15m"] }).transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  context.addIssue({ code: "custom", message: notADuration });
  return z.NEVER;
});
