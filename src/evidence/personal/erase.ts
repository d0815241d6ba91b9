import type { DrillEvent, Person } from "../../drills/events.ts";
import type { Append, Clock, DrillStore, DrillSummary, KeptRecord, StoredEvent } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import { isMembers } from "../transcript/json.ts";
import { referencesIn } from "./references.ts";

type Store = Pick<DrillStore, "append" | "read" | "list" | "records" | "blob">;

export type Word = { readonly by: Person; readonly reason: string };

/** What was erased in one drill. */
export type Erased = { readonly drill: string; readonly records: number; readonly blobs: number };

type Doomed = { readonly records: readonly string[]; readonly hashes: ReadonlySet<string> };

/** A card or file that an event names; `ref` null: by its hash in the clear, as before version 3. */
type NamedFile = { readonly hash: string; readonly ref: string | null; readonly by: string | null };

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
  const uses = await fileUses(store);
  for (const { summary, names } of drills) erased.push(await eraseIn(store, summary, word, clock, uses, (told) => ofPerson(store, person, names, told)));
  return erased;
}

/** Erases every record, card and file of the drills that ended before `before` and are not on hold. */
export async function eraseOlder(store: Store, before: Date, word: Word, clock: Clock): Promise<readonly Erased[]> {
  const erased: Erased[] = [];
  const uses = await fileUses(store);
  for (const summary of await store.list()) {
    if (summary.endedAt === null || Date.parse(summary.endedAt) >= before.getTime()) continue;
    if ((await store.records(summary.id)).length === 0 || (await heldBecause(store, summary.id)) !== null) continue;
    erased.push(await eraseIn(store, summary, word, clock, uses, async ({ records, files }) => ({ records: records.map((r) => r.ref), hashes: new Set(files.map((f) => f.hash)) })));
  }
  return erased;
}

/**
 * Puts a drill on legal hold, or lets it go again: while it is held, nothing of it is erased. Throws `not-found`, and `not-now`
 * before the drill has ended.
 */
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

type Told = { readonly stored: readonly StoredEvent[]; readonly records: readonly KeptRecord[]; readonly files: readonly NamedFile[] };
type Uses = ReadonlyMap<string, Set<string>>;

async function eraseIn(store: Store, summary: DrillSummary, word: Word, clock: Clock, uses: Uses, choose: (told: Told) => Promise<Doomed>): Promise<Erased> {
  const stored = await store.read(summary.id);
  const files = filesOf(stored);
  const { records, hashes } = await choose({ stored, records: await store.records(summary.id), files });
  const doomed = files.filter((file) => hashes.has(file.hash));
  const refs = [...new Set([...records, ...doomed.flatMap(({ ref }) => ref ?? [])])].toSorted();
  const clear = [...new Set(doomed.flatMap(({ hash, ref }) => (ref === null ? [hash] : [])))].toSorted();
  for (const hash of hashes) uses.get(hash)?.delete(summary.id);
  const blobs = [...hashes].filter((hash) => (uses.get(hash)?.size ?? 0) === 0);
  await append(store, summary, { type: "record.erased", records: refs, blobs: clear, reason: word.reason }, word, clock, { records: refs, blobs });
  return { drill: summary.id, records: refs.filter((ref) => !isOfFile(ref)).length, blobs: hashes.size };
}

/** Which drills need which stored bytes: what one of them may lose, another may have to keep. */
async function fileUses(store: Store): Promise<Uses> {
  const uses = new Map<string, Set<string>>();
  const note = (hash: string, by: string): void => void uses.set(hash, (uses.get(hash) ?? new Set()).add(by));
  for (const { id } of await store.list()) {
    for (const { ref, value } of await store.records(id)) if (isOfFile(ref) && typeof value === "string") note(value, id);
    const [first] = await store.read(id, 0, 1);
    // Not under the drill's own name: whoever attached the runbook as a file does not take it away with it.
    if (first?.event.type === "drill.launched") for (const { hash } of [first.event.runbook, ...(first.event.runbook.includes ?? [])]) note(hash, `runbook of ${id}`);
  }
  return uses;
}

type Body = Extract<DrillEvent, { type: "record.erased" | "hold.placed" | "hold.released" }> extends infer E ? (E extends DrillEvent ? Omit<E, "v" | "drill" | "seq" | "at" | "by"> : never) : never;

function append(store: Store, { id, events }: DrillSummary, body: Body, { by }: Word, clock: Clock, erases?: Append["erases"]): Promise<void> {
  const event = { v: 1, drill: id, seq: events + 1, at: clock().toISOString(), by, ...body } as DrillEvent;
  return store.append({ drill: id, expectedSeq: events, events: [event], wakeAt: null, ...(erases === undefined ? {} : { erases }) });
}

async function ofPerson(store: Store, person: string, names: readonly string[], { stored, records, files }: Told): Promise<Doomed> {
  const own = stored.filter(({ event }) => event.by?.id === person);
  const written = new Set(own.flatMap((one) => referencesIn(storedForm(one)).map((r) => r.ref)));
  // What was answered goes on into announcements, and into the cards of the steps that it fills.
  const answered = own.flatMap(({ event }) => (event.type === "step.answered" ? (event.personal ?? []).map((name) => event.values?.[name] ?? "") : [])).filter((text) => text.length > 2);
  const announced = new Set(stored.filter(({ event }) => event.type === "announcement.made").flatMap((one) => referencesIn(storedForm(one)).map((r) => r.ref)));
  const about = (record: KeptRecord): boolean => {
    const text = JSON.stringify(record.value);
    const has = (part: string): boolean => text.includes(JSON.stringify(part).slice(1, -1));
    return names.some(has) || text.includes(JSON.stringify(person)) || (announced.has(record.ref) && answered.some(has));
  };
  const isOther = ({ ref, value }: KeptRecord): boolean => ref.startsWith("p-") && isMembers(value) && value.id !== person;
  const doomed = records.filter((record) => !isOfFile(record.ref) && !isOther(record) && (about(record) || (record.ref.startsWith("t-") && written.has(record.ref)))).map((r) => r.ref);
  const hashes = new Set(files.flatMap(({ hash, by }) => (by === person ? [hash] : [])));
  for (const { hash } of files) {
    const bytes = hashes.has(hash) ? null : await store.blob(hash);
    if (bytes !== null && [...names, person, ...answered].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]).some((text) => Buffer.from(bytes).includes(text))) hashes.add(hash);
  }
  return { records: doomed, hashes };
}

/** Cards and files: the runbook's own bytes name roles, not people, and stay. */
function filesOf(stored: readonly StoredEvent[]): readonly NamedFile[] {
  return stored.flatMap((one) => {
    const { event } = one;
    if (event.type !== "attachment.added" && event.type !== "approval.shown") return [];
    const ref = referencesIn(storedForm(one)).find((r) => isOfFile(r.ref))?.ref ?? null;
    const attached = event.type === "attachment.added";
    const hash = attached ? event.sha256 : event.card;
    // What was erased before has no hash any more.
    return /^[0-9a-f]{64}$/.test(hash) ? [{ hash, ref, by: attached ? (event.by?.id ?? null) : null }] : [];
  });
}

function isOfFile(ref: string): boolean {
  return ref.startsWith("h-");
}

function storedForm({ bytes }: StoredEvent): DrillEvent {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as DrillEvent;
}
