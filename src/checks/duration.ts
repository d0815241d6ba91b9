import { z } from "zod";

const form = /^(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m(?!s))?(?:(\d{1,8})s)?(?:(\d{1,8})ms)?$/;

/** Milliseconds of a duration as runbooks write it (`500ms`, `30s`, `15m`, `1h30m`, `90d`); null when it is not one. */
export function durationMs(text: string): number | null {
  const found = text === "" ? null : form.exec(text);
  if (!found) return null;
  const [, d, h, m, s, ms] = found.map((part) => Number(part ?? 0));
  return (d ?? 0) * 86_400_000 + (h ?? 0) * 3_600_000 + (m ?? 0) * 60_000 + (s ?? 0) * 1000 + (ms ?? 0);
}

/** Schema of a duration that stays text, so that what was written is what is shown and digested. Bounds in milliseconds. */
export function durationText(bounds: { readonly min: number; readonly max: number }): z.ZodType<string> {
  return z
    .string({ error: "Write a duration such as 30s, 15m or 8h." })
    .refine((text) => durationMs(text) !== null, { error: "Write a duration such as 30s, 15m or 8h.", abort: true })
    .refine((text) => within(durationMs(text) ?? -1, bounds), {
      error: `Give a duration from ${sayDuration(bounds.min)} to ${sayDuration(bounds.max)}.`,
    });
}

/** A duration in words, two units at most: "4 min 10 s". */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const parts = split(Math.round(ms / 1000));
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

function within(ms: number, bounds: { readonly min: number; readonly max: number }): boolean {
  return ms >= bounds.min && ms <= bounds.max;
}

function split(seconds: number): readonly (readonly [number, string])[] {
  return [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
}
