import { asDrillbookError } from "../../errors.ts";
import { tenantOf } from "../addresses.ts";
import type { Conversation } from "../message.ts";
import type { ShowingParts } from "./parts.ts";

/** Where people are reached alone, and for how long that has not worked. */
export type PersonalChats = {
  /**
   * Where this person alone is reached. Where nobody knows it, their chat is opened, when the channel listed them as one of the tenant that
   * `near` is of. `refused`: Teams does not let the bot reach them for now; `unknown`: there is no way to try. Throws `not-now`.
   */
  reach(person: string, near: Conversation): Promise<Conversation | "refused" | "unknown">;
  /** Teams takes nothing for this person at this address. */
  lost(person: string, at: Conversation): void;
  /** This card could not be brought this time. True when that has been so for long enough for others to be told of it. */
  failed(card: string): boolean;
  /** This card was brought, or is as it should be. */
  served(card: string): void;
};

/** Whoever cannot be reached is tried again by itself after so long; sooner when they are heard in person. */
const refusedMs = 3_600_000;
/** The same chat is opened however often it is asked for; no answer is waited out all the same, because Teams may be slow. */
const unansweredMs = 60_000;
/** Being asked for patience for so long is no matter of a moment any more. */
const patienceMs = 60_000;

/** Opens chats with people who were never heard in person, each by one POST and never again before its time. */
export function createPersonalChats({ transport, addresses, clock, onFault }: Pick<ShowingParts, "transport" | "addresses" | "clock" | "onFault">): PersonalChats {
  const pauses = new Map<string, number>();
  /** The chats in which nothing is taken: opening gives the same one again. */
  const closed = new Map<string, string>();

  const failingSince = new Map<string, number>();

  async function open(person: string, near: Conversation, account: string): Promise<Conversation | "refused"> {
    try {
      const chat = await transport.openChat(near, account);
      if (closed.get(person) === chat.id) return pause(person, refusedMs);
      addresses.learn({ conversation: chat, person: { id: person, name: "" } });
      return chat;
    } catch (thrown) {
      const { code } = asDrillbookError(thrown);
      if (code === "not-now") throw thrown;
      onFault("", thrown);
      return pause(person, code === "outcome-unknown" ? unansweredMs : refusedMs);
    }
  }

  function pause(person: string, ms: number): "refused" {
    pauses.set(person, clock().getTime() + ms);
    closed.delete(person);
    return "refused";
  }

  return {
    async reach(person, near) {
      const known = addresses.personal(person);
      if (known !== null) return known;
      const account = addresses.accountIn(tenantOf(near) ?? "", person);
      if (account === null) return "unknown";
      if (clock().getTime() < (pauses.get(person) ?? -Infinity)) return "refused";
      return open(person, near, account);
    },
    lost(person, at) {
      closed.set(person, at.id);
      addresses.forget(person, at);
    },
    failed(card) {
      const now = clock().getTime();
      const since = failingSince.get(card) ?? now;
      failingSince.set(card, since);
      return now - since >= patienceMs;
    },
    served: (card) => void failingSince.delete(card),
  };
}
