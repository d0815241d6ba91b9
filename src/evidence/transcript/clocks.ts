import type { Moment } from "./activity.ts";
import { between } from "../../texts/words.ts";

/** How a stretch of time was spent, in milliseconds. A moment counts once: machine before people before waiting. */
export type Clocks = { readonly totalMs: number; readonly machineMs: number; readonly peopleMs: number; readonly waitingMs: number };

/** From `from` to `to`, or over the whole history. Waiting is time in which nothing moved until somebody decided. */
export function clocksOf(moments: readonly Moment[], from = moments[0]?.event.at ?? "", to = moments.at(-1)?.event.at ?? ""): Clocks {
  const spent = { machine: 0, people: 0, waiting: 0 };
  moments.forEach((moment, index) => {
    const next = moments[index + 1];
    if (next === undefined) return;
    const start = moment.event.at < from ? from : moment.event.at;
    const end = next.event.at > to ? to : next.event.at;
    const occupations = new Set(moment.activities.map((a) => a.occupation));
    const one = (["machine", "people", "waiting"] as const).find((o) => occupations.has(o));
    if (one !== undefined && start < end) spent[one] += between(start, end);
  });
  return { totalMs: between(from, to), machineMs: spent.machine, peopleMs: spent.people, waitingMs: spent.waiting };
}
