import type { DrillEvent } from "../drills/events.ts";
import type { Append, StoredEvent } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { nextHead, sealEvent } from "../evidence/chain.ts";
import { sha256 } from "../evidence/hash.ts";

/** The last event of a drill, and the head of its chain after it. */
export type End = { readonly seq: number; readonly head: string };

/** The events with their canonical bytes, each following from the head before it. Throws `bad-input` for what has none. */
export function sealAll(head: string, events: readonly DrillEvent[]): readonly StoredEvent[] {
  const sealed: StoredEvent[] = [];
  for (const event of events) sealed.push(sealEvent(sealed.at(-1)?.head ?? head, event));
  return sealed;
}

/** Rows of the event table, in order of `seq`, as events that follow from `head`. Throws `evidence-broken`. */
export function followed(drill: string, afterSeq: number, head: string, rows: readonly Record<string, unknown>[]): readonly StoredEvent[] {
  let last: End = { seq: afterSeq, head };
  return rows.map((row) => {
    const stored = follow(row, drill, last.seq + 1, last.head);
    last = { seq: last.seq + 1, head: stored.head };
    return stored;
  });
}

function follow(row: Record<string, unknown>, drill: string, seq: number, head: string): StoredEvent {
  const bytes = toBytes(row["bytes"]);
  const where = `Event ${seq} of drill ${drill}`;
  if (Number(row["seq"]) !== seq) throw broken(`${where} is missing: the next one stored is ${String(row["seq"])}.`);
  if (row["head"] !== nextHead(head, bytes)) throw broken(`${where} does not follow from the event before it: it was changed after it was stored.`);
  const event = JSON.parse(Buffer.from(bytes).toString("utf8")) as DrillEvent;
  if (event.drill !== drill || event.seq !== seq) throw broken(`${where} belongs elsewhere: drill ${event.drill}, event ${event.seq}.`);
  return { event, bytes, head: row["head"] };
}

/** The end of a drill as its summary knows it, and as its last event does: were they allowed to differ, an append would heal a cut history. */
export function requireSameEnd(drill: string, known: End, last: End): void {
  if (known.seq === last.seq && known.head === last.head) return;
  throw broken(`Drill ${drill} should end with event ${known.seq} and head ${known.head}, but ends with event ${last.seq} and head ${last.head}.`);
}

/** The stored bytes under a hash. Throws `evidence-broken` when they are others. */
export function requireBytesOf(hash: string, value: unknown): Uint8Array {
  const bytes = toBytes(value);
  if (sha256(bytes) !== hash) throw broken(`The stored bytes ${hash} are no longer the bytes that hash names.`);
  return bytes;
}

function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw broken("A row holds text where bytes belong.");
}

/** For an append that others have overtaken. Whoever gets it has to decide again on what stands there now. */
export function conflict(append: Append, last: number): DrillbookError {
  return new DrillbookError(
    "conflict",
    `Drill ${append.drill} has moved on: it has ${last} events, the writer knew ${append.expectedSeq}.`,
    "Read the drill again and decide again.",
  );
}

/** For a launch, or an answer that names one more resource, that meets a drill which holds it. */
export function scopeHeld(drill: string, scope: string): DrillbookError {
  return new DrillbookError("conflict", `Drill ${drill} holds ${scope}.`, `Finish or abort ${drill} first: one drill at a time may work on it.`);
}

/** Whether these events end the drill, and so let go of everything it holds. */
export function endsDrill(events: readonly DrillEvent[]): boolean {
  return events.some((event) => event.type === "drill.ended");
}

/** For a number under which nothing was ever stored. */
export function unknownDrill(drill: string): DrillbookError {
  return new DrillbookError("not-found", `There is no drill ${drill}.`, "Look at the list of drills for its number.");
}

/** For a store whose bytes, hashes or order contradict each other. Nothing is mended by itself: that would hide who did it. */
export function broken(message: string): DrillbookError {
  return new DrillbookError(
    "evidence-broken",
    message,
    "Keep the store as it is, compare it with a backup or an exported bundle, and find out who wrote to it.",
  );
}
