import type { EstateReader, ReplicationReader } from "../checks/ports.ts";
import type { DrillStore, Look } from "../drills/ports.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import { coverageOf, type CoverageRow } from "./coverage.ts";
import { pastDrillOf, type PastDrill } from "./past-drill.ts";

export type CoverageParts = {
  readonly store: Pick<DrillStore, "list" | "read">;
  readonly estate: Pick<EstateReader, "recoveryPlans">;
  readonly reader: Pick<ReplicationReader, "servers">;
  readonly runbooks: () => Promise<readonly Runbook[]>;
  readonly now: Date;
};

/** Coverage as it is now: from the store's ended drills, Azure's plans with their servers, and the library. Throws as the readers do. */
export async function readCoverage(parts: CoverageParts, look: Look): Promise<readonly CoverageRow[]> {
  const listed = await parts.estate.recoveryPlans(look);
  const plans = await Promise.all(listed.map(async ({ id, name }) => ({ id, name, servers: (await parts.reader.servers(id, look)).map((server) => server.name) })));
  const drills: PastDrill[] = [];
  for (const { id, endedAt, mode } of await parts.store.list()) {
    // A rehearsal proves nothing of the real estate, so its history need not be read.
    if (endedAt === null || mode === "rehearsal") continue;
    const past = pastDrillOf((await parts.store.read(id)).map(({ event }) => event));
    if (past !== null) drills.push(past);
  }
  const runbooks = (await parts.runbooks()).map((runbook) => ({ id: runbook.id, title: runbook.title, version: runbook.hash, everyMs: runbook.schedule?.everyMs ?? null }));
  return coverageOf({ plans, runbooks, drills, now: parts.now });
}
