import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, Scalar } from "yaml";
import type { RuleId } from "../rule-ids.ts";
import type { Json } from "../runbook.ts";
import { errorAt } from "./diagnostic.ts";
import type { Fault, Position, Range } from "./diagnostic.ts";
import { maxDepth, refuseBeforeParsing } from "./yaml-limits.ts";
import { inPlainWords } from "./yaml-words.ts";

export type Path = readonly (string | number)[];

/** A string as the author wrote it: `written` is the source text, quotes and all, that begins at `offset`. */
export type WrittenString = { readonly path: Path; readonly text: string; readonly written: string; readonly offset: number };

/** Plain data that still knows where each part was written. */
export type Yaml = {
  readonly value: Json;
  readonly nodes: number;
  readonly strings: readonly WrittenString[];
  readonly whole: Range;
  /** Where the value at `path` is written; of the nearest enclosing value when there is none. */
  valueAt(path: Path): Range;
  /** Where the key that ends `path` is written; same rule. */
  keyAt(path: Path): Range;
  place(offset: number): Position;
};

type Span = readonly [number, number];
type Entry = { readonly key: Span | null; readonly value: Span };

const longestString = 8_192;
const mostFaults = 20;

/**
 * Reads YAML 1.2 (core schema) that came from outside: no anchors, aliases, merge keys, tags, directives or second
 * documents, no duplicate keys. `place` tells where an offset into `text` lies in the runbook, `root` where to point for
 * what is missing from the outermost keys.
 */
export function parseYaml(text: string, place: (offset: number) => Position, root: Range): { yaml: Yaml | null; faults: Fault[] } {
  const rangeOf = ([from, to]: Span): Range => ({ from: place(from), to: place(Math.max(from, to)) });
  const early = refuseBeforeParsing(text);
  if (early !== null) return { yaml: null, faults: [errorAt(early.rule, rangeOf(early.span), early.message, early.suggestion)] };

  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    strict: true,
    prettyErrors: false,
    logLevel: "silent",
  });
  const faults = [...document.errors, ...document.warnings].slice(0, mostFaults).map((e) => {
    const words = inPlainWords(e.code, e.message, lineAround(text, e.pos[0]));
    return errorAt("yaml-syntax", rangeOf(e.pos), words.message, words.suggestion);
  });
  if (faults.length > 0) return { yaml: null, faults };

  const walk = new Walk(text);
  const value = walk.read(document.contents, [], 1, null);
  faults.push(...walk.refused.slice(0, mostFaults).map((r) => errorAt(r.rule, rangeOf(r.span), r.message, r.suggestion)));
  if (faults.length > 0) return { yaml: null, faults };

  const entryAt = (path: Path) => walk.entries.get(JSON.stringify(path));
  const valueAt = (path: Path): Range => {
    if (path.length === 0) return root;
    const entry = entryAt(path);
    if (entry !== undefined) return rangeOf(entry.value);
    return valueAt(path.slice(0, -1));
  };
  const keyAt = (path: Path): Range => {
    const key = entryAt(path)?.key;
    return key ? rangeOf(key) : valueAt(path);
  };
  const whole = rangeOf(entryAt([])?.value ?? [0, 0]);
  return { yaml: { value, nodes: walk.entries.size, strings: walk.strings, whole, valueAt, keyAt, place }, faults };
}

/** One pass over the parsed tree that builds plain data, notes where everything stands, and refuses what we do not take. */
class Walk {
  readonly entries = new Map<string, Entry>();
  readonly strings: WrittenString[] = [];
  readonly refused: { rule: RuleId; span: Span; message: string; suggestion: string }[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(node: Node | null, path: Path, depth: number, key: Span | null): Json {
    const span = node === null ? (key ?? [0, 0]) : this.#spanOf(node);
    this.entries.set(JSON.stringify(path), { key, value: span });
    if (node === null) return null;
    if (depth > maxDepth) return this.#refuse("too-deep", span, `The values are nested deeper than ${maxDepth} levels.`, "Make it flatter.");
    if (isAlias(node) || node.anchor !== undefined) {
      return this.#refuse("yaml-not-allowed", span, "Anchors (`&`) and aliases (`*`) are not part of a runbook.", "Write the value out, or put quotes around it if it is text.");
    }
    if (node.tag !== undefined) {
      return this.#refuse("yaml-not-allowed", span, "Tags (`!`) are not part of a runbook.", "Leave the tag out, or put quotes around the value if it is text.");
    }
    if (isMap(node)) return this.#readMap(node.items, path, depth);
    if (isSeq(node)) return node.items.map((item, i) => this.read(asNode(item), [...path, i], depth + 1, null));
    return isScalar(node) ? this.#readScalar(node, path, span) : null;
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], path: Path, depth: number): Json {
    const map: Record<string, Json> = {};
    for (const pair of items) {
      const key = asNode(pair.key);
      const name = isScalar(key) ? String(key.value) : "";
      const span: Span = key === null ? [0, 0] : this.#spanOf(key);
      if (key !== null && (isAlias(key) || key.anchor !== undefined || key.tag !== undefined || name === "<<")) {
        this.#refuse("yaml-not-allowed", span, "Anchors, aliases, tags and merge keys are not part of a runbook.", "Write the keys out.");
      } else if (name === "" || name.length > 200 || name === "__proto__") {
        this.#refuse("yaml-not-allowed", span, "This cannot be a key.", "Use a short plain word as the key.");
      } else {
        map[name] = this.read(asNode(pair.value), [...path, name], depth + 1, span);
      }
    }
    return map;
  }

  #readScalar(node: Scalar, path: Path, span: Span): Json {
    const { value } = node;
    if (typeof value === "string") {
      if (value.length > longestString) return this.#refuse("too-large", span, "This text is longer than 8,192 characters.", "Shorten it.");
      this.strings.push({ path, text: value, written: this.#text.slice(span[0], span[1]), offset: span[0] });
      return value;
    }
    if (typeof value === "number") {
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        return this.#refuse("bad-value", span, "This number is outside what can be kept exactly.", "Put quotes around it if it is text.");
      }
      return value === 0 ? 0 : value;
    }
    return typeof value === "boolean" ? value : null;
  }

  #spanOf(node: Node): Span {
    const [from, to] = node.range ?? [0, 0];
    // A block's value reaches over the line ends and comments behind it; people see it end with its last character.
    return [from, from + this.#text.slice(from, to).trimEnd().length];
  }

  #refuse(rule: RuleId, span: Span, message: string, suggestion: string): null {
    this.refused.push({ rule, span, message, suggestion });
    return null;
  }
}

function asNode(value: unknown): Node | null {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

function lineAround(text: string, offset: number): string {
  const from = text.lastIndexOf("\n", offset - 1) + 1;
  const to = text.indexOf("\n", offset);
  return text.slice(from, to < 0 ? undefined : to);
}
