import type { EarlierRetests } from "../drills/events.ts";
import type { DrillStore } from "../drills/ports.ts";
import { transcriptOf } from "./transcript/transcript.ts";

type Store = Pick<DrillStore, "list" | "read">;

/**
 * What the last drill of a runbook that ended, of those begun before `before`, left to be shown again; null: there was none. A
 * rehearsal neither leaves nor settles anything for a real drill.
 */
export async function retestsLeft(store: Store, runbook: string, rehearsal: boolean, before = "9"): Promise<EarlierRetests | null> {
  const [last] = (await store.list())
    .filter((d) => d.runbook === runbook && d.endedAt !== null && d.startedAt < before && (d.mode === "rehearsal") === rehearsal)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (last === undefined) return null;
  const events = await store.read(last.id);
  return { drill: last.id, retests: transcriptOf(events.map((e) => e.event)).retests };
}

/** The same for a drill whose launch did not say it, as none did in the beginning. */
export async function earlierRetests(store: Store, drill: string): Promise<EarlierRetests | null> {
  const own = (await store.list()).find((d) => d.id === drill);
  return own === undefined ? null : retestsLeft(store, own.runbook, own.mode === "rehearsal", own.startedAt);
}
