import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { maxDepth } from "./yaml-limits.ts";

/**
 * `html` is on so that the parser sees what a Git web page would hide: a commented-out step must not run. Nothing here is
 * ever rendered to HTML; raw tags are dropped or shown as text. Every link is let through to be judged when it is shown.
 */
const markdown = new MarkdownIt("default", { html: true, linkify: false, typographer: false, maxNesting: maxDepth + 8 });
markdown.validateLink = () => true;

/** Block tokens of a Markdown text, each inline token with its children. */
export function parseMarkdown(text: string): readonly Token[] {
  return markdown.parse(text, {});
}

/** Nodes as the limits count them: blocks, list items and table cells. */
export function countNodes(tokens: readonly Token[]): number {
  return tokens.filter((t) => t.nesting >= 0 && t.type !== "inline").length;
}

/** Cuts a flat token list into its outermost blocks: each block is its own tokens, from opening to closing. */
export function outermostBlocks(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const blocks: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) blocks.push([]);
    blocks.at(-1)?.push(token);
    depth += token.nesting;
  }
  return blocks;
}

/** What stands between the opening and the closing token of a block. */
export function inside(block: readonly Token[]): readonly Token[] {
  return block.slice(1, -1);
}
