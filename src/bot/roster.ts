import { isPersonal, threadOf, type Addresses } from "./addresses.ts";
import type { Conversation, MemberList } from "./message.ts";

export type RosterParts = {
  readonly transport: MemberList;
  readonly addresses: Pick<Addresses, "list">;
  readonly now: () => number;
  /** Told when somebody is known now who was not. */
  readonly onMet: () => void;
  readonly onFault: (conversation: string, fault: unknown) => void;
};

/** Learns who is in a chat, so that people can be reached who have never written. */
export type Roster = {
  /** Asks who is in this conversation, when that was not asked lately. Never throws: what is not known is done without. */
  look(conversation: Conversation): Promise<void>;
};

/** People come and go; nothing is decided by this list, so it may be as old as this, in milliseconds. */
const freshMs = 30 * 60_000;
/** A list that was refused is asked for again after this long. */
const againMs = 5 * 60_000;
const conversationsKept = 2_000;

/** Who is in the conversations that are heard from: for views of one's own, for mentions, and to see whom a card cannot reach. */
export function createRoster({ transport, addresses, now, onMet, onFault }: RosterParts): Roster {
  const askAgainAt = new Map<string, number>();
  return {
    async look(conversation) {
      const id = threadOf(conversation.id);
      if (isPersonal(conversation) || now() < (askAgainAt.get(id) ?? -Infinity)) return;
      askAgainAt.delete(id);
      askAgainAt.set(id, now() + againMs);
      for (const oldest of [...askAgainAt.keys()].slice(0, -conversationsKept)) askAgainAt.delete(oldest);
      try {
        const members = await transport.members(conversation);
        askAgainAt.set(id, now() + freshMs);
        if (addresses.list(id, members)) onMet();
      } catch (fault) {
        onFault(id, fault);
      }
    },
  };
}
