import type { ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { Person } from "../../drills/events.ts";
import type { ArrivingActivity } from "../activity.ts";
import type { Conversation, Inbound } from "../message.ts";

/** One POST to the messaging endpoint; the header names are in lower case and the body is parsed JSON. */
export type Arrival = {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
};

/** `reason` is for the log; the caller gets the status and nothing that would help to try again. */
export type Refusal = { readonly status: 400 | 401 | 403 | 503; readonly reason: string };

/** What a token is used for: the SDK looks whether its key is meant for this channel, and its claim for this address. */
export type TokenUse = { readonly channelId: string; readonly serviceUrl: string };

type SdkParameters = ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>;

/** How the SDK verifies and signs. Always explicit objects: it would take any environment variable of its names. */
export type SdkAuthentication = {
  readonly settings: NonNullable<SdkParameters[0]>;
  readonly credentials: NonNullable<SdkParameters[1]>;
  readonly configuration: NonNullable<SdkParameters[2]>;
};

/** Who may come in, and where answers may go. One door is for Teams, one for the local console. */
export type Door = {
  /** The bot's own application id; empty when nothing is signed. */
  readonly appId: string;
  readonly authentication: SdkAuthentication;
  /** What can be told from the headers alone, before the token is verified. null: it is worth verifying. */
  admitHeaders(headers: Arrival["headers"]): Refusal | null;
  /** What the token of these headers has to be good for; what arrives later must say the same, and `admit` looks at that. */
  tokenUse(headers: Arrival["headers"]): TokenUse;
  /** The rest of what can be checked before the SDK sees the activity. null: it may go on to the SDK. */
  admit(arrival: Arrival, activity: ArrivingActivity): Refusal | null;
  /**
   * Who acts, after the SDK has verified the request. Throws `not-now` for a request that is too old.
   * A refusal is for a request that nobody can be named for.
   */
  identify(activity: ArrivingActivity): Person | Refusal;
  /** Whether people's commands are counted: many can come in here, and one of them may be a script. */
  readonly paced: boolean;
  /** Told of every message that was let in, before it is answered. */
  heard?(inbound: Inbound): Promise<void>;
  /** Asked again for every single request that goes out, whatever the stored reference says. */
  mayReach(url: string): boolean;
  /** Whether a file that somebody attached may be fetched from this address; `data:,` stands for bytes sent along. */
  mayFetchFrom(url: string): boolean;
  /** Whether files are taken in this conversation. */
  takesFiles(conversation: Conversation): boolean;
  /** Headers for a request that goes out to this URL. */
  outboundHeaders(url: string): Readonly<Record<string, string>>;
};

/** The one value of a header; null when it is missing or is a list. `name` in lower case. */
export function headerOf(headers: Arrival["headers"], name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}
