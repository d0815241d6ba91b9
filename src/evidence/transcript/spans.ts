import type { Activity, Moment } from "./activity.ts";

/** One stretch of a drill in which one thing went on; a bar of the chart. `to` null: it goes on still. */
export type Span = Activity & { readonly from: string; readonly to: string | null; readonly note: string };

/**
 * The stretches of a drill, in the order in which they began. What goes on is read from the folded state alone, so that
 * chart, clocks and cards cannot tell different stories.
 */
export function spansOf(moments: readonly Moment[]): readonly Span[] {
  const spans: Span[] = [];
  const open = new Map<string, number>();
  for (const moment of moments) {
    const now = moment.activities;
    for (const [key, index] of open) {
      if (now.some((a) => a.key === key)) continue;
      spans[index] = { ...spans[index]!, to: moment.event.at, note: moment.note };
      open.delete(key);
    }
    for (const activity of now) {
      if (open.has(activity.key)) continue;
      open.set(activity.key, spans.push({ ...activity, from: moment.event.at, to: null, note: "" }) - 1);
    }
  }
  // Preparing an approval or an action takes no time worth a bar, unless it hangs.
  return spans.filter((span) => span.to !== span.from);
}
