import type { Token } from "markdown-it";
import type { ProseBlock } from "../runbook.ts";
import { blockKinds, readBlock } from "./block.ts";
import type { Block } from "./block.ts";
import { checklistItems, isChecklist } from "./checklist.ts";
import { errorAt, restOfLine, warningAt } from "./diagnostic.ts";
import type { Fault } from "./diagnostic.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { countNodes, outermostBlocks, parseMarkdown } from "./markdown.ts";
import { outline } from "./outline.ts";
import type { Heading, Section } from "./outline.ts";
import { proseOf } from "./prose.ts";
import type { Source } from "./source.ts";
import { maxDepth } from "./yaml-limits.ts";
import type { Yaml } from "./yaml.ts";

const maxNodes = 5_000;

export type StepPart = {
  readonly heading: Heading;
  readonly phase: string;
  readonly path: readonly string[];
  readonly prose: readonly ProseBlock[];
  readonly items: readonly string[];
  readonly block: Block | null;
};

/** A runbook's text cut into its parts; what the parts mean is not judged yet. */
export type RunbookDocument = {
  readonly source: Source;
  readonly front: Yaml | null;
  /** False when a part could not be read, so that what it declares is not known. */
  readonly isComplete: boolean;
  readonly title: string;
  readonly summary: readonly ProseBlock[];
  readonly headings: readonly Heading[];
  readonly steps: readonly StepPart[];
};

/**
 * Reads the text into its parts. With faults that are errors the document is as complete as it can be; beyond the limits
 * it is empty, because everything behind this point is allowed to take time in proportion to what it is given.
 */
export function parseDocument(source: Source): { document: RunbookDocument; faults: readonly Fault[] } {
  const front = splitFrontMatter(source);
  const tokens = parseMarkdown(front.markdown);
  const beyond = beyondLimits(tokens, front.yaml?.nodes ?? 0, source);
  const { title, intro, sections, headings } = outline(beyond.length > 0 ? [] : tokens, source);
  const faults: Fault[] = [...front.faults, ...beyond];

  const steps = sections.map((section) => readStep(section, source, faults));
  const summary = readIntro(intro, source, faults);
  const nodes = steps.reduce((sum, step) => sum + (step.block?.body?.nodes ?? 0), countNodes(tokens) + (front.yaml?.nodes ?? 0));
  if (nodes > maxNodes && beyond.length === 0) faults.push(tooManyNodes(nodes, source));
  const isComplete = front.faults.length === 0 && beyond.length === 0;
  return { document: { source, front: front.yaml, isComplete, title, summary, headings, steps }, faults };
}

function readStep(section: Section, source: Source, faults: Fault[]): StepPart {
  const lead = withoutBlocks(section.lead, source, faults);
  const own = outermostBlocks(section.body);
  const runnable: Block[] = [];
  const items: string[] = [];
  const prose: Token[] = [...lead];
  for (const block of own) {
    const read = block[0]?.type === "fence" ? readBlock(block[0], source) : null;
    faults.push(...(read?.faults ?? []));
    if (read?.block) {
      runnable.push(read.block);
    } else if (isChecklist(block)) {
      const list = checklistItems(block);
      items.push(...list.items);
      prose.push(...list.rest);
    } else {
      prose.push(...block);
    }
    if (block.length > 1) faults.push(...hiddenBlocks(block, source));
  }
  for (const extra of runnable.slice(1)) {
    faults.push(errorAt("second-block", extra.info, "A step has at most one block that does something.", "Give this block a `###` heading of its own."));
  }
  const block = runnable[0] ?? null;
  if (block !== null && block.kind !== "checklist" && items.length > 0) {
    const instead = block.kind === "manual" ? "Write `checklist` instead of `manual`." : "Give the checklist a `###` heading of its own.";
    faults.push(errorAt("second-block", block.info, "A step has either a block or a checklist.", instead));
  }
  return { heading: section.heading, phase: section.phase, path: section.path, prose: proseOf(prose), items, block };
}

function readIntro(intro: readonly Token[], source: Source, faults: Fault[]): readonly ProseBlock[] {
  return proseOf(withoutBlocks(intro, source, faults));
}

/** Text above the steps is shown; a block or a checklist there would look as if it did something, and would not. */
function withoutBlocks(tokens: readonly Token[], source: Source, faults: Fault[]): readonly Token[] {
  return outermostBlocks(tokens).flatMap((block) => {
    const read = block[0]?.type === "fence" ? readBlock(block[0], source) : null;
    faults.push(...(read?.faults ?? []));
    if (read?.block) {
      faults.push(errorAt("block-outside-step", read.block.info, "This block stands above the steps, where nothing runs.", "Put it under a `###` heading of its own."));
      return [];
    }
    if (isChecklist(block)) {
      const line = (block[0]?.map?.[0] ?? 0) + 1;
      faults.push(warningAt("block-outside-step", restOfLine(line, 1, source.lines[line - 1] ?? ""), "This checklist stands above the steps: it is shown as text and its ticks are not recorded.", "Put it under a `###` heading of its own."));
    }
    if (block.length > 1) faults.push(...hiddenBlocks(block, source));
    return block;
  });
}

/** A block inside a list or a quotation would be shown and not run: its author most likely expects otherwise. */
function hiddenBlocks(block: readonly Token[], source: Source): readonly Fault[] {
  const fences = block.filter((t) => t.type === "fence" && blockKinds.some((k) => k === t.info.trim().split(/\s+/)[0]));
  return fences.map((fence) => {
    const line = (fence.map?.[0] ?? 0) + 1;
    const text = source.lines[line - 1] ?? "";
    return errorAt("nested-block", restOfLine(line, text.indexOf(fence.markup) + 1, text), "This block stands inside a list or a quotation, where it would not run.", "Move it to the left margin, outside the list.");
  });
}

function beyondLimits(tokens: readonly Token[], frontNodes: number, source: Source): readonly Fault[] {
  const faults: Fault[] = [];
  const deep = tokens.find((t) => t.level > maxDepth);
  if (deep !== undefined) {
    const line = (deep.map?.[0] ?? 0) + 1;
    const range = restOfLine(line, 1, source.lines[line - 1] ?? "");
    faults.push(errorAt("too-deep", range, `Lists or quotations are nested deeper than ${maxDepth} levels.`, "Make the text flatter."));
  }
  const nodes = countNodes(tokens) + frontNodes;
  return nodes > maxNodes ? [...faults, tooManyNodes(nodes, source)] : faults;
}

function tooManyNodes(nodes: number, source: Source): Fault {
  const range = restOfLine(1, 1, source.lines[0] ?? "");
  return errorAt("too-large", range, `The runbook has ${nodes} parts; 5,000 is the most.`, "Split it into several runbooks.");
}
