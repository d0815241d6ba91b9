import type { Clock } from "../drills/ports.ts";
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
