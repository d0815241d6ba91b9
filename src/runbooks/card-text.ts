import { hiddenCharacters } from "./hidden-characters.ts";

/**
 * Plain text as card Markdown that shows exactly this text. Escapes only what would otherwise become formatting, a link or
 * a list, because phones show needless backslashes. `lineStart`: whether the text begins a line.
 */
export function cardText(plain: string, lineStart: boolean): string {
  const text = neutral(plain)
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
    .replace(/[*`]|~(?=~)|(?<=~)~/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\](?=[([:])/g, "\\]")
    .replace(/<(?=[a-z][a-z0-9+.-]*:|[^\s<>]*@)/gi, "\\<")
    .replace(/&(?=#?[a-z0-9]+;)/gi, "\\&");
  return lineStart ? guardLineStart(text) : text;
}

/**
 * Text in which nothing is left that Teams interprets apart from Markdown: mentions, date functions, and characters that
 * are invisible or turn the reading direction. For titles and other places that show plain text.
 */
export function neutral(text: string): string {
  return text
    .replace(hiddenCharacters, "")
    .replace(/<(\/?at\b[^<>]{0,200})>/gi, "‹$1›")
    .replace(/<(?=\/?at\b)/gi, "‹")
    .replace(/\{\{(?=\s{0,9}(?:date|time)\b)/gi, "{ {");
}

function guardLineStart(text: string): string {
  return text
    .replace(/^(\s*)(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|-(?=[\s-]*$))/, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}
