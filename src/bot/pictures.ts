import { pictureScheme } from "../dialogs/pictures.ts";
import { dataAddress, shownPicture } from "../evidence/picture.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { mostUnits } from "./fit.ts";
import type { CardJson, Outgoing } from "./message.ts";
import { pictureTexts } from "../texts/steps.ts";

/** The bytes of a kept file; null: it is not there any more. */
export type KeptBytes = (sha256: string) => Promise<Uint8Array | null>;

/** Left for the frame that a message stands in. */
const reserveUnits = 2_000;

/**
 * A message with the bytes of its pictures in it: a test server's screen lies at no address that Teams could fetch, and none is
 * made for it. Whatever finds no room, cannot be read or was erased is named instead. Comes after everything was shortened.
 */
export async function withPictures(message: Outgoing, read: KeptBytes): Promise<Outgoing> {
  if (message.card === null) return message;
  const hashes = hashesOf(message.card);
  if (hashes.length === 0) return message;
  const room = mostUnits - reserveUnits - message.text.length - JSON.stringify(message.card).length;
  // Four characters for three bytes, and some for what stands before them.
  const bytesEach = Math.floor(((room / hashes.length - 100) * 3) / 4);
  const addresses = new Map<string, string>();
  for (const hash of hashes) {
    const kept = bytesEach <= 0 ? null : await read(hash);
    const picture = kept && shownPicture(kept, bytesEach);
    if (picture !== null) addresses.set(hash, dataAddress(picture));
  }
  return { ...message, card: filled(message.card, addresses) as CardJson };
}

function hashesOf(part: Json): readonly string[] {
  if (Array.isArray(part)) return (part as readonly Json[]).flatMap(hashesOf);
  if (!isRecord(part)) return [];
  const hash = hashOf(part);
  return hash === null ? Object.values(part).flatMap(hashesOf) : [hash];
}

function hashOf(part: CardJson): string | null {
  const url = part["url"];
  return part["type"] === "Image" && typeof url === "string" && url.startsWith(pictureScheme) ? url.slice(pictureScheme.length) : null;
}

function filled(part: Json, addresses: ReadonlyMap<string, string>): Json {
  if (Array.isArray(part)) return (part as readonly Json[]).map((one) => filled(one, addresses));
  if (!isRecord(part)) return part;
  const hash = hashOf(part);
  if (hash === null) return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, filled(value, addresses)]));
  const url = addresses.get(hash);
  if (url !== undefined) return { ...part, url };
  return { type: "TextBlock", text: pictureTexts.cannotBeShown, wrap: true, isSubtle: true };
}
