import type { Token } from "markdown-it";
import { cardText } from "../card-text.ts";
import { hiddenCharacters } from "../hidden-characters.ts";
import type { ProseBlock } from "../runbook.ts";
import { inlineText } from "./inline.ts";
import { inside, outermostBlocks } from "./markdown.ts";

/** Authors' blocks as what a card can show: text in its small Markdown, code to copy, tables. Nothing else survives. */
export function proseOf(tokens: readonly Token[]): readonly ProseBlock[] {
  return outermostBlocks(tokens).flatMap(blockProse);
}

function blockProse(block: readonly Token[]): readonly ProseBlock[] {
  const [first] = block;
  switch (first?.type) {
    case "paragraph_open":
      return text(inlineText(block[1]));
    case "heading_open":
      return text(inlineText(block[1]) && `**${inlineText(block[1]).replaceAll("**", "")}**`);
    case "bullet_list_open":
    case "ordered_list_open":
      return listProse(block, 0);
    case "blockquote_open":
      return calloutProse(proseOf(inside(block)));
    case "table_open":
      return [{ kind: "table", rows: tableRows(block) }];
    case "fence":
      return [code(first.info.trim().split(/\s+/)[0] ?? "", first.content)];
    case "code_block":
      return [code("", first.content)];
    case "html_block":
      return htmlProse(first.content);
    default:
      return [];
  }
}

/** One line an item. A card knows no nested lists: deeper items keep their mark and show their depth before the text. */
function listProse(list: readonly Token[], depth: number): readonly ProseBlock[] {
  const ordered = list[0]?.type === "ordered_list_open";
  let number = Number(list[0]?.attrGet("start") ?? 1);
  const blocks: ProseBlock[] = [];
  for (const item of outermostBlocks(inside(list))) {
    const mark = depth > 0 ? `- ${"› ".repeat(depth)}${ordered ? `${number}) ` : ""}` : ordered ? `${number}. ` : "- ";
    number += 1;
    let begun = false;
    for (const part of outermostBlocks(inside(item))) {
      const nested = part[0]?.type === "bullet_list_open" || part[0]?.type === "ordered_list_open";
      const shown = nested ? listProse(part, depth + 1) : blockProse(part);
      for (const block of shown) {
        if (block.kind !== "text" || nested) append(blocks, block);
        else if (begun) append(blocks, { kind: "text", text: `${"› ".repeat(depth + 1)}${oneLine(block.text)}` });
        else append(blocks, { kind: "text", text: `${mark}${oneLine(block.text)}` });
        begun = true;
      }
    }
  }
  return blocks;
}

/** Lines of one list stay one block, so that a card draws them as one list. */
function append(blocks: ProseBlock[], block: ProseBlock): void {
  const last = blocks.at(-1);
  if (last?.kind === "text" && block.kind === "text") blocks[blocks.length - 1] = { kind: "text", text: `${last.text}\n${block.text}` };
  else blocks.push(block);
}

function calloutProse(blocks: readonly ProseBlock[]): readonly ProseBlock[] {
  const [first, ...rest] = blocks;
  if (first?.kind !== "text") return blocks;
  const callout = /^\[!(\w{1,20})\]\s*/.exec(first.text);
  if (callout === null) return blocks;
  const word = (callout[1] ?? "").toLowerCase();
  const label = `**${word.charAt(0).toUpperCase()}${word.slice(1)}:**`;
  return [{ kind: "text", text: `${label} ${first.text.slice(callout[0].length)}`.trim() }, ...rest];
}

function tableRows(block: readonly Token[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const token of block) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "inline") rows.at(-1)?.push(oneLine(inlineText(token)));
  }
  return rows;
}

/** Comments, scripts and styles vanish as on a web page; `<pre>` is code; of anything else the words remain. */
function htmlProse(html: string): readonly ProseBlock[] {
  if (/^\s*<(?:!|\?|script|style)/i.test(html)) return [];
  const words = html
    .replace(/<\/?[a-z!][^<>]*>/gi, " ")
    .replace(/&nbsp;/gi, " ")
    .replace(/&lt;/gi, "<")
    .replace(/&gt;/gi, ">")
    .replace(/&amp;/gi, "&");
  if (/^\s*<pre\b/i.test(html)) return [code("", words.trim())];
  return text(cardText(words.replace(/\s+/g, " ").trim(), true));
}

function text(shown: string): readonly ProseBlock[] {
  return shown === "" ? [] : [{ kind: "text", text: shown }];
}

function code(language: string, content: string): ProseBlock {
  return { kind: "code", language: language.slice(0, 40), text: visible(content.replace(/\n$/, "")) };
}

/** Code is shown to be copied: what a reader cannot see must not get into their clipboard. */
function visible(content: string): string {
  return content.replace(hiddenCharacters, "").replace(/[\u200b\u2060\ufeff]/g, "");
}

function oneLine(shown: string): string {
  return shown.replace(/\s*\n+\s*/g, " ").trim();
}
