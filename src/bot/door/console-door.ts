import { timingSafeEqual } from "node:crypto";
import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import type { Person } from "../../drills/events.ts";
import type { ArrivingActivity } from "../activity.ts";
import type { Arrival, Door, Refusal } from "./door.ts";

/** What the console page says of itself. It is a channel of its own: no Teams token could ever be mistaken for it. */
export const consoleChannel = {
  channelId: "drillbook-console",
  conversationId: "rehearsal",
  bot: { id: "drillbook", name: "Drillbook" },
} as const;

/** The header that opens the console's connector; only this process knows its value. */
export const connectorSecretHeader = "x-drillbook-connector";

export type ConsoleDoorOptions = {
  /** The rehearsal people; a name in a payload is never believed. */
  readonly people: readonly Person[];
  /** Base URL of the console's own connector, exactly as the page sends it. */
  readonly serviceUrl: string;
  readonly connectorSecret: string;
  /** Session, Host and Origin of a request; null when all are the console's own. */
  readonly check: (headers: Arrival["headers"]) => { readonly status: 401 | 403; readonly reason: string } | null;
  /** Keeps what a person said, so that every page shows it. */
  readonly heard: (activity: ArrivingActivity, person: Person) => Promise<void>;
};

/**
 * The door of a process without bot credentials. The SDK verifies nothing here, so the console's session is the only
 * key: with it, a browser on this machine may act as any of the rehearsal people.
 */
export function consoleDoor(options: ConsoleDoorOptions): Door {
  const { people, serviceUrl, connectorSecret } = options;
  const byId = new Map(people.map((person) => [person.id, person]));
  return {
    appId: "",
    authentication: {
      settings: {},
      credentials: new ConfigurationServiceClientCredentialFactory({}),
      configuration: { requiredEndorsements: [] },
    },
    admitHeaders: (headers) => options.check(headers),
    admit: (_arrival, activity) => channelRefusal(activity, serviceUrl) ?? personRefusal(activity, byId),
    identify(activity) {
      const person = byId.get(activity.from.id);
      return person ? { id: person.id, name: person.name } : { status: 403, reason: "unknown person" };
    },
    async heard(activity, person) {
      await options.heard(activity, person);
    },
    mayReach: (url) => isWithin(url, serviceUrl),
    outboundHeaders: (url): Record<string, string> => (isWithin(url, serviceUrl) ? { [connectorSecretHeader]: connectorSecret } : {}),
  };
}

/** Compares in constant time; both sides are short and of equal length when they match. */
export function isConnectorSecret(presented: string | string[] | undefined, secret: string): boolean {
  if (typeof presented !== "string") return false;
  const left = Buffer.from(presented);
  const right = Buffer.from(secret);
  return left.length === right.length && timingSafeEqual(left, right);
}

function channelRefusal(activity: ArrivingActivity, serviceUrl: string): Refusal | null {
  if (activity.channelId !== consoleChannel.channelId) return { status: 403, reason: "foreign channel" };
  if (activity.serviceUrl !== serviceUrl) return { status: 403, reason: "foreign service URL" };
  if (activity.conversation.id !== consoleChannel.conversationId) return { status: 403, reason: "foreign conversation" };
  if (activity.recipient?.id !== consoleChannel.bot.id) return { status: 403, reason: "foreign recipient" };
  return null;
}

function personRefusal(activity: ArrivingActivity, people: ReadonlyMap<string, Person>): Refusal | null {
  return people.has(activity.from.id) ? null : { status: 403, reason: "unknown person" };
}

function isWithin(url: string, serviceUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  // Parsed first, so that `..` in a conversation id cannot leave the connector's folder.
  const { origin, pathname, username, password } = new URL(url);
  const base = new URL(serviceUrl);
  const folder = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  return origin === base.origin && username === "" && password === "" && `${pathname}/`.startsWith(folder);
}
