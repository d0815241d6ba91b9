import { timesInWords, universal, type Reader } from "../texts/reader.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json, ProseBlock } from "../runbooks/runbook.ts";
import type { ButtonWords } from "../texts/buttons.ts";
import { cardTexts, markWords, type Field } from "../texts/card.ts";

/** An Adaptive Card, or a part of one, as plain data. */
export type CardJson = { readonly [key: string]: Json };

/** What a person sees: the card, and the same in words for notifications, screen readers and old phones. */
export type Shown = { readonly card: CardJson; readonly text: string };

/** The styles of containers that Adaptive Cards know. */
export type Style = "accent" | "good" | "warning" | "attention" | "emphasis" | "default";

/** A closed matter: one line with a mark, so that what still waits stands out in a long chat. */
export function closedCard(parts: { readonly mark: string; readonly style: Style; readonly title: string; readonly subtitle: string; readonly body: readonly CardJson[] }): Shown {
  const header: CardJson = {
    type: "Container",
    style: parts.style,
    bleed: true,
    items: [{ ...text(`${parts.mark} **${parts.title}**`), spacing: "None" }, { ...text(parts.subtitle), size: "Small", isSubtle: true, spacing: "None" }],
  };
  return framed(header, parts.body, [], [], parts.title);
}

/** A button. `command` is what a person can type instead: there is one for every button. */
export type Button = ButtonWords & {
  readonly verb: string;
  readonly data: CardJson;
  readonly primary?: boolean;
  /** What it ends or begins cannot be taken back by another press. */
  readonly grave?: boolean;
  /** Goes back from a form: what the form needs is not asked for. */
  readonly back?: boolean;
};

/** The frame every card has: which kind of event it belongs to first, then the title, then where and when. */
export function card(parts: {
  readonly style: Style;
  readonly kicker: string;
  readonly title: string;
  readonly subtitle: string;
  readonly body: readonly CardJson[];
  readonly buttons?: readonly Button[];
  readonly links?: readonly { readonly title: string; readonly url: string }[];
}): Shown {
  const buttons = parts.buttons ?? [];
  const links = parts.links ?? [];
  const header: CardJson = {
    type: "Container",
    style: parts.style,
    bleed: true,
    items: [
      { ...text(parts.kicker), size: "Small", weight: "Bolder", spacing: "None" },
      { ...text(parts.title), size: "Large", weight: "Bolder", spacing: "None", style: "heading" },
      { ...text(parts.subtitle), size: "Small", isSubtle: true, spacing: "None" },
    ],
  };
  return framed(header, parts.body, buttons, links, parts.title);
}

function framed(
  header: CardJson,
  [first, ...rest]: readonly CardJson[],
  buttons: readonly Button[],
  links: readonly { readonly title: string; readonly url: string }[],
  fallbackText: string,
): Shown {
  const drawn: CardJson = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.5",
    msteams: { width: "Full" },
    // The head has a ground of its own: whatever comes first stands clear of it.
    body: [header, ...(first === undefined ? [] : [{ ...first, spacing: "Medium" }]), ...rest],
    actions: [...buttons.map(execute), ...links.map((l) => ({ type: "Action.OpenUrl", title: l.title, url: l.url }))],
    fallbackText,
  };
  return { card: drawn, text: wordsOf(drawn) };
}

function execute(button: Button): CardJson {
  return {
    type: "Action.Execute",
    title: button.title,
    verb: button.verb,
    data: button.data,
    tooltip: `${cardTexts.typeInstead}${button.command}`,
    ...(button.back === true ? { associatedInputs: "none" } : {}),
    ...(button.primary === true ? { style: "positive" } : button.grave === true ? { style: "destructive" } : {}),
  };
}

/** The same card with a warning under its head, where nobody overlooks it. */
export function warned(shown: CardJson, warning: string): CardJson {
  const [head, ...rest] = listOf(shown["body"]);
  return head === undefined ? shown : { ...shown, body: [head, text(warning, { color: "Attention", weight: "Bolder", spacing: "Medium" }), ...rest] };
}

/** One paragraph. `words` may hold Markdown: what people or servers wrote has to go through `plain` first. */
export function text(words: string, more: CardJson = {}): CardJson {
  return { type: "TextBlock", text: words, wrap: true, ...more };
}

