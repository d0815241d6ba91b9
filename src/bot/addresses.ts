import { isDeepStrictEqual } from "node:util";
import { universal, type Reader } from "../dialogs/reader.ts";
import type { Person } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Conversation } from "./message.ts";

/** Where people can be reached in person, kept beyond a restart. */
export type AddressStore = {
  putAddress(person: string, conversation: Conversation): Promise<void>;
  addresses(): Promise<readonly (readonly [person: string, conversation: Conversation])[]>;
};

/** Where conversations were last heard from: an address that a drill remembers may be months old. */
export type Addresses = {
  /** True when the conversation has moved, or is heard for the first time since the start. */
  learn(heard: { readonly conversation: Conversation; readonly person: Person | null; readonly reader?: Reader }): boolean;
  /** The newest address known; `remembered` when nothing newer has been heard. */
  newest(id: string, remembered: Json): Json;
  /** Where this person alone is reached; null when they never wrote to the bot or installed it for themselves. */
  personal(person: string): Conversation | null;
  /** Teams says that the app was taken away: nobody is reached there any more. */
  forget(person: string): void;
  /** How this person reads times, as their client last said. */
  reader(person: string): Reader;
};

/** `onPersonal` is told of every new personal address, so that it can be kept. */
export function createAddresses(
  known: Awaited<ReturnType<AddressStore["addresses"]>> = [],
  onPersonal: (person: string, conversation: Conversation) => void = () => undefined,
): Addresses {
  const conversations = new Map<string, Json>();
  const people = new Map(known);
  const readers = new Map<string, Reader>();
  return {
    learn({ conversation, person, reader }) {
      if (person !== null && reader !== undefined) readers.set(person.id, reader);
      if (person !== null && isPersonal(conversation) && !isDeepStrictEqual(people.get(person.id), conversation)) {
        people.set(person.id, conversation);
        onPersonal(person.id, conversation);
      }
      if (isDeepStrictEqual(conversations.get(conversation.id), conversation.reference)) return false;
      conversations.set(conversation.id, conversation.reference);
      return true;
    },
    newest: (id, remembered) => conversations.get(id) ?? remembered,
    personal: (person) => people.get(person) ?? null,
    forget: (person) => void people.delete(person),
    reader: (person) => readers.get(person) ?? universal,
  };
}

/** A chat of one person with the bot. */
export function isPersonal({ reference }: Conversation): boolean {
  const where = isRecord(reference) ? reference["conversation"] : null;
  return isRecord(where ?? null) && (where as { readonly [key: string]: Json })["conversationType"] === "personal";
}
