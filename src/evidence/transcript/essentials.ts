import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import type { Moment } from "./activity.ts";
import { momentOf } from "./transcript.ts";

/**
 * The moments that a transcript rests on, of a history that may be very long: all but the looks that a later look of the
 * same operation or step replaced. They give the same steps, times, approvals and outcomes.
 */
export function createEssentials(): { add(event: DrillEvent, after: DrillState): void; moments(): readonly Moment[] } {
  const kept = new Map<number, Moment>();
  const latest = new Map<string, number>();
  return {
    add(event, after) {
      kept.set(event.seq, momentOf(event, after));
      const thing = replaced(event);
      if (thing === null) return;
      const before = latest.get(thing);
      if (before !== undefined) kept.delete(before);
      latest.set(thing, event.seq);
    },
    moments: () => [...kept.values()],
  };
}

/** A progress that names servers is kept beside one that names none: an operation may end without telling of them again. */
function replaced(event: DrillEvent): string | null {
  if (event.type === "operation.progressed") return `progress ${event.operation} ${event.servers.length > 0 ? "with" : "without"} servers`;
  return event.type === "wait.looked" ? `look ${event.step}#${event.round}` : null;
}
