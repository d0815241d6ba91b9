import { errorAt, restOfLine } from "./diagnostic.ts";
import type { Fault, Position } from "./diagnostic.ts";
import type { Source } from "./source.ts";
import { parseYaml } from "./yaml.ts";
import type { Yaml } from "./yaml.ts";

export type FrontMatterPart = {
  /** null: there is none, or it could not be read. */
  readonly yaml: Yaml | null;
  /** The Markdown behind it, with as many empty lines before it, so that line numbers stay true. */
  readonly markdown: string;
  readonly faults: readonly Fault[];
};

const keyLine = /^[A-Za-z_][\w-]*\s*:(\s|$)/;

/** Splits off the YAML between two `---` lines at the very top. A rule drawn there by an author stays Markdown. */
export function splitFrontMatter(source: Source): FrontMatterPart {
  const none = { yaml: null, markdown: source.text, faults: [] };
  if (source.lines[0]?.trimEnd() !== "---") return none;
  const end = source.lines.findIndex((line, i) => i > 0 && line.trimEnd() === "---");
  const looksMeant = source.lines.slice(1, end < 0 ? 2 : end).some((line) => keyLine.test(line));
  if (end < 0) {
    if (!looksMeant) return none;
    const fault = errorAt("front-matter", restOfLine(1, 1, "---"), "The front matter is not closed.", "Put a line `---` after the last key.");
    return { yaml: null, markdown: "", faults: [fault] };
  }

  const text = source.lines.slice(1, end).join("\n");
  const { yaml, faults } = parseYaml(text, placeInLines(text, (line) => ({ line: line + 2, shift: 0 })), restOfLine(1, 1, "---"));
  const isMap = yaml !== null && yaml.value !== null && typeof yaml.value === "object" && !Array.isArray(yaml.value);
  if (!looksMeant && !isMap && text.trim() !== "") return none;

  const markdown = "\n".repeat(end + 1) + source.lines.slice(end + 1).join("\n");
  if (yaml !== null && !isMap && yaml.value !== null) {
    const fault = errorAt("front-matter", yaml.whole, "The front matter is not a list of `key: value` lines.", "Write one `key: value` a line, with a space after the colon.");
    return { yaml: null, markdown, faults: [fault] };
  }
  return { yaml: isMap ? yaml : null, markdown, faults };
}

/** Turns offsets into `text` into positions in the file, given where each of its lines (from 0) stands there. */
export function placeInLines(
  text: string,
  lineOf: (line: number) => { readonly line: number; readonly shift: number },
): (offset: number) => Position {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    const line = next < 0 ? starts.length - 1 : next - 1;
    const { line: shown, shift } = lineOf(line);
    return { line: shown, column: offset - (starts[line] ?? 0) + shift + 1 };
  };
}
