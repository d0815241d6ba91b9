import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { CardJson, Outgoing } from "./message.ts";
import { deliveryTexts } from "../texts/notices.ts";

/**
 * Teams counts a message, card and text together, as UTF-16 and advises 80 KB at most; phones are happier with less. In
 * UTF-16 units, of two bytes each: 30,000 are 60 KB.
 */
export const mostUnits = 30_000;
const mostCardUnits = 25_000;
const mostSummaryUnits = 4_000;
const mostActions = 6;

/** A message within the limits of Teams: whatever is too long is shortened and says so; nothing fails for its size. */
export function fitted(message: Outgoing): Outgoing {
  if (message.card === null) return { text: cut(message.text, mostUnits - 2_000), card: null };
  return { text: cut(message.text, mostSummaryUnits), card: fittedCard(message.card) };
}

/** A long text in as many messages as it needs; a card stays one. */
export function paged(message: Outgoing): readonly Outgoing[] {
  const page = 12_000;
  if (message.card !== null || message.text.length <= page) return [message];
  const pages: Outgoing[] = [];
  let rest = message.text;
  while (rest.length > 0) {
    const line = rest.length <= page ? rest.length : rest.lastIndexOf("\n", page) + 1;
    const end = line > 0 ? line : wholeCharacters(rest, page);
    pages.push({ text: rest.slice(0, end), card: null });
    rest = rest.slice(end);
  }
  return pages;
}

function fittedCard(card: CardJson): CardJson {
  const actions = listOf(card["actions"]);
  const body = listOf(card["body"]);
  const few = actions.length <= mostActions ? card : { ...card, actions: actions.slice(0, mostActions) };
  if (size(few) <= mostCardUnits && few === card) return card;
  const kept = shortened(body, mostCardUnits - size({ ...few, body: [] }) - 1_000);
  const whole = kept.left === 0;
  // Nobody may approve by a press what the card in front of them no longer shows.
  const shown = listOf(few["actions"]).filter((action) => whole || !isRecord(action) || action["verb"] !== "approve");
  const note = whole
    ? deliveryTexts.moreActions
    : deliveryTexts.tooLong;
  return { ...few, body: [...kept.parts, { type: "TextBlock", text: note, wrap: true, weight: "Bolder" }], actions: shown };
}

/** Keeps parts from the top for as long as there is room; what people fill in is always kept. */
function shortened(parts: readonly Json[], room: number): { readonly parts: readonly Json[]; readonly left: number } {
  const inputs = parts.filter(isInput);
  let free = room - size(inputs);
  let left = 0;
  const kept = parts.flatMap((part): readonly Json[] => {
    if (isInput(part)) return [part];
    const units = size(part) + 1;
    if (units <= free) {
      free -= units;
      return [part];
    }
    left += 1;
    const piece = free > 500 ? shortenedPart(part, free) : null;
    free = piece === null ? free : free - size(piece) - 1;
    return piece === null ? [] : [piece];
  });
  return { parts: kept, left };
}

function shortenedPart(part: Json, room: number): Json | null {
  if (!isRecord(part)) return null;
  if (typeof part["text"] === "string") {
    const spare = room - size({ ...part, text: "" });
    return spare > 100 ? { ...part, text: cut(part["text"], Math.floor(spare / 2)) } : null;
  }
  for (const key of ["items", "rows", "facts", "columns"]) {
    const list = part[key];
    if (!Array.isArray(list)) continue;
    const kept = shortened(list as readonly Json[], room - size({ ...part, [key]: [] }));
    return kept.parts.length === 0 ? null : { ...part, [key]: kept.parts };
  }
  return null;
}

function isInput(part: Json): boolean {
  return isRecord(part) && typeof part["type"] === "string" && part["type"].startsWith("Input.");
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function size(value: Json): number {
  return JSON.stringify(value).length;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, wholeCharacters(text, most - 1))}…`;
}

/** Half a character is refused as JSON by some and shown as a box by others. */
function wholeCharacters(text: string, most: number): number {
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
}
