import type { ReplicationReader } from "../checks/ports.ts";
import type { Clock } from "../drills/ports.ts";
import type { TestFailoverWriter } from "./ports.ts";

/** What both actions on test failovers need. */
export type TestFailoverParts = {
  readonly reader: ReplicationReader;
  readonly writer: TestFailoverWriter;
  /** Time between two looks at a job, in milliseconds; 15,000 unless said otherwise, as Azure asks for 15 to 30 s. */
  readonly pollMs?: number;
  /** Overrides `facts.settlingMs`: how long Azure may take to show what was sent. */
  readonly settlingMs?: number;
  readonly clock: Clock;
};

export const defaultPollMs = 15_000;

/** Azure's job list shows a new job at once in every recording; the margin is ours, and unproven against the live service. */
export const defaultSettlingMs = 60_000;

/** How long after a job's end the vault's items may still show the state before it; ours, and unproven likewise. */
export const itemLagMs = 120_000;
