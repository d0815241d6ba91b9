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
