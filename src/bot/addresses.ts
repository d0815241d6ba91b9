import { isDeepStrictEqual } from "node:util";
import { universal, type Reader } from "../texts/reader.ts";
import type { Person } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Conversation, Member } from "./message.ts";

/** Where people can be reached in person, kept beyond a restart. */
export type AddressStore = {
  putAddress(person: string, conversation: Conversation): Promise<void>;
  /** Forgets where somebody is reached; with `at`, only when that is what is stored. */
  dropAddress(person: string, at?: Conversation): Promise<void>;
  /** All of them, or those of these people alone. */
  addresses(people?: readonly string[]): Promise<readonly (readonly [person: string, conversation: Conversation])[]>;
};

export type Heard = { readonly conversation: Conversation; readonly person: Person | null; readonly account?: string; readonly reader?: Reader };

/** Where conversations were last heard from: an address that a drill remembers may be months old. */
export type Addresses = {
  /** True when the conversation has moved, is heard for the first time since the start, or tells where somebody is reached in person. */
  learn(heard: Heard): boolean;
  /** The newest address known; `remembered` when nothing newer has been heard. */
  newest(id: string, remembered: Json): Json;
  /** Where this person alone is reached; null when they never wrote to the bot or installed it for themselves. */
  personal(person: string): Conversation | null;
  /** What the store holds by now: another replica may have heard of somebody. What was heard here is newer. */
  add(known: Awaited<ReturnType<AddressStore["addresses"]>>): void;
  /** Nobody is reached there any more: the app was taken away, or Teams refuses what is sent to `at`. What was learned since stays. */
  forget(person: string, at?: Conversation): void;
  /** How this person reads times, as their client last said. */
  reader(person: string): Reader;
  /** What the channel calls this person; null when they were never heard. */
  account(person: string): string | null;
  /** The same, as far as the channel's own list says that they are of this tenant; null: it never said so. */
  accountIn(tenant: string, person: string): string | null;
  /** The person behind what the channel calls an account; null when nobody was heard or listed under it. */
  personOf(account: string): string | null;
  /** Who was heard in this conversation since the start, and then who is listed in it. */
  heardIn(id: string): readonly string[];
  /** The channel's own list of who is in a conversation. True when it brought an account, or a tenant, that was not known. */
  list(id: string, members: readonly Member[]): boolean;
  /** Whether somebody is in a conversation, by the channel's list; null when it could not be asked. */
  isIn(id: string, person: string): boolean | null;
  /** Reads what another replica has stored since about people who are not known here. */
  lookUp(people: readonly string[]): Promise<void>;
};

/** Where addresses outlast a restart, and where other replicas put theirs. */
export type AddressKeeping = {
  readonly keep: (key: string, conversation: Conversation) => void;
  readonly drop: (key: string, at?: Conversation) => void;
  readonly read: AddressStore["addresses"];
  readonly now: () => number;
};

const keptNowhere: AddressKeeping = { keep: () => undefined, drop: () => undefined, read: async () => [], now: () => 0 };

/** Somebody of whom nothing is stored is looked up again after so many milliseconds. */
const lookUpEveryMs = 15_000;
/** An address that is heard again is stored again after so many milliseconds: another process may have dropped it meanwhile. */
const keepEveryMs = 60_000;

/** Accounts are kept in the same store as addresses, under a name that no person's id can be. */
const accountKey = "account/";
const mostHeard = 200;

/** `tenant` is null until the channel's list of a conversation says it: nobody's own words do. */
type Account = { readonly id: string; readonly tenant: string | null };

