import { DrillbookError } from "../../errors.ts";
import { fault, type Fault } from "./fault.ts";
import type { History } from "./history.ts";

/** What a reader was told beside the bundle: the signer's fingerprint, or what the drill's final card says. */
export type Expected = {
  /** SHA-256 of the key's SPKI (hex). */
  readonly fingerprint: string;
  /** From a card; null: only the fingerprint is known. */
  readonly end: { readonly drill: string; readonly event: number; readonly head: string } | null;
};

/** Throws `bad-input` for what is no SHA-256 in hexadecimal. */
export function expectedFingerprint(text: string): Expected {
  const fingerprint = text.replaceAll(/[\s:]/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(fingerprint)) return { fingerprint, end: null };
  throw new DrillbookError("bad-input", "A fingerprint has 64 hexadecimal digits.", "Copy it whole, as the final card or drillbook export gives it.");
}

const groups = "((?:[0-9a-f]{8} ){7}[0-9a-f]{8})";
const onCard = new RegExp(`Evidence of ([A-Za-z0-9][A-Za-z0-9._-]{0,63}) up to event ([1-9][0-9]{0,8}): head ${groups}, key ${groups}(?! ?[0-9a-f]{8})`, "g");

/** Reads text that was copied from a chat, whatever stands around the line of the final card. Throws `bad-input` when it is not there once. */
export function expectedByCard(text: string): Expected {
  // A chat wraps lines, puts in spaces that do not break, and marks of no width.
  const [found, another] = text.replaceAll(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "").replaceAll(/\s+/g, " ").matchAll(onCard);
  if (found === undefined || another !== undefined) {
    throw new DrillbookError("bad-input", another === undefined ? "This is not what a final card says of its evidence." : "This is of more than one card.", "Copy one card's line from \"Evidence of\" to the last digit of the key.");
  }
  const [, drill = "", event = "", head = "", key = ""] = found;
  return { fingerprint: key.replaceAll(" ", ""), end: { drill, event: Number(event), head: head.replaceAll(" ", "") } };
}

/** The first thing that is not as it was told. */
export function unexpected({ fingerprint, end }: Expected, history: History, signer: string): Fault | null {
  const said = end === null ? "the one that you expect" : "the one on the card";
  if (end !== null && end.drill !== history.drill) return fault("drill.json", `is of drill ${history.drill}, the card of ${end.drill}`);
  if (end !== null && history.heads.length < end.event) return fault(`events.jsonl, event ${history.heads.length + 1}`, `is missing: the card has seen ${end.event} events`);
  if (end !== null && history.heads[end.event - 1] !== end.head) return fault(`events.jsonl, event ${end.event}`, "leads to another head than the one on the card");
  return signer === fingerprint ? null : fault("key.pem", `has the fingerprint ${signer}, which is not ${said}`);
}