/** A paragraph that is read when there is time for it. Same rule for `words` as with `text`. */
export const small = (words: string, more: CardJson = {}): CardJson => text(words, { size: "Small", isSubtle: true, ...more });

/** Each whole, however long: what is approved stands in them, and a card that grows too large comes in pages. */
export function facts(rows: readonly { readonly label: string; readonly value: string }[]): CardJson {
  return { type: "FactSet", spacing: "Medium", facts: rows.map((r) => ({ title: r.label, value: plain(r.value, Infinity) })) };
}

/** A grey box for what has to be seen at a glance. */
export function box(items: readonly CardJson[], style: Style = "emphasis"): CardJson {
  return { type: "Container", style, spacing: "Medium", items };
}

/** Large figures side by side, each with what it measures. */
export function figures(all: readonly { readonly value: string; readonly label: string }[]): CardJson {
  return {
    type: "ColumnSet",
    spacing: "Medium",
    columns: all.map((f) => ({
      type: "Column",
      width: "stretch",
      items: [text(f.value, { size: "ExtraLarge", weight: "Bolder" }), small(f.label, { spacing: "None" })],
    })),
  };
}

/** How a whole is made up, as a picture; the words beside it have to say the same. Nothing is drawn of a part that is 0. */
export function shareBar(parts: readonly { readonly share: number; readonly style: Style }[]): CardJson {
  const whole = Math.max(1, parts.reduce((sum, { share }) => sum + share, 0));
  // One percent at least, so that a single server of a thousand is seen.
  const drawn = parts.filter(({ share }) => share > 0).map(({ share, style }) => ({ style, width: Math.max(1, Math.round((share / whole) * 100)) }));
  return { type: "ColumnSet", spacing: "Small", columns: drawn.map(({ style, width }) => ({ type: "Column", width, style, minHeight: "6px", items: [], spacing: "None" })) };
}

/** A line with a mark, a title, what is to say of it, and something short at the right. */
export function line(parts: {
  readonly mark: string;
  readonly color: "Good" | "Attention" | "Warning" | "Accent" | "Default";
  readonly title: string;
  readonly detail: string;
  readonly right: string;
  readonly strong: boolean;
}): CardJson {
  return {
    type: "ColumnSet",
    spacing: "Small",
    columns: [
      { type: "Column", width: "20px", items: [text(parts.mark, { color: parts.color })] },
      {
        type: "Column",
        width: "stretch",
        items: [
          text(parts.title, parts.strong ? { weight: "Bolder" } : {}),
          ...(parts.detail === "" ? [] : [small(parts.detail, { spacing: "None" })]),
        ],
      },
      ...(parts.right === "" ? [] : [{ type: "Column", width: "auto", items: [small(parts.right, { horizontalAlignment: "Right" })] }]),
    ],
  };
}

/** Rows under their headings. A cell with a style is a verdict and stands in the middle; the others read like text. */
export function table(head: readonly string[], rows: readonly (readonly { readonly text: string; readonly style?: Style }[])[]): CardJson {
  const cell = (words: string, more: CardJson = {}, style?: Style): CardJson => ({
    type: "TableCell",
    ...(style === undefined ? {} : { style }),
    items: [text(words, { size: "Small", ...more })],
  });
  return {
    type: "Table",
    spacing: "Medium",
    firstRowAsHeaders: true,
    showGridLines: true,
    columns: head.map(() => ({ width: 2 })),
    rows: [
      { type: "TableRow", style: "emphasis", cells: head.map((h) => cell(h, { weight: "Bolder" })) },
      ...rows.map((row) => ({
        type: "TableRow",
        cells: row.map((c, i) => cell(c.text, { ...(i === 0 ? { weight: "Bolder" } : {}), ...(c.style === undefined ? {} : { horizontalAlignment: "Center" }) }, c.style)),
      })),
    ],
  };
}

/** The author's prose. The compiler has made its text safe; code is shown so that it can be copied and is never run. */
export function prose(blocks: readonly ProseBlock[]): readonly CardJson[] {
  return blocks.map((block, i) => {
    if (block.kind === "text") return text(block.text, { spacing: i === 0 ? "Medium" : "Small" });
    if (block.kind === "code") return box([text(plain(block.text, 2_000), { fontType: "Monospace", size: "Small" })]);
    const [head = [], ...rows] = block.rows;
    return table(head, rows.map((row) => row.map((words) => ({ text: words }))));
  });
}

