import type { DrillEvent } from "../drills/events.ts";
import type { StoredEvent } from "../drills/ports.ts";
import { canonicalBytes } from "./canonical.ts";
import { sha256 } from "./hash.ts";

/** Hashed before anything else, so that no hash of one meaning can stand for one of another. */
const genesisDomain = "drillbook/chain/1/genesis\n";
const eventDomain = "drillbook/chain/1/event\n";

/** The head of a drill that has no event yet; the drill's id is bound into it. */
export function genesisHead(drill: string): string {
  return sha256(genesisDomain, Buffer.from(drill, "utf8"));
}

/** The head after an event with these canonical bytes. `head` is the head before it, in hex. */
export function nextHead(head: string, bytes: Uint8Array): string {
  return sha256(eventDomain, Buffer.from(head + sha256(bytes), "hex"));
}

/** An event made ready for storing. Throws `bad-input` when it has no canonical form. */
export function sealEvent(head: string, event: DrillEvent): StoredEvent {
  const bytes = canonicalBytes(event);
  return { event, bytes, head: nextHead(head, bytes) };
}
