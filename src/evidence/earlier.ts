import type { DrillStore } from "../drills/ports.ts";
import type { EarlierRetests } from "./report/retest.ts";
import { transcriptOf } from "./transcript/transcript.ts";

/**
 * What the last drill of the same runbook before this one left to be shown again; null: there was none. A rehearsal neither
 * leaves nor settles anything for a real drill.
 */
export async function earlierRetests(store: Pick<DrillStore, "list" | "read">, drill: string): Promise<EarlierRetests | null> {
  const all = await store.list();
  const own = all.find((d) => d.id === drill);
  const before = all
    .filter((d) => own !== undefined && d.runbook === own.runbook && d.endedAt !== null && d.startedAt < own.startedAt && (d.mode === "rehearsal") === (own.mode === "rehearsal"))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  if (before === undefined) return null;
  const events = await store.read(before.id);
  return { drill: before.id, retests: transcriptOf(events.map((e) => e.event)).retests };
}
