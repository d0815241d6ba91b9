import type { Append, DrillStore, KeptRecord } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { referencer, referencesIn, withRecords, withReferences, type Random } from "./references.ts";

/** How long a drill's records are remembered, in milliseconds: what another process erases is gone here, too, after that. */
const rememberedMs = 2_000;
const rememberedDrills = 64;

type Remembered = { readonly seq: number; readonly records: readonly KeptRecord[] };

/**
 * The same store, in which people and what they wrote lie beside the log and not in it. Whoever appends and reads sees
 * whole events; what is hashed, signed and kept for good holds references. Events from before this layer stay as they are.
 */
export function referencingStore<S extends Pick<DrillStore, "append" | "read" | "records">>(inner: S, random: Random, now: () => number): S {
  const remembered = new Map<string, Remembered>();

  const remember = (drill: string, seq: number, records: readonly KeptRecord[]): void => {
    remembered.delete(drill);
    remembered.set(drill, { seq, records });
    for (const oldest of [...remembered.keys()].slice(0, -rememberedDrills)) remembered.delete(oldest);
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
    // Nobody else has appended when this append succeeds: what was known after the last one is still all there is.
    const own = remembered.get(drill);
    const known = expectedSeq === 0 ? [] : own?.seq === expectedSeq ? own.records : await inner.records(drill);
    const refer = referencer(random, known);
    const stored = events.map((event) => withReferences(event, refer));
    const fresh = refer.take();
    await inner.append({ ...given, events: stored, records: [...(given.records ?? []), ...fresh] });
    if (given.erases !== undefined) seen.delete(drill);
    const erased = new Set(given.erases?.records);
    remember(drill, expectedSeq + events.length, [...known, ...fresh].filter((record) => !erased.has(record.ref)));
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
