import type { Token } from "markdown-it";
import { cardText, neutral } from "../card-text.ts";

const droppedTags = new Set(
  "a abbr b big blockquote center code dd del details div dl dt em figure figcaption font h1 h2 h3 h4 h5 h6 i img ins kbd li mark ol p picture pre q s samp section small source span strong sub summary sup table tbody td th thead tr tt u ul var video wbr".split(" "),
);

/** The inline content of one block as card Markdown on a single line, except where the author broke the line. */
export function inlineText(inline: Token | undefined): string {
  const out = new Line();
  render(inline?.children ?? [], out);
  return out.text().replace(/ {2,}/g, " ").trim();
}

/** The same as words alone, for titles and table of contents: no Markdown, nothing that a card would interpret. */
export function inlineWords(inline: Token | undefined): string {
  return neutral(words(inline?.children ?? [])).replace(/\s+/g, " ").trim();
}

function words(tokens: readonly Token[]): string {
  return tokens
    .map((t) => {
      if (t.type === "image") return words(t.children ?? []);
      if (t.type === "softbreak" || t.type === "hardbreak") return " ";
      if (t.type === "html_inline") return shownTag(t.content);
      return t.content;
    })
    .join("");
}

/** Gathers text runs, so that escaping sees what stands on both sides of a character, across token borders. */
class Line {
  readonly #done: string[] = [];
  #run: string[] = [];

  addText(text: string): void {
    this.#run.push(text);
  }

  addMarkup(markup: string): void {
    // A backslash would take the markup's meaning away, and an exclamation mark turn a link into a picture.
    const run = this.#takeRun().replace(/(?<!\\)((?:\\\\)*)\\$/, "$1\\\\");
    this.#done.push(markup.startsWith("[") ? run.replace(/!$/, "\\!") : run, markup);
  }

  text(): string {
    this.#done.push(this.#takeRun());
    return this.#done.join("");
  }

  #takeRun(): string {
    const run = this.#run.join("");
    this.#run = [];
    return cardText(run, this.#done.at(-1)?.endsWith("\n") ?? true);
  }
}

function render(tokens: readonly Token[], out: Line): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    switch (token.type) {
      case "link_open": {
        const end = closingOf(tokens, i);
        renderLink(String(token.attrGet("href") ?? ""), tokens.slice(i + 1, end), out);
        i = end;
        break;
      }
      case "image":
        renderImage(token, out);
        break;
      case "strong_open":
      case "strong_close":
        out.addMarkup("**");
        break;
      case "em_open":
      case "em_close":
        out.addMarkup("*");
        break;
      case "s_open":
      case "s_close":
        out.addMarkup("~~");
        break;
      case "softbreak":
        out.addText(" ");
        break;
      case "hardbreak":
        out.addMarkup("\n\n");
        break;
      case "code_inline":
        // A card has no inline code; quotation marks keep it apart from the sentence.
        out.addText(`“${token.content}”`);
        break;
      case "html_inline":
        if (/^<br\b/i.test(token.content)) out.addMarkup("\n\n");
        else out.addText(shownTag(token.content));
        break;
      default:
        out.addText(token.content);
    }
  }
}

function closingOf(tokens: readonly Token[], open: number): number {
  const level = tokens[open]?.level ?? 0;
  for (let i = open + 1; i < tokens.length; i++) {
    if (tokens[i]?.type === "link_close" && tokens[i]?.level === level) return i;
  }
  return tokens.length;
}

function renderLink(href: string, label: readonly Token[], out: Line): void {
  const safe = safeLink(href);
  if (safe === null) {
    render(label, out);
    const shown = shownAddress(href);
    if (shown !== "" && shown !== words(label)) out.addText(` (${shown})`);
    return;
  }
  out.addMarkup(link(words(label).trim() || safe, safe));
}

function renderImage(image: Token, out: Line): void {
  const source = String(image.attrGet("src") ?? "");
  const label = `Image: ${words(image.children ?? []).trim() || "no description"}`;
  const safe = safeLink(source);
  if (safe !== null && !safe.startsWith("mailto:")) {
    out.addMarkup(link(label, safe));
    return;
  }
  const shown = shownAddress(source);
  out.addText(shown === "" ? label : `${label} (${shown})`);
}

/** The label as words alone: a picture or a bracket inside it must not end the link early. */
function link(label: string, address: string): string {
  const text = cardText(label.replace(/\s+/g, " "), false).replace(/(?<!\\)[[\]]/g, "\\$&").replace(/\\$/, "\\\\");
  return `[${text}](${address})`;
}

/** The address when a card may link to it, with everything encoded that could end the link early; null otherwise. */
function safeLink(href: string): string | null {
  if (!/^(https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href) || href.length > 2_000) return null;
  const url = new URL(href);
  // An address with credentials is shown as text, and brackets of an IPv6 host cannot be encoded away.
  if (url.username !== "" || url.password !== "" || url.host.startsWith("[")) return null;
  return url.href.replace(/[\s<>()[\]\\*`|{}"]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** A relative address or a file share is worth showing; a script or embedded data is not. */
function shownAddress(href: string): string {
  if (/^\s*(javascript|vbscript|data):/i.test(href) || href.startsWith("#")) return "";
  try {
    return decodeURI(href).slice(0, 300);
  } catch {
    return href.slice(0, 300);
  }
}

/** Tags that only shape the page vanish; `<server-name>` is most likely a gap to fill in, so people see it. */
function shownTag(tag: string): string {
  if (tag.startsWith("<!") || tag.startsWith("<?")) return "";
  const name = /^<\/?([a-z][a-z0-9-]*)/i.exec(tag)?.[1]?.toLowerCase() ?? "";
  if (droppedTags.has(name) || name === "script" || name === "style" || name === "br") return "";
  return tag;
}