/** A line for the reason or remark that goes with a press. */
export function reasonInput({ label, placeholder }: Field): CardJson {
  return { type: "Input.Text", id: "reason", label, placeholder, isMultiline: false, maxLength: 500, spacing: "Medium" };
}

/** Puts lines before the first thing to fill in: what there is to read comes first. */
export function beforeInputs(body: readonly CardJson[], lines: readonly CardJson[]): readonly CardJson[] {
  const first = body.findIndex((part) => String(part["type"]).startsWith("Input."));
  const at = first === -1 ? body.length : first;
  return [...body.slice(0, at), ...lines, ...body.slice(at)];
}

/** Everything that could turn words into card structure, a link, a mention or a hidden direction. */
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Words that somebody else wrote (people, Azure, parameters), shown as words: cut at `most` characters and escaped. */
export function plain(words: string, most = 500): string {
  const clean = words.replaceAll(hidden, "");
  const cut = clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
  return cut.replaceAll(/[\\`*_[\]()#<>~|!]/g, (c) => `\\${c}`).replaceAll("{{", "{\u200b{");
}

/** What a person fills in, tells or chooses. */
export function isInput(part: Json): boolean {
  return isRecord(part) && String(part["type"]).startsWith("Input.");
}

/** A part's own list, such as a card's body; empty where there is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A card in words, top to bottom, with what to type for each button; times as this reader's clock shows them. */
export function wordsOf(drawn: CardJson, reader: Reader = universal): string {
  return linesOf(drawn, reader).map(unescaped).join("\n");
}

/** The same as a message of its own, where Markdown is read: what people wrote stays what they wrote. */
export function messageOf(drawn: CardJson, reader: Reader): string {
  return linesOf(drawn, reader).join("  \n");
}

function linesOf(drawn: CardJson, reader: Reader): readonly string[] {
  const lines: string[] = [];
  collect(drawn["body"] ?? [], lines);
  const actions = listOf(drawn["actions"]) as readonly CardJson[];
  const typed = actions.filter((a) => a["type"] === "Action.Execute").map((a) => cardTexts.typeFor(String(a["title"]), String(a["tooltip"]).slice(cardTexts.typeInstead.length)));
  // Times first: what a person wrote is still escaped then, and stays as they wrote it.
  return [...lines, ...typed].map((words) => timesInWords(words, reader));
}

function collect(part: Json, lines: string[]): void {
  if (Array.isArray(part)) {
    for (const item of part as readonly Json[]) collect(item, lines);
    return;
  }
  if (part === null || typeof part !== "object") return;
  const element = part as CardJson;
  if (typeof element["text"] === "string") lines.push(markWords[element["text"]] ?? element["text"]);
  if (element["type"] === "FactSet") {
    for (const fact of (element["facts"] ?? []) as readonly CardJson[]) lines.push(`${String(fact["title"])}: ${String(fact["value"])}`);
  }
  if (element["type"] === "TableRow" || element["type"] === "ColumnSet") {
    const inRow: string[] = [];
    collect(element["cells"] ?? element["columns"] ?? [], inRow);
    const said = inRow.filter((w) => w !== "").join(" · ");
    if (said !== "") lines.push(said);
    return;
  }
  if (element["type"] === "Image" && typeof element["altText"] === "string") lines.push(cardTexts.picture(element["altText"]));
  if (isInput(element) && (element["label"] ?? element["title"]) !== undefined) lines.push(inputWords(element));
  for (const key of ["items", "columns", "rows", "cells"]) if (element[key] !== undefined) collect(element[key], lines);
}

/** What is asked, what is filled in, and what can be chosen: whoever types has to know it too. */
export function inputWords({ type, title, label, value, choices }: CardJson): string {
  if (type === "Input.Toggle") return `${value === "true" ? "☑" : "☐"} ${String(title)}`;
  const offered = listOf(choices).flatMap((choice) => (isRecord(choice) ? [{ title: plain(String(choice["title"])), value: choice["value"] }] : []));
  const chosen = offered.find((choice) => choice.value === value)?.title ?? plain(String(value ?? ""));
  return cardTexts.filledIn(String(label), chosen, offered.map((choice) => choice.title).filter((other) => other !== chosen));
}

function unescaped(words: string): string {
  return words.replaceAll(/\\([\\`*_[\]()#<>~|!])/g, "$1").replaceAll("{\u200b{", "{{").replaceAll("**", "");
}
