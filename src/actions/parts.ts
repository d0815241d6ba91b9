import type { BootReader } from "../checks/ports.ts";
import type { Clock } from "../drills/ports.ts";
import type { SiteRecoveryReader, SiteRecoveryWriter } from "./ports.ts";

/** What every action on Site Recovery needs. */
export type SiteRecoveryParts = {
  readonly reader: SiteRecoveryReader;
  readonly writer: SiteRecoveryWriter;
  /** Time between two looks at a job, in milliseconds; 15,000 unless said otherwise, as Azure asks for 15 to 30 s. */
  readonly pollMs?: number;
  /** Overrides `facts.settlingMs`: how long Azure may take to show what was sent. */
  readonly settlingMs?: number;
  /** Whether real failovers of a replication provider were qualified here; absent: nobody asks, as in a rehearsal. */
  readonly qualified?: (provider: string) => boolean;
  /** Where the last screen of a test server is read before it is deleted; absent: nothing is kept of it. */
  readonly boots?: Pick<BootReader, "bootRecord">;
  readonly clock: Clock;
};

export const defaultPollMs = 15_000;

/** Azure's job list shows a new job at once in every recording; the margin is ours, and unproven against the live service. */
export const defaultSettlingMs = 60_000;

/** How long after a job's end the vault's items may still show the state before it; ours, and unproven likewise. */
export const itemLagMs = 120_000;

/** What the service asks for, but never oftener than we would look and at most half as often: a job's end must not go unseen. */
export function lookAgainMs(pollMs: number, asked: number | undefined): number {
  return Math.min(Math.max(asked ?? pollMs, pollMs), pollMs * 2);
}
