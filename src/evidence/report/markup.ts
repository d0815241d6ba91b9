/** HTML that is safe to put into a page. Only `html` makes any. */
export type Html = { readonly html: string };

export type Part = Html | string | number | null | false | readonly Part[];

/** A template whose every value is escaped, for text and for quoted attributes alike. Lists are joined, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((text, i) => (i === 0 ? text : `${written(parts[i - 1] ?? null)}${text}`)).join("") };
}

/** Text of our own that holds no value from outside, such as the style sheet. */
export function trusted(text: string): Html {
  return { html: text };
}

function written(part: Part): string {
  if (part === null || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(visible(String(part)));
  return isList(part) ? part.map(written).join("") : part.html;
}

function isList(part: Part): part is readonly Part[] {
  return Array.isArray(part);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Characters that hide or turn round what stands beside them would let evidence show other words than it holds. */
export function visible(text: string): string {
  return text.replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Cs}/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `[U+${point.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
