import type { BootReader, EstateReader, ProtectedServer, ReplicationReader } from "../checks/ports.ts";
import type { DrillStore, Look } from "../drills/ports.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import { occurrences } from "../wakeups/occurrences.ts";
import { coverageOf, type CoverageRow } from "./coverage.ts";
import { buildIn, pastDrillOf, type PastDrill } from "./past-drill.ts";

export type CoverageParts = {
  readonly store: Pick<DrillStore, "list" | "read">;
  readonly estate: Pick<EstateReader, "recoveryPlans">;
  readonly reader: Pick<ReplicationReader, "servers">;
  readonly boots: Pick<BootReader, "state">;
  readonly runbooks: () => Promise<readonly Runbook[]>;
  readonly now: Date;
};

/** Coverage as it is now: from the store's ended drills, Azure's plans with their servers, and the library. Throws as the readers do. */
export async function readCoverage(parts: CoverageParts, look: Look): Promise<readonly CoverageRow[]> {
  const listed = await parts.estate.recoveryPlans(look);
  const plans = await Promise.all(listed.map(async ({ id, name }) => {
    const servers = await parts.reader.servers(id, look);
    return { id, name, servers: servers.map((server) => server.name), builds: await buildsOf(servers, parts, look) };
  }));
  const drills: PastDrill[] = [];
  for (const { id, endedAt, mode } of await parts.store.list()) {
    // A rehearsal proves nothing of the real estate, so its history need not be read.
    if (endedAt === null || mode === "rehearsal") continue;
    const past = pastDrillOf((await parts.store.read(id)).map(({ event }) => event));
    if (past !== null) drills.push(past);
  }
  const runbooks = (await parts.runbooks()).map((runbook) => ({ id: runbook.id, title: runbook.title, version: runbook.hash, everyMs: runbook.schedule?.everyMs ?? null, dueAt: lastDue(runbook.schedule, parts.now) }));
  return coverageOf({ plans, runbooks, drills, now: parts.now });
}

/** A drill that came due and is not yet overdue may still be under way. */
function lastDue(schedule: Runbook["schedule"], now: Date): string | null {
  if (schedule === undefined || schedule.cron === null) return null;
  return occurrences(schedule, new Date(0), new Date(now.getTime() - 400 * 86_400_000), new Date(now.getTime() - schedule.overdueMs)).at(-1)?.toISOString() ?? null;
}

/** Builds as Azure's agents tell them now; a server outside of Azure, or one that is off, tells none. */
async function buildsOf(servers: readonly ProtectedServer[], { boots }: CoverageParts, look: Look): Promise<Readonly<Record<string, string>>> {
  const told = await Promise.all(servers.map(async ({ name, source }) => {
    if (source == null || !/\/virtualMachines\//i.test(source)) return [];
    const state = await boots.state({ name, id: source }, look).catch(() => null);
    const build = state === null ? null : buildIn(state.osVersion);
    return build === null ? [] : [[name.toLowerCase(), build] as const];
  }));
  return Object.fromEntries(told.flat());
}
