import type { Token } from "markdown-it";
import { restOfLine } from "./diagnostic.ts";
import type { Range } from "./diagnostic.ts";
import { inlineWords } from "./inline.ts";
import { outermostBlocks } from "./markdown.ts";
import type { Source } from "./source.ts";

export type Heading = { readonly level: number; readonly title: string; readonly line: number; readonly range: Range; readonly isTitle: boolean };

/** What becomes one step: `lead` is text that stood above it under a heading which only groups steps. */
export type Section = {
  readonly heading: Heading;
  readonly phase: string;
  /** Titles of the headings above it, without the runbook's own. */
  readonly path: readonly string[];
  readonly lead: readonly Token[];
  readonly body: readonly Token[];
};

export type Outline = {
  readonly title: string;
  readonly intro: readonly Token[];
  readonly sections: readonly Section[];
  readonly headings: readonly Heading[];
};

type Part = { readonly heading: Heading; readonly body: Token[] };

const deepest = 3;

/**
 * Cuts a text at its headings of levels 1 to 3. A heading with deeper ones below it is a phase, any other a step; the first
 * `#` is the title when no heading stands before it. A text without steps is one step under its own title.
 */
export function outline(tokens: readonly Token[], source: Source): Outline {
  const { intro, parts } = cut(tokens, source);
  const title = parts[0]?.heading.isTitle ? parts[0].heading.title : titleFromFile(source.file);
  const steps = parts.filter((part, i) => !part.heading.isTitle && !groups(parts, i));
  if (steps.length === 0) return withoutSteps(title, intro, parts);

  const introduction = [...intro, ...(parts[0]?.heading.isTitle ? parts[0].body : [])];
  const open: Heading[] = [];
  const sections: Section[] = [];
  let lead: Token[] = [];
  for (const [i, part] of parts.entries()) {
    const { heading } = part;
    if (heading.isTitle) continue;
    while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
    if (groups(parts, i)) {
      open.push(heading);
      lead.push(...part.body);
    } else {
      sections.push({ heading, phase: open.at(-1)?.title ?? title, path: open.map((h) => h.title), lead, body: part.body });
      lead = [];
    }
  }
  return { title, intro: introduction, sections, headings: parts.map((p) => p.heading) };
}

function cut(tokens: readonly Token[], source: Source): { intro: Token[]; parts: Part[] } {
  const intro: Token[] = [];
  const parts: Part[] = [];
  for (const block of outermostBlocks(tokens)) {
    const level = block[0]?.type === "heading_open" ? Number(block[0].tag.slice(1)) : deepest + 1;
    if (level <= deepest) parts.push({ heading: readHeading(block, level, parts.length === 0, source), body: [] });
    else (parts.at(-1)?.body ?? intro).push(...block);
  }
  return { intro, parts };
}

function readHeading(block: readonly Token[], level: number, first: boolean, source: Source): Heading {
  const line = (block[0]?.map?.[0] ?? 0) + 1;
  const written = source.lines[line - 1] ?? "";
  const column = (/^\s*(?:#{1,6}\s*)?/.exec(written)?.[0].length ?? 0) + 1;
  const title = inlineWords(block[1]).slice(0, 200) || "(no title)";
  return { level, title, line, range: restOfLine(line, Math.min(column, written.length + 1), written), isTitle: first && level === 1 };
}

function groups(parts: readonly Part[], i: number): boolean {
  return (parts[i + 1]?.heading.level ?? 0) > (parts[i]?.heading.level ?? 0);
}

function withoutSteps(title: string, intro: readonly Token[], parts: readonly Part[]): Outline {
  const [only] = parts;
  const line = only?.heading.line ?? 1;
  const range: Range = only?.heading.range ?? { from: { line, column: 1 }, to: { line, column: 1 } };
  const heading = only?.heading ?? { level: 1, title, line, range, isTitle: false };
  const body = [...intro, ...(only?.body ?? [])];
  const sections = body.length === 0 ? [] : [{ heading, phase: title, path: [], lead: [], body }];
  return { title, intro: [], sections, headings: only === undefined ? [] : [heading] };
}

/** "payroll-test_failover.md" reads as "payroll test failover". */
function titleFromFile(file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? "";
  return name.replace(/\.(md|markdown)$/i, "").replace(/[-_\s]+/g, " ").trim().slice(0, 200) || "Runbook";
}
