import type { CardJson } from "../dialogs/card.ts";
import type { Person } from "../drills/events.ts";
import type { Reader } from "../texts/reader.ts";
import type { Json } from "../runbooks/runbook.ts";

/** Where a message came from and where an answer goes. `reference` is the transport's own and opaque to everybody else. */
export type Conversation = { readonly id: string; readonly reference: Json };

export type { CardJson } from "../dialogs/card.ts";

/** A file that somebody sent. `read` fetches its bytes; it throws `bad-input` for what is too large or cannot be had. */
export type OfferedFile = { readonly name: string; readonly read: () => Promise<Uint8Array> };

/** Somebody who is mentioned in a text: how they are written there, and what the channel calls them. */
export type Mention = { readonly name: string; readonly account: string };

/** What arrives, after the door has checked who sent it. `data` of a click is a hint and hostile until checked. */
export type Inbound = {
  readonly person: Person;
  readonly conversation: Conversation;
  /** What the channel calls the person, for its own lists; never what anything is decided by. */
  readonly account: string;
  /** How the person reads dates and times. */
  readonly reader: Reader;
} & (
  | { readonly kind: "files"; readonly text: string; readonly files: readonly OfferedFile[] }
  | { readonly kind: "text"; readonly text: string; readonly mentions?: readonly Mention[] }
  | { readonly kind: "click"; readonly verb: string; readonly data: Json; readonly shownIn: string | null }
);

/** `text` always says what the card says, for notifications and screen readers. */
export type Outgoing = { readonly text: string; readonly card: CardJson | null };

/** What the one who wrote or clicked is told at once. Everything else reaches people through surfaces. */
export type Answer = {
  readonly messages: readonly Outgoing[];
  /** Something was changed: the same press arriving again is told the same, and changes nothing more. */
  readonly settled?: boolean;
  /** The first message takes the place of the pressed card for everybody, not only for whoever pressed it. */
  readonly forAll?: boolean;
  /** What was asked was refused before any drill heard of it, by this code: it stands in no history. */
  readonly notTaken?: string;
};

/** Somebody in a conversation, as the channel lists them: Entra object id, what the channel calls them, and their tenant when it is known. */
export type Member = { readonly person: string; readonly account: string; readonly tenant?: string };

/** Who can be reached where. */
export type MemberList = {
  /** Who is in a conversation, at most two thousand. Throws when it cannot be asked. */
  members(conversation: Conversation): Promise<readonly Member[]>;
};

/** A chat with one person that there was not before. */
export type ChatOpening = {
  /**
   * Opens the chat that one account alone has with the bot, in the tenant and at the service of `near`. Teams gives the same chat for the
   * same account every time. Throws `not-allowed` when the app is not installed for them, `outcome-unknown` when no answer came.
   */
  openChat(near: Conversation, account: string): Promise<Conversation>;
};

/** The way out to people, and the only one. */
export type Transport = {
  /** Posts once. Throws `outcome-unknown` when the message may or may not have arrived. */
  send(conversation: Conversation, message: Outgoing): Promise<{ readonly messageId: string }>;
  /** Replaces a message in place; safe to repeat. Throws `not-found` when it is gone. */
  update(conversation: Conversation, messageId: string, message: Outgoing): Promise<void>;
};
