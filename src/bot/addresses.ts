import { isDeepStrictEqual } from "node:util";
import { universal, type Reader } from "../texts/reader.ts";
import type { Person } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Conversation, Member } from "./message.ts";

/** Where people can be reached in person, kept beyond a restart. */
export type AddressStore = {
  putAddress(person: string, conversation: Conversation): Promise<void>;
  dropAddress(person: string): Promise<void>;
  /** All of them, or those of these people alone. */
  addresses(people?: readonly string[]): Promise<readonly (readonly [person: string, conversation: Conversation])[]>;
};

export type Heard = { readonly conversation: Conversation; readonly person: Person | null; readonly account?: string; readonly reader?: Reader };

/** Where conversations were last heard from: an address that a drill remembers may be months old. */
export type Addresses = {
  /** True when the conversation has moved, or is heard for the first time since the start. */
  learn(heard: Heard): boolean;
  /** The newest address known; `remembered` when nothing newer has been heard. */
  newest(id: string, remembered: Json): Json;
  /** Where this person alone is reached; null when they never wrote to the bot or installed it for themselves. */
  personal(person: string): Conversation | null;
  /** What the store holds by now: another replica may have heard of somebody. What was heard here is newer. */
  add(known: Awaited<ReturnType<AddressStore["addresses"]>>): void;
  /** Teams says that the app was taken away: nobody is reached there any more. */
  forget(person: string): void;
  /** How this person reads times, as their client last said. */
  reader(person: string): Reader;
  /** What the channel calls this person; null when they were never heard. */
  account(person: string): string | null;
  /** The person behind what the channel calls an account; null when nobody was heard or listed under it. */
  personOf(account: string): string | null;
  /** Who was heard in this conversation since the start, and then who is listed in it. */
  heardIn(id: string): readonly string[];
  /** The channel's own list of who is in a conversation. True when it brought an account that was not known. */
  list(id: string, members: readonly Member[]): boolean;
  /** Whether somebody is in a conversation, by the channel's list; null when it could not be asked. */
  isIn(id: string, person: string): boolean | null;
  /** Reads what another replica has stored since about people who are not known here. */
  lookUp(people: readonly string[]): Promise<void>;
};

/** Where addresses outlast a restart, and where other replicas put theirs. */
export type AddressKeeping = {
  readonly keep: (key: string, conversation: Conversation) => void;
  readonly drop: (key: string) => void;
  readonly read: AddressStore["addresses"];
  readonly now: () => number;
};

const keptNowhere: AddressKeeping = { keep: () => undefined, drop: () => undefined, read: async () => [], now: () => 0 };

/** Somebody of whom nothing is stored is looked up again after so many milliseconds. */
const lookUpEveryMs = 15_000;

/** Accounts are kept in the same store as addresses, under a name that no person's id can be. */
const accountKey = "account/";
const mostHeard = 200;

/** Every new personal address and account is kept, so that it outlasts a restart and reaches other replicas. */
export function createAddresses(known: Awaited<ReturnType<AddressStore["addresses"]>> = [], keeping: AddressKeeping = keptNowhere): Addresses {
  const conversations = new Map<string, Json>();
  /** null: the app was taken away from this person. */
  const people = new Map<string, Conversation | null>();
  const accounts = new Map<string, string>();
  const persons = new Map<string, string>();
  const readers = new Map<string, Reader>();
  const heard = new Map<string, Set<string>>();
  const listed = new Map<string, ReadonlySet<string>>();
  const lookedUp = new Map<string, number>();

  function name(person: string, account: string): void {
    accounts.set(person, account);
    persons.set(account, person);
  }

  /** True when it was not known. */
  function learnAccount(person: string, account: string): boolean {
    if (accounts.get(person) === account) return false;
    name(person, account);
    keeping.keep(`${accountKey}${person}`, { id: account, reference: null });
    return true;
  }

  const add: Addresses["add"] = (entries) => {
    for (const [key, conversation] of entries) {
      if (!key.startsWith(accountKey)) people.set(key, people.has(key) ? (people.get(key) ?? null) : conversation);
      else name(key.slice(accountKey.length), accounts.get(key.slice(accountKey.length)) ?? conversation.id);
    }
  };
  add(known);

  function learnPerson({ conversation, person, account, reader }: Heard): void {
    if (person === null) return;
    if (reader !== undefined) readers.set(person.id, reader);
    if (account !== undefined) learnAccount(person.id, account);
    const here = heard.get(threadOf(conversation.id)) ?? new Set();
    if (here.size < mostHeard) heard.set(threadOf(conversation.id), here.add(person.id));
    if (isPersonal(conversation) && !isDeepStrictEqual(people.get(person.id), conversation)) {
      people.set(person.id, conversation);
      keeping.keep(person.id, conversation);
    }
  }

  return {
    learn(said) {
      const { conversation } = said;
      learnPerson(said);
      if (isDeepStrictEqual(conversations.get(conversation.id), conversation.reference)) return false;
      conversations.set(conversation.id, conversation.reference);
      return true;
    },
    newest: (id, remembered) => conversations.get(id) ?? remembered,
    personal: (person) => people.get(person) ?? null,
    add,
    forget(person) {
      people.set(person, null);
      keeping.drop(person);
    },
    reader: (person) => readers.get(person) ?? universal,
    account: (person) => accounts.get(person) ?? null,
    personOf: (account) => persons.get(account) ?? null,
    heardIn: (id) => [...new Set([...(heard.get(threadOf(id)) ?? []), ...(listed.get(threadOf(id)) ?? [])])],
    list(id, members) {
      listed.set(threadOf(id), new Set(members.map((m) => m.person)));
      return members.map(({ person, account }) => learnAccount(person, account)).includes(true);
    },
    isIn: (id, person) => listed.get(threadOf(id))?.has(person) ?? null,
    async lookUp(wanted) {
      const now = keeping.now();
      const unknown = [...new Set(wanted)].filter((person) => !people.has(person) && now - (lookedUp.get(person) ?? -Infinity) >= lookUpEveryMs);
      if (unknown.length === 0) return;
      for (const person of unknown) lookedUp.set(person, now);
      add(await keeping.read(unknown.flatMap((person) => [person, `${accountKey}${person}`])));
    },
  };
}

/** A channel's thread carries the message it began with behind its name. */
export function threadOf(conversation: string): string {
  return conversation.split(";messageid=")[0] ?? conversation;
}

/** A chat of one person with the bot. */
export function isPersonal(conversation: Conversation): boolean {
  return typeOf(conversation) === "personal";
}

/** A thread of a channel. */
export function isChannel(conversation: Conversation): boolean {
  return typeOf(conversation) === "channel";
}

function typeOf({ reference }: Conversation): Json {
  const where = isRecord(reference) ? (reference["conversation"] ?? null) : null;
  return isRecord(where) ? (where["conversationType"] ?? null) : null;
}
