import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import type { Person } from "../../drills/events.ts";
import type { ArrivingActivity } from "../activity.ts";
import type { Conversation, Inbound } from "../message.ts";
import type { Arrival, Door, Refusal } from "./door.ts";

export type ConsoleDoorOptions = {
  /** The rehearsal people; a name in a payload is never believed. */
  readonly people: readonly Person[];
  /** What the page says of itself; anything else is not the page. */
  readonly channel: {
    readonly channelId: string;
    readonly conversationId: string;
    readonly bot: { readonly id: string };
    /** Base URL of the console's own connector. */
    readonly serviceUrl: string;
  };
  /** What opens the connector, sent to it and to nobody else. */
  readonly connectorHeaders: Readonly<Record<string, string>>;
  /** Session, Host and Origin of a request; null when all are the console's own. */
  readonly check: (headers: Arrival["headers"]) => { readonly status: 401 | 403; readonly reason: string } | null;
  /** Keeps what a person said, so that every page shows it. */
  readonly heard: (inbound: Inbound) => Promise<void>;
};

/** The console's one conversation, at the address that its connector has now: after a restart that may be another port. */
export function consoleConversation({ channel }: ConsoleDoorOptions): Conversation {
  const { serviceUrl, channelId, conversationId, bot } = channel;
  const conversation = { id: conversationId, isGroup: true, conversationType: "groupChat" };
  return { id: conversationId, reference: { serviceUrl, channelId, bot: { id: bot.id, name: bot.id }, conversation } };
}

/**
 * The door of a process without bot credentials. The SDK verifies nothing here, so the console's session is the only
 * key: with it, a browser on this machine may act as any of the rehearsal people.
 */
export function consoleDoor({ people, channel, connectorHeaders, check, heard }: ConsoleDoorOptions): Door {
  const byId = new Map(people.map((person) => [person.id, person]));
  return {
    appId: "",
    paced: false,
    authentication: {
      settings: {},
      credentials: new ConfigurationServiceClientCredentialFactory({}),
      configuration: { requiredEndorsements: [] },
    },
    admitHeaders: check,
    tokenUse: () => channel,
    admit: (_arrival, activity) => channelRefusal(activity, channel) ?? (byId.has(activity.from.id) ? null : unknownPerson),
    identify(activity) {
      const person = byId.get(activity.from.id);
      return person ? { id: person.id, name: person.name } : unknownPerson;
    },
    heard,
    mayFetchFrom: (url) => url.startsWith("data:"),
    takesFiles: () => true,
    mayReach: (url) => isWithin(url, channel.serviceUrl),
    outboundHeaders: (url) => (isWithin(url, channel.serviceUrl) ? connectorHeaders : {}),
  };
}

const unknownPerson: Refusal = { status: 403, reason: "unknown person" };

function channelRefusal(activity: ArrivingActivity, channel: ConsoleDoorOptions["channel"]): Refusal | null {
  if (activity.channelId !== channel.channelId) return { status: 403, reason: "foreign channel" };
  if (activity.serviceUrl !== channel.serviceUrl) return { status: 403, reason: "foreign service URL" };
  if (activity.conversation.id !== channel.conversationId) return { status: 403, reason: "foreign conversation" };
  if (activity.recipient?.id !== channel.bot.id) return { status: 403, reason: "foreign recipient" };
  return null;
}

function isWithin(url: string, serviceUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  // Parsed first, so that `..` in a conversation id cannot leave the connector's folder.
  const { origin, pathname, username, password } = new URL(url);
  const base = new URL(serviceUrl);
  const folder = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  return origin === base.origin && username === "" && password === "" && `${pathname}/`.startsWith(folder);
}
