import { z } from "zod";
import { durationHelp, parseDuration } from "./duration.ts";

/** Schema of a duration that stays text, so that what was written is what is shown and digested. Bounds in milliseconds. */
export function durationText(bounds: { readonly min: number; readonly max: number }): z.ZodType<string> {
  return z
    .string({ error: durationHelp })
    .refine((text) => parseDuration(text) !== null, { error: durationHelp, abort: true })
    .refine((text) => within(parseDuration(text) ?? -1, bounds), {
      error: `Give a duration from ${sayDuration(bounds.min)} to ${sayDuration(bounds.max)}.`,
    });
}

/**
 * A duration in words with nothing left out: "12 min 30 s", "2 days 1 h". What people agreed on is said so, and what is held against it: a
 * part of a second counts as a whole one, so that what is over a limit never reads like the limit.
 */
export function sayDuration(ms: number): string {
  if (ms < 1000) return ms <= 0 ? "0 s" : `${Math.ceil(ms)} ms`;
  return split(Math.ceil(ms / 1000))
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

function within(ms: number, bounds: { readonly min: number; readonly max: number }): boolean {
  return ms >= bounds.min && ms <= bounds.max;
}

function split(seconds: number): readonly (readonly [number, string])[] {
  const days = Math.floor(seconds / 86_400);
  return [
    [days, days === 1 ? "day" : "days"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
}
