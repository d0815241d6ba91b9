import { digestOf } from "../drills/digest.ts";
import type { Clock } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { TrafficReader, TrafficWriter } from "./traffic-ports.ts";

/** What the actions on traffic need. */
export type TrafficParts = {
  readonly traffic: TrafficReader;
  readonly trafficWriter: TrafficWriter;
  readonly pollMs?: number;
  readonly settlingMs?: number;
  /** How many seconds of the service's own time pass in one: 1 for Azure, more for a simulator in a hurry. */
  readonly pace?: number;
  readonly clock: Clock;
};

/** How long a wait of so many seconds of the service's own time takes here, in milliseconds. */
export function serviceMs(seconds: number, pace: number | undefined): number {
  return (seconds * 1000) / (pace ?? 1);
}

/**
 * The values that were last shown for an input. The undo goes back to what the preview saw; a change that slipped in between
 * preview and write would be lost by it. `refuseChanged` throws `not-now`.
 */
export function shownValues(): { readonly shown: (input: Json, former: Json) => void; readonly refuseChanged: (input: Json, now: Json) => void } {
  const seen = new Map<string, string>();
  return {
    shown(input, former) {
      if (seen.size >= 100) seen.delete(seen.keys().next().value ?? "");
      seen.set(digestOf(input), digestOf(former));
    },
    refuseChanged(input, now) {
      const was = seen.get(digestOf(input));
      if (was === undefined || was === digestOf(now)) return;
      throw new DrillbookError("not-now", "Somebody else changed it a moment ago: it is no longer what was shown.", "Nothing was sent to Azure. Look at it, then retry this step.");
    },
  };
}

/** What moves traffic is for real alone, and each such action is its own undo, with the values from before. */
export function trafficFacts(facts: Pick<ActionFacts, "type" | "summary" | "schema" | "permissions">): ActionFacts {
  return { ...facts, undo: facts.type, live: true, settlingMs: defaultSettlingMs };
}
