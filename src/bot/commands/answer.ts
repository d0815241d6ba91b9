import type { Shown } from "../../dialogs/card.ts";
import type { Answer } from "../message.ts";

/** An answer of one card and its words; it settles nothing, so the same press may ask for it again. */
export function shown(what: Shown): Answer {
  return { messages: [{ text: what.text, card: what.card }] };
}

/** An answer of what is so and what to do, where the one may end with a line of its own. */
export function told({ message, suggestion }: { readonly message: string; readonly suggestion: string }): Answer {
  return said(`${message}${message.endsWith("\n") ? "" : " "}${suggestion}`.trim());
}

/** An answer of a few words. */
export function said(text: string): Answer {
  return { messages: [{ text, card: null }] };
}
