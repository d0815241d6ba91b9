import type { DrillEvent, Person } from "../../drills/events.ts";
import type { Clock, DrillStore, DrillSummary, KeptRecord } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import { isMembers } from "../transcript/json.ts";
import { referencesIn } from "./references.ts";

type Store = Pick<DrillStore, "append" | "read" | "list" | "records" | "blob">;

export type Word = { readonly by: Person; readonly reason: string };

/** What was erased in one drill. */
export type Erased = { readonly drill: string; readonly records: number; readonly blobs: number };

type Doomed = { readonly records: readonly string[]; readonly blobs: readonly string[] };

/**
 * Erases a person from every drill: who they were, what they wrote, what was written about them by name, and the cards and
 * files that name them. The history says that it was done, and still verifies. Throws `not-now`, having erased nothing,
 * while one of the drills has not ended or is on hold.
 */
export async function erasePerson(store: Store, person: string, word: Word, clock: Clock): Promise<readonly Erased[]> {
  const drills: { readonly summary: DrillSummary; readonly names: readonly string[] }[] = [];
  for (const summary of await store.list()) {
    const names = (await store.records(summary.id)).flatMap(({ value }) => (isMembers(value) && value.id === person && typeof value.name === "string" ? [value.name] : []));
    if (names.length > 0) drills.push({ summary, names });
  }
  if (drills.length === 0) throw new DrillbookError("not-found", `No drill knows a person ${person}.`, "Give the Entra object id, as the report shows it under Participants.");
  for (const { summary } of drills) await requireErasable(store, summary);
  const erased: Erased[] = [];
  for (const { summary, names } of drills) erased.push(await eraseIn(store, summary, word, clock, (records, events) => ofPerson(store, person, names, records, events)));
  return erased;
}

/** Erases every record, card and file of the drills that ended before `before` and are not on hold. */
export async function eraseOlder(store: Store, before: Date, word: Word, clock: Clock): Promise<readonly Erased[]> {
  const erased: Erased[] = [];
  for (const summary of await store.list()) {
    if (summary.endedAt === null || Date.parse(summary.endedAt) >= before.getTime()) continue;
    if ((await store.records(summary.id)).length === 0 || (await heldBecause(store, summary.id)) !== null) continue;
    erased.push(await eraseIn(store, summary, word, clock, async (records, events) => ({ records: records.map((r) => r.ref), blobs: blobsOf(events) })));
  }
  return erased;
}

/** Puts a drill on legal hold, or lets it go again: while it is held, nothing of it is erased. Throws `not-found`. */
export async function hold(store: Store, drill: string, type: "hold.placed" | "hold.released", word: Word, clock: Clock): Promise<void> {
  const summary = (await store.list()).find((d) => d.id === drill);
  if (summary === undefined) throw new DrillbookError("not-found", `There is no drill ${drill}.`, "Look at the list of drills for its number.");
  if (summary.endedAt === null) throw new DrillbookError("not-now", `Drill ${drill} has not ended.`, "Nothing of a drill under way can be erased; put it on hold when it has ended.");
  await append(store, summary, { type, reason: word.reason }, word, clock);
}

async function heldBecause(store: Store, drill: string): Promise<string | null> {
  const events = (await store.read(drill)).map((s) => s.event);
  const last = events.findLast((e) => e.type === "hold.placed" || e.type === "hold.released");
  return last?.type === "hold.placed" ? last.reason : null;
}

async function requireErasable(store: Store, { id, endedAt }: DrillSummary): Promise<void> {
  if (endedAt === null) throw new DrillbookError("not-now", `Drill ${id} has not ended: it needs to know who takes part.`, "End it first, then erase.");
  const why = await heldBecause(store, id);
  if (why !== null) throw new DrillbookError("not-now", `Drill ${id} is on hold: ${why}`, `Nothing was erased. Lift the hold first: drillbook release ${id} --reason "…"`);
}

async function eraseIn(store: Store, summary: DrillSummary, word: Word, clock: Clock, choose: (records: readonly KeptRecord[], events: readonly DrillEvent[]) => Promise<Doomed>): Promise<Erased> {
  const events = (await store.read(summary.id)).map((s) => s.event);
  const { records, blobs } = await choose(await store.records(summary.id), events);
  await append(store, summary, { type: "record.erased", records: records.toSorted(), blobs: blobs.toSorted(), reason: word.reason }, word, clock, { records, blobs });
  return { drill: summary.id, records: records.length, blobs: blobs.length };
}

type Body = Extract<DrillEvent, { type: "record.erased" | "hold.placed" | "hold.released" }> extends infer E ? (E extends DrillEvent ? Omit<E, "v" | "drill" | "seq" | "at" | "by"> : never) : never;

function append(store: Store, { id, events }: DrillSummary, body: Body, { by }: Word, clock: Clock, erases?: Doomed): Promise<void> {
  const event = { v: 1, drill: id, seq: events + 1, at: clock().toISOString(), by, ...body } as DrillEvent;
  return store.append({ drill: id, expectedSeq: events, events: [event], wakeAt: null, ...(erases === undefined ? {} : { erases }) });
}

async function ofPerson(store: Store, person: string, names: readonly string[], records: readonly KeptRecord[], events: readonly DrillEvent[]): Promise<Doomed> {
  const stored = await store.read(events[0]?.drill ?? "");
  const written = new Set(stored.flatMap(({ event, bytes }) => (event.by?.id === person ? referencesIn(JSON.parse(Buffer.from(bytes).toString("utf8")) as DrillEvent).map((r) => r.ref) : [])));
  const about = (record: KeptRecord): boolean => {
    const text = JSON.stringify(record.value);
    return names.some((name) => text.includes(JSON.stringify(name).slice(1, -1))) || text.includes(JSON.stringify(person));
  };
  const isOther = ({ ref, value }: KeptRecord): boolean => ref.startsWith("p-") && isMembers(value) && value.id !== person;
  const doomed = records.filter((record) => !isOther(record) && (about(record) || (record.ref.startsWith("t-") && written.has(record.ref)))).map((r) => r.ref);
  const own = new Set(events.flatMap((e) => (e.type === "attachment.added" && e.by?.id === person ? [e.sha256] : [])));
  const blobs: string[] = [];
  for (const hash of blobsOf(events)) {
    const bytes = own.has(hash) ? null : await store.blob(hash);
    if (own.has(hash) || (bytes !== null && names.some((name) => Buffer.from(bytes).includes(name)))) blobs.push(hash);
  }
  return { records: doomed, blobs };
}

/** Cards and files: the runbook's own bytes name roles, not people, and stay. */
function blobsOf(events: readonly DrillEvent[]): readonly string[] {
  return [...new Set(events.flatMap((e) => (e.type === "attachment.added" ? [e.sha256] : e.type === "approval.shown" ? [e.card] : [])))];
}
