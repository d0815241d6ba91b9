import type { Token } from "markdown-it";
import { inlineText } from "./inline.ts";
import { inside, outermostBlocks } from "./markdown.ts";

const box = /^\[[ xX]\](?:\s+|$)/;

/** Whether a block is a list in which at least one item, at any depth, begins with `[ ]`. */
export function isChecklist(block: readonly Token[]): boolean {
  const list = block[0]?.type === "bullet_list_open" || block[0]?.type === "ordered_list_open";
  return list && block.some((token) => token.type === "inline" && box.test(token.content));
}

/**
 * The items of a checklist in reading order, nested ones after their parent; a box ticked in the file counts as open,
 * because every drill begins anew. An item without a box lends its text to the boxes below it ("Web tier: web-01").
 * `rest` is what the list holds besides, to be shown as prose.
 */
export function checklistItems(block: readonly Token[]): { items: readonly string[]; rest: readonly Token[] } {
  const items: string[] = [];
  const rest: Token[] = [];
  for (const item of outermostBlocks(inside(block))) {
    const [first, ...others] = outermostBlocks(inside(item));
    const inline = first?.[0]?.type === "paragraph_open" ? first[1] : undefined;
    const boxed = inline !== undefined && box.test(inline.content);
    if (!boxed && !others.some(isChecklist)) {
      rest.push(...asList(block, item));
      continue;
    }
    const shown = inlineText(inline).replace(/^\[[ xX]\]\s*/, "");
    if (boxed) items.push(shown || "(no text)");
    for (const part of others) {
      const nested = isChecklist(part) ? checklistItems(part) : { items: [], rest: part };
      items.push(...nested.items.map((text) => (boxed || shown === "" ? text : `${shown}: ${text}`)));
      rest.push(...nested.rest);
    }
  }
  return { items, rest };
}

function asList(block: readonly Token[], item: readonly Token[]): readonly Token[] {
  const opening = block[0];
  const closing = block.at(-1);
  return opening !== undefined && closing !== undefined ? [opening, ...item, closing] : item;
}
