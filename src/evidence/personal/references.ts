import type { DrillEvent, Person } from "../../drills/events.ts";
import type { KeptRecord } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { canonicalBytes } from "../canonical.ts";
import { sha256 } from "../hash.ts";

/**
 * What a stored event holds in the place of a person, of what a person wrote or of a stored file's hash: a random name, and a
 * salted commitment to the record that lies beside the log. Without the record nobody can tell or guess what stood there.
 */
export type Reference = { readonly ref: string; readonly sha256: string };

/** Random bytes, from the caller: tests must be able to say what they are. */
export type Random = (bytes: number) => Buffer;

type Members = { readonly [key: string]: Json };

const people = ["by", "owner", "to", "from", "person"] as const;
const peopleLists = ["approvers", "people"] as const;
const texts = ["reason", "text", "statement", "message", "name", "audience", "criterion"] as const;
const files = ["sha256", "card"] as const;
const refForm = /^[pth]-[A-Za-z0-9_-]{22}$/;

/** The version that is stored now. The ones before it are read for ever; version 2 kept answers and the hashes of files in the clear. */
const storedVersion = 3;

/** The commitment of a record. The domain keeps it from standing for any other hash of ours. */
export function commitment({ salt, value }: Pick<KeptRecord, "salt" | "value">): string {
  return sha256("drillbook/record/1\n", Buffer.from(salt, "hex"), canonicalBytes(value));
}

/** Puts references in the place of people, texts and files, and keeps what they stand for apart, where it can be erased. */
export type Referencer = {
  /** What was made since the last time this was asked. */
  take(): readonly KeptRecord[];
  text(value: Json): Reference;
  file(hash: string): Reference;
  person(person: Person): Reference;
  /** These records are there no longer: whoever they named is somebody new from now on. */
  forget(refs: readonly string[]): void;
};

/** Gives out references of one drill: a person always the same one, because rules compare people also after they were erased. */
export function referencer(random: Random, known: readonly KeptRecord[]): Referencer {
  const persons = new Map<string, Reference>();
  const fresh: KeptRecord[] = [];
  const keyOf = (person: Person): string => JSON.stringify([person.id, person.name]);
  for (const record of known) {
    const person = toPerson(record.value);
    if (record.ref.startsWith("p-") && person !== null) persons.set(keyOf(person), { ref: record.ref, sha256: commitment(record) });
  }
  const make = (kind: "p" | "t" | "h", value: Json): Reference => {
    const record = { ref: `${kind}-${random(16).toString("base64url")}`, salt: random(32).toString("hex"), value };
    fresh.push(record);
    return { ref: record.ref, sha256: commitment(record) };
  };
  return {
    take: () => fresh.splice(0),
    text: (value) => make("t", value),
    file: (hash) => make("h", hash),
    person(person) {
      const before = persons.get(keyOf(person));
      if (before !== undefined) return before;
      const made = make("p", { id: person.id, name: person.name });
      persons.set(keyOf(person), made);
      return made;
    },
    forget(refs) {
      const gone = new Set(refs);
      for (const [key, { ref }] of persons) if (gone.has(ref)) persons.delete(key);
    },
  };
}

/** The event as it is stored: people, what they wrote and the files they kept by reference. */
export function withReferences(event: DrillEvent, refer: Referencer): DrillEvent {
  // What a machine says of itself is in the runbook anyway; an announcement is filled with what people answered.
  const isPeoples = event.by !== null || event.type === "command.refused" || event.type === "announcement.made";
  const stored = mapped(event, {
    person: (value) => {
      const person = toPerson(value);
      return person === null ? value : { ...refer.person(person) };
    },
    text: (value) => (typeof value === "string" && value !== "" && isPeoples ? { ...refer.text(value) } : value),
    file: (value) => (typeof value === "string" ? { ...refer.file(value) } : value),
    whole: (value) => (value === null ? value : { ...refer.text(value) }),
  });
  return { ...stored, v: storedVersion } as unknown as DrillEvent;
}

const erasedPerson = "erased person";
const erasedText = "[erased]";

/** The event as everybody else knows it, from its stored form. Whatever was erased says so, and keeps its reference as id. */
export function withRecords(stored: DrillEvent, records: ReadonlyMap<string, Json>): DrillEvent {
  if (!hasReferences(stored)) return stored;
  const whole = (value: Json, otherwise: Json): Json => {
    const reference = toReference(value);
    return reference === null ? value : (records.get(reference.ref) ?? otherwise);
  };
  const event = mapped(stored, {
    person: (value) => whole(value, { id: toReference(value)?.ref ?? "", name: erasedPerson }),
    text: (value) => whole(value, erasedText),
    file: (value) => whole(value, erasedText),
    whole: (value) => whole(value, null),
  });
  return { ...event, v: 1 } as unknown as DrillEvent;
}

/** Every reference in a stored event. */
export function referencesIn(stored: DrillEvent): readonly Reference[] {
  const found: Reference[] = [];
  const collect = (value: Json): Json => {
    const reference = toReference(value);
    if (reference !== null) found.push(reference);
    return value;
  };
  if (hasReferences(stored)) mapped(stored, { person: collect, text: collect, file: collect, whole: collect });
  return found;
}

function hasReferences({ v }: { readonly v: number }): boolean {
  return v === 2 || v === storedVersion;
}

type Mapping = Readonly<Record<"person" | "text" | "file" | "whole", (value: Json) => Json>>;

/** The places where people and texts stand, and no other: what Azure answers can never be taken for a reference. */
function mapped(event: DrillEvent, map: Mapping): Members {
  const members: { [key: string]: Json } = { ...(event as unknown as Members) };
  const list = (value: Json): Json => (isList(value) ? value.map(map.person) : value);
  for (const key of people) if (members[key] !== undefined) members[key] = map.person(members[key]);
  for (const key of peopleLists) if (members[key] !== undefined) members[key] = list(members[key]);
  const { roles, conversation, values, personal } = members;
  if (isMembers(roles)) members["roles"] = Object.fromEntries(Object.entries(roles).map(([role, who]) => [role, list(who)]));
  for (const key of texts) if (members[key] !== undefined) members[key] = map.text(members[key]);
  if (members["v"] !== 2) for (const key of files) if (members[key] !== undefined) members[key] = map.file(members[key]);
  if (isMembers(values) && personal !== undefined && isList(personal)) members["values"] = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, personal.includes(name) ? map.text(value) : value]));
  if (conversation !== undefined) members["conversation"] = map.whole(conversation);
  return members;
}

function toPerson(value: Json): Person | null {
  if (!isMembers(value) || Object.keys(value).length !== 2) return null;
  const { id, name } = value;
  return typeof id === "string" && typeof name === "string" ? { id, name } : null;
}

function toReference(value: Json): Reference | null {
  if (!isMembers(value) || Object.keys(value).length !== 2) return null;
  const { ref, sha256: hash } = value;
  return typeof ref === "string" && refForm.test(ref) && typeof hash === "string" ? { ref, sha256: hash } : null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
