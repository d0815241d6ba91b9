import type { Shown } from "../../dialogs/card.ts";
import type { Answer } from "../message.ts";

/** An answer of one card. */
export function shown(what: Shown): Answer {
  return { messages: [{ text: what.text, card: what.card }] };
}

/** An answer of a few words. */
export function said(text: string): Answer {
  return { messages: [{ text, card: null }] };
}
