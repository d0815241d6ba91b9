import type { BootReader, EstateReader, ProtectedServer, ReplicationReader } from "../checks/ports.ts";
import type { DrillStore, Look } from "../drills/ports.ts";
import type { Schedule } from "../runbooks/runbook.ts";
import { occurrences } from "../wakeups/occurrences.ts";
import { coverageOf, type CoverageRow } from "./coverage.ts";
import { buildIn, pastDrillOf, type PastDrill } from "./past-drill.ts";

export type CoverageParts = {
  readonly store: Pick<DrillStore, "list" | "read">;
  readonly estate: Pick<EstateReader, "recoveryPlans">;
  readonly reader: Pick<ReplicationReader, "servers">;
  readonly boots: Pick<BootReader, "state">;
  readonly runbooks: () => Promise<readonly { readonly id: string; readonly title: string; readonly hash: string; readonly schedule?: Schedule | null }[]>;
  readonly now: Date;
  /** Gists of drills that ended, by id: what was read once is not read again. */
  readonly known?: Map<string, PastDrill>;
};

/** Coverage as it is now: from the store's ended drills, Azure's plans with their servers, and the library. Throws as the readers do. */
export async function readCoverage(parts: CoverageParts, look: Look): Promise<readonly CoverageRow[]> {
  const drills = await realDrills(parts.store, parts.known ?? new Map<string, PastDrill>());
  // A build that no drill saw has nothing to be compared with, and asking for it costs a request a server.
  const seen = new Set(drills.flatMap(({ builds }) => Object.keys(builds)));
  const listed = await parts.estate.recoveryPlans(look);
  const plans = await Promise.all(listed.map(async ({ id, name }) => {
    const servers = await parts.reader.servers(id, look);
    return { id, name, servers: servers.map((server) => server.name), builds: await buildsOf(servers.filter((server) => seen.has(server.name.toLowerCase())), parts, look) };
  }));
  const runbooks = (await parts.runbooks()).map((runbook) => ({ id: runbook.id, title: runbook.title, version: runbook.hash, everyMs: runbook.schedule?.everyMs ?? null, dueAt: lastDue(runbook.schedule ?? null, parts.now) }));
  return coverageOf({ plans, runbooks, drills, now: parts.now });
}

/** A rehearsal proves nothing of the real estate, so its history is not even read. */
async function realDrills(store: CoverageParts["store"], known: Map<string, PastDrill>): Promise<readonly PastDrill[]> {
  const ended = (await store.list()).filter(({ endedAt, mode }) => endedAt !== null && mode !== "rehearsal");
  for (const { id } of ended) {
    const past = known.get(id) ?? pastDrillOf((await store.read(id)).map(({ event }) => event));
    if (past !== null) known.set(id, past);
  }
  return ended.flatMap(({ id }) => known.get(id) ?? []);
}

/** A drill that came due and is not yet overdue may still be under way. */
function lastDue(schedule: Schedule | null, now: Date): string | null {
  if (schedule === null || schedule.cron === null) return null;
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