/** Every new personal address and account is kept, so that it outlasts a restart and reaches other replicas. */
export function createAddresses(known: Awaited<ReturnType<AddressStore["addresses"]>> = [], keeping: AddressKeeping = keptNowhere): Addresses {
  const conversations = new Map<string, Json>();
  /** null: the app was taken away from this person. */
  const people = new Map<string, Conversation | null>();
  const accounts = new Map<string, Account>();
  const persons = new Map<string, string>();
  const readers = new Map<string, Reader>();
  const heard = new Map<string, Set<string>>();
  const listed = new Map<string, ReadonlySet<string>>();
  const lookedUp = new Map<string, number>();
  const keptAt = new Map<string, number>();

  function name(person: string, account: Account): void {
    accounts.set(person, account);
    persons.set(account.id, person);
  }

  /** True when it was not known. */
  function learnAccount(person: string, id: string, tenant?: string): boolean {
    const before = accounts.get(person);
    const account = { id, tenant: tenant ?? (before?.id === id ? before.tenant : null) };
    if (isDeepStrictEqual(before, account)) return false;
    name(person, account);
    keeping.keep(`${accountKey}${person}`, { id, reference: account.tenant === null ? null : { tenant: account.tenant } });
    return true;
  }

  function addAccount(person: string, { id, reference }: Conversation): void {
    const here = accounts.get(person);
    if (here !== undefined && (here.id !== id || here.tenant !== null)) return;
    const tenant = isRecord(reference) ? reference["tenant"] : null;
    name(person, { id, tenant: typeof tenant === "string" ? tenant : null });
  }

  const add: Addresses["add"] = (entries) => {
    for (const [key, conversation] of entries) {
      if (key.startsWith(accountKey)) addAccount(key.slice(accountKey.length), conversation);
      else if (!people.has(key)) people.set(key, conversation);
    }
  };
  add(known);

  /** True when it says where this person is reached, which was not known. */
  function learnPerson({ conversation, person, account, reader }: Heard): boolean {
    if (person === null) return false;
    if (reader !== undefined) readers.set(person.id, reader);
    if (account !== undefined) learnAccount(person.id, account);
    const here = heard.get(threadOf(conversation.id)) ?? new Set();
    if (here.size < mostHeard) heard.set(threadOf(conversation.id), here.add(person.id));
    return isPersonal(conversation) && reachedAt(person.id, conversation);
  }

  function reachedAt(person: string, conversation: Conversation): boolean {
    const isNews = !isDeepStrictEqual(people.get(person), conversation);
    if (!isNews && keeping.now() - (keptAt.get(person) ?? -Infinity) < keepEveryMs) return false;
    people.set(person, conversation);
    keptAt.set(person, keeping.now());
    keeping.keep(person, conversation);
    return isNews;
  }

  return {
    learn(said) {
      const { conversation } = said;
      const isReached = learnPerson(said);
      if (isDeepStrictEqual(conversations.get(conversation.id), conversation.reference)) return isReached;
      conversations.set(conversation.id, conversation.reference);
      return true;
    },
    newest: (id, remembered) => conversations.get(id) ?? remembered,
    personal: (person) => people.get(person) ?? null,
    add,
    forget(person, at) {
      const here = people.get(person) ?? null;
      if (at === undefined || here === null || isDeepStrictEqual(here, at)) people.set(person, null);
      // The store is asked again only when what is dropped now is gone from it.
      lookedUp.set(person, keeping.now());
      keeping.drop(person, at);
    },
    reader: (person) => readers.get(person) ?? universal,
    account: (person) => accounts.get(person)?.id ?? null,
    accountIn(tenant, person) {
      const account = accounts.get(person);
      return account !== undefined && account.tenant?.toLowerCase() === tenant.toLowerCase() ? account.id : null;
    },
    personOf: (account) => persons.get(account) ?? null,
    heardIn: (id) => [...new Set([...(heard.get(threadOf(id)) ?? []), ...(listed.get(threadOf(id)) ?? [])])],
    list(id, members) {
      listed.set(threadOf(id), new Set(members.map((m) => m.person)));
      return members.map(({ person, account, tenant }) => learnAccount(person, account, tenant)).includes(true);
    },
    isIn: (id, person) => listed.get(threadOf(id))?.has(person) ?? null,
    async lookUp(wanted) {
      const now = keeping.now();
      const unknown = [...new Set(wanted)].filter((person) => (people.get(person) ?? null) === null && now - (lookedUp.get(person) ?? -Infinity) >= lookUpEveryMs);
      if (unknown.length === 0) return;
      for (const person of unknown) lookedUp.set(person, now);
      const found = await keeping.read(unknown.flatMap((person) => [person, `${accountKey}${person}`]));
      // Whoever took the app away, or could not be reached, may have come back by way of another replica.
      for (const [key] of found) if (people.get(key) === null) people.delete(key);
      add(found);
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

/** Whether this is a thread of a team's channel, where each drill has a thread of its own. */
export function isChannel(conversation: Conversation): boolean {
  return typeOf(conversation) === "channel";
}

/** The tenant that a conversation is of; null when its reference names none. */
export function tenantOf({ reference }: Conversation): string | null {
  const tenant = fieldOf(reference, "tenantId");
  return typeof tenant === "string" && tenant !== "" ? tenant : null;
}

function typeOf({ reference }: Conversation): Json {
  return fieldOf(reference, "conversationType");
}

function fieldOf(reference: Json, field: string): Json {
  const where = isRecord(reference) ? (reference["conversation"] ?? null) : null;
  return isRecord(where) ? (where[field] ?? null) : null;
}
