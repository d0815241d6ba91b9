import { isDeepStrictEqual } from "node:util";
import type { Json } from "../runbooks/runbook.ts";
import type { Conversation } from "./message.ts";

/** Where conversations were last heard from: an address that a drill remembers may be months old. */
export type Addresses = {
  /** True when the conversation has moved, or is heard for the first time since the start. */
  learn(conversation: Conversation): boolean;
  /** The newest address known; `remembered` when nothing newer has been heard. */
  newest(id: string, remembered: Json): Json;
};

export function createAddresses(): Addresses {
  const known = new Map<string, Json>();
  return {
    learn({ id, reference }) {
      if (isDeepStrictEqual(known.get(id), reference)) return false;
      known.set(id, reference);
      return true;
    },
    newest: (id, remembered) => known.get(id) ?? remembered,
  };
}
