import { DrillbookError } from "../../errors.ts";
import type { DrillEvent } from "../events.ts";

/** The version in which drills know an event. Where people and words stand by reference, what is stored says 2 or 3; that is undone before. */
export const eventVersion = 1;

/**
 * Step n lifts an event of version n + 1 to the next one. A step that was released is never edited: what it lifts lies in
 * histories that nobody may rewrite. Version 1 is the first, so there is nothing to lift yet.
 */
const steps: readonly ((event: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[] = [];

/**
 * An event of any released version, as this Drillbook knows it. Pure. Throws `store-newer` for a version from the future: a
 * drill that a newer Drillbook has touched is left to it.
 */
export function lift(stored: { readonly v: number; readonly drill: string; readonly seq: number }): DrillEvent {
  if (!Number.isInteger(stored.v) || stored.v < 1 || stored.v > eventVersion) {
    throw new DrillbookError(
      "store-newer",
      `Event ${stored.seq} of ${stored.drill} has version ${stored.v}; this Drillbook knows up to ${eventVersion}.`,
      "Run the version that wrote it, or a later one.",
    );
  }
  return steps.slice(stored.v - 1).reduce((event, step) => step(event), stored as Readonly<Record<string, unknown>>) as unknown as DrillEvent;
}
