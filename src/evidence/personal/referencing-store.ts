import type { Append, DrillStore } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { referencer, referencesIn, withRecords, withReferences, type Random, type Referencer } from "./references.ts";

/** How long a drill's records are remembered, in milliseconds: what another process erases is gone here, too, after that. */
const rememberedMs = 2_000;
const rememberedDrills = 64;

/**
 * The same store, in which people and what they wrote lie beside the log and not in it. Whoever appends and reads sees
 * whole events; what is hashed, signed and kept for good holds references. Events from before this layer stay as they are.
 */
export function referencingStore<S extends Pick<DrillStore, "append" | "read" | "records">>(inner: S, random: Random, now: () => number): S {
  const remembered = new Map<string, { readonly seq: number; readonly refer: Referencer }>();

  /** Whoever gets it has it alone: what it makes counts only once it is stored, and nobody else must name it before. */
  const referencerOf = async (drill: string, seq: number): Promise<Referencer> => {
    const own = remembered.get(drill);
    remembered.delete(drill);
    // Nobody else has appended when this append succeeds: what was known after the last one is still all there is.
    return own?.seq === seq ? own.refer : referencer(random, seq === 0 ? [] : await inner.records(drill));
  };

  const remember = (drill: string, seq: number, refer: Referencer): void => {
    remembered.set(drill, { seq, refer });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= rememberedDrills) return;
      remembered.delete(oldest);
    }
  };

  /** Records that were read, for whoever reads a long history in ranges. */
  const seen = new Map<string, { readonly at: number; readonly values: ReadonlyMap<string, Json> }>();

  const valuesFor = async (drill: string, needed: readonly string[]): Promise<ReadonlyMap<string, Json>> => {
    const known = seen.get(drill);
    if (known !== undefined && now() - known.at < rememberedMs && needed.every((ref) => known.values.has(ref))) return known.values;
    const values = new Map<string, Json>((await inner.records(drill)).map(({ ref, value }) => [ref, value]));
    seen.delete(drill);
    seen.set(drill, { at: now(), values });
    for (const oldest of [...seen.keys()].slice(0, -rememberedDrills)) seen.delete(oldest);
    return values;
  };

  const append = async (given: Append): Promise<void> => {
    const { drill, expectedSeq, events } = given;
    const refer = await referencerOf(drill, expectedSeq);
    const stored = events.map((event) => withReferences(event, refer));
    await inner.append({ ...given, events: stored, records: [...(given.records ?? []), ...refer.take()] });
    if (given.erases !== undefined) {
      seen.delete(drill);
      refer.forget(given.erases.records);
    }
    remember(drill, expectedSeq + events.length, refer);
  };

  const read: DrillStore["read"] = async (drill, afterSeq, limit) => {
    const found = await inner.read(drill, afterSeq, limit);
    const needed = found.flatMap(({ event }) => referencesIn(event).map(({ ref }) => ref));
    if (needed.length === 0) return found.map((stored) => ({ ...stored, event: withRecords(stored.event, new Map()) }));
    const records = await valuesFor(drill, needed);
    return found.map((stored) => ({ ...stored, event: withRecords(stored.event, records) }));
  };

  return { ...inner, append, read };
}
