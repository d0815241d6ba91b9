import type { Outgoing } from "./message.ts";
import { wholeCharacters } from "./split.ts";

/**
 * Teams counts a message, card and text together, as UTF-16 and advises 80 KB at most; phones are happier with less. In
 * UTF-16 units, of two bytes each: 30,000 are 60 KB.
 */
export const mostUnits = 30_000;
const mostSummaryUnits = 4_000;

/** A message whose text is within the limits of Teams: beside a card it is a summary. Cards come in pages that fit (`pages.ts`). */
export function fitted(message: Outgoing): Outgoing {
  return { ...message, text: cut(message.text, message.card === null ? mostUnits - 2_000 : mostSummaryUnits) };
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

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, wholeCharacters(text, most - 1))}…`;
}
