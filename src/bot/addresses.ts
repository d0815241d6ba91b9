import { isDeepStrictEqual } from "node:util";
import { universal, type Reader } from "../texts/reader.ts";
import type { Person } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Conversation } from "./message.ts";

/** Where people can be reached in person, kept beyond a restart. */
export type AddressStore = {
  putAddress(person: string, conversation: Conversation): Promise<void>;
  addresses(): Promise<readonly (readonly [person: string, conversation: Conversation])[]>;
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
  /** Who was heard in this conversation since the start, at most a few hundred. */
  heardIn(id: string): readonly string[];
};

/** Accounts are kept in the same store as addresses, under a name that no person's id can be. */
const accountKey = "account/";
const mostHeard = 200;

/** `keep` is told of every new personal address and account, so that it outlasts a restart. */
export function createAddresses(
  known: Awaited<ReturnType<AddressStore["addresses"]>> = [],
  keep: (key: string, conversation: Conversation) => void = () => undefined,
): Addresses {
  const conversations = new Map<string, Json>();
  /** null: the app was taken away from this person. */
  const people = new Map<string, Conversation | null>();
  const accounts = new Map<string, string>();
  const readers = new Map<string, Reader>();
  const heard = new Map<string, Set<string>>();

  const add: Addresses["add"] = (entries) => {
    for (const [key, conversation] of entries) {
      if (!key.startsWith(accountKey)) people.set(key, people.has(key) ? (people.get(key) ?? null) : conversation);
      else accounts.set(key.slice(accountKey.length), accounts.get(key.slice(accountKey.length)) ?? conversation.id);
    }
  };
  add(known);

  function learnPerson({ conversation, person, account, reader }: Heard): void {
    if (person === null) return;
    if (reader !== undefined) readers.set(person.id, reader);
    if (account !== undefined && accounts.get(person.id) !== account) {
      accounts.set(person.id, account);
      keep(`${accountKey}${person.id}`, { id: account, reference: null });
    }
    const here = heard.get(threadOf(conversation.id)) ?? new Set();
    if (here.size < mostHeard) heard.set(threadOf(conversation.id), here.add(person.id));
    if (isPersonal(conversation) && !isDeepStrictEqual(people.get(person.id), conversation)) {
      people.set(person.id, conversation);
      keep(person.id, conversation);
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
    forget: (person) => void people.set(person, null),
    reader: (person) => readers.get(person) ?? universal,
    account: (person) => accounts.get(person) ?? null,
    heardIn: (id) => [...(heard.get(threadOf(id)) ?? [])],
  };
}

/** A channel's thread carries the message it began with behind its name. */
export function threadOf(conversation: string): string {
  return conversation.split(";messageid=")[0] ?? conversation;
}

/** A chat of one person with the bot. */
export function isPersonal({ reference }: Conversation): boolean {
  const where = isRecord(reference) ? reference["conversation"] : null;
  return isRecord(where ?? null) && (where as { readonly [key: string]: Json })["conversationType"] === "personal";
}
