import type { Token } from "markdown-it";
import { nearest } from "../nearest.ts";
import { errorAt, quoted, warningAt } from "./diagnostic.ts";
import type { Fault, Range } from "./diagnostic.ts";
import { placeInLines } from "./front-matter.ts";
import type { Source } from "./source.ts";
import { parseYaml } from "./yaml.ts";
import type { Yaml } from "./yaml.ts";

export const blockKinds = ["manual", "checklist", "check", "action", "approval", "ask", "decide", "wait", "announce", "include"] as const;
export type BlockKind = (typeof blockKinds)[number];

export type Word = { readonly text: string; readonly range: Range };

/** A fenced block that makes a step do something: ` ```check http ` has the kind `check` and the words `http`. */
export type Block = {
  readonly kind: BlockKind;
  readonly words: readonly Word[];
  /** The info string: where to point when something is missing from the body. */
  readonly info: Range;
  /** null: the body is no YAML mapping, and a fault says why. */
  readonly body: Yaml | null;
};

/** What a fenced block is: one that runs, or one that is only shown. */
export function readBlock(fence: Token, source: Source): { block: Block | null; faults: readonly Fault[] } {
  const [first, ...words] = infoWords(fence, source);
  if (first === undefined) return { block: null, faults: [] };
  const kind = blockKinds.find((k) => k === first.text);
  if (kind === undefined) return { block: null, faults: misspelt(first, words) };

  const info: Range = { from: first.range.from, to: (words.at(-1) ?? first).range.to };
  const faults: Fault[] = [];
  if (!isClosed(fence, source)) {
    faults.push(errorAt("unclosed-block", info, "This block is not closed, so it swallows everything below it.", `Put a line with ${fence.markup.slice(0, 3)} after its last key.`));
    return { block: { kind, words, info, body: null }, faults };
  }
  const text = fence.content;
  const firstLine = (fence.map?.[0] ?? 0) + 1;
  const place = placeInLines(text, (i) => {
    const written = source.lines[firstLine + i] ?? "";
    const content = text.split("\n")[i] ?? "";
    return { line: firstLine + i + 1, shift: Math.max(0, written.length - content.length) };
  });
  const { yaml, faults: yamlFaults } = parseYaml(text, place, info);
  faults.push(...yamlFaults);
  if (yaml !== null && (Array.isArray(yaml.value) || (typeof yaml.value !== "object" && yaml.value !== null))) {
    faults.push(errorAt("bad-value", yaml.whole, "The block is not a list of `key: value` lines.", "Write one `key: value` a line, with a space after the colon."));
    return { block: { kind, words, info, body: null }, faults };
  }
  return { block: { kind, words, info, body: yaml }, faults };
}

function infoWords(fence: Token, source: Source): readonly Word[] {
  const line = (fence.map?.[0] ?? 0) + 1;
  const written = source.lines[line - 1] ?? "";
  const begin = written.indexOf(fence.markup) + fence.markup.length;
  return [...written.slice(begin).matchAll(/\S+/g)].map((found) => {
    const column = begin + found.index + 1;
    return { text: found[0], range: { from: { line, column }, to: { line, column: column + found[0].length } } };
  });
}

function isClosed(fence: Token, source: Source): boolean {
  const last = source.lines[(fence.map?.[1] ?? 1) - 1] ?? "";
  const mark = fence.markup.charAt(0);
  const stripped = last.trim();
  return (
    (fence.map?.[1] ?? 0) - (fence.map?.[0] ?? 0) >= 2 &&
    stripped.length >= fence.markup.length &&
    stripped === mark.repeat(stripped.length)
  );
}

function misspelt(first: Word, words: readonly Word[]): readonly Fault[] {
  // A language of three letters is one letter away from half of the short words there are.
  const near = words.length <= 1 && first.text.length > 3 ? nearest(first.text, blockKinds) : null;
  if (near === null || near === first.text) return [];
  return [warningAt("unknown-kind", first.range, `${quoted(first.text)} is shown as code and runs nothing.`, `Did you mean \`${near}\`?`)];
}
