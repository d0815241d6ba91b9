import { commandLines } from "../texts/commands.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { card, plain, small, table, text, type CardJson, type Shown } from "./card.ts";
import { buttons } from "../texts/buttons.ts";
import { cardTexts } from "../texts/card.ts";
import { drillListTexts, helpTexts, pageTexts, runbookListTexts } from "../texts/lists.ts";

/** What can be typed. `fitting`: the words that fit the moment, beside those that always do; null: everything. */
export function helpCard(nowText: string, fitting: readonly string[] | null = null): Shown {
  const always = ["start", "incident", "note"];
  const lines = commandLines.filter((c) => fitting === null || c.look === true || always.includes(c.verb) || c.words.some((word) => fitting.includes(word)));
  const now = lines.filter((c) => fitting?.some((word) => c.words.includes(word)) === true);
  return card({
    style: "accent",
    kicker: cardTexts.product,
    title: fitting === null ? helpTexts.everything : helpTexts.fitting,
    subtitle: nowText,
    body: [
      table(helpTexts.columns, [...now, ...lines.filter((c) => !now.includes(c))].map((c) => [{ text: plain(c.form) }, { text: c.says }])),
      small(helpTexts.buttons),
    ],
  });
}

export type RunbookLine = { readonly id: string; readonly title: string; readonly mode: string; /** For a real incident: never offered with a button. */ readonly incident: boolean; readonly problem: string | null; /** The file no longer compiles, and its last good version can be started. */ readonly stale?: boolean };

/** Lines of a list on one card: more than a phone shows, and always within what Teams takes. */
const mostLines = 20;

type Page<T> = { readonly lines: readonly T[]; readonly words: readonly CardJson[] };

/** One page of a list, from 1, with what to type for the next; a page that is not there is the nearest one that is. */
function pageOf<T>(all: readonly T[], wanted: number, command: string): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / mostLines));
  const page = Math.min(Math.max(1, wanted), pages);
  const lines = all.slice((page - 1) * mostLines, page * mostLines);
  return { lines, words: pages === 1 ? [] : [small(pageTexts.page(page, pages, `${command} ${page === pages ? 1 : page + 1}`), { spacing: "Medium" })] };
}

/** What is for incidents is on the first page: on that night nobody leafs. What does not compile is on the last. */
function inOrder(line: RunbookLine): number {
  return line.problem !== null ? 2 : line.incident ? 0 : 1;
}

/**
 * One page of the runbooks, with buttons for the first five that can be started. `page` counts from 1; one that is not there is
 * the nearest.
 */
export function runbooksCard(all: readonly RunbookLine[], page = 1): Shown {
  const { lines, words } = pageOf(all.toSorted((a, b) => inOrder(a) - inOrder(b)), page, "runbooks");
  const good = lines.filter((l) => l.problem === null && !l.incident);
  const incidents = lines.filter((l) => l.problem === null && l.incident);
  return card({
    style: "accent",
    kicker: cardTexts.product,
    title: runbookListTexts.title,
    subtitle: runbookListTexts.canBeStarted(all.filter((l) => !l.incident && (l.problem === null || l.stale === true)).length),
    body: [
      ...(lines.length === 0 ? [text(runbookListTexts.none)] : []),
      ...good.map((l) => text(runbookListTexts.start(plain(l.title), l.id), { spacing: "Medium" })),
      ...(incidents.length === 0 ? [] : [text(runbookListTexts.forIncidents, { color: "Attention", spacing: "Large" })]),
      ...incidents.map((l) => text(runbookListTexts.incident(plain(l.title), l.id), { spacing: "Small" })),
      ...lines.filter((l) => l.problem !== null).map((l) => text(runbookListTexts.doesNotCompile(plain(l.title), plain(l.problem ?? "")), { color: "Attention", spacing: "Medium" })),
      ...words,
    ],
    buttons: good.slice(0, 5).map((l) => ({ ...buttons.start(l.id, l.title), verb: "form", data: { runbook: l.id } })),
  });
}

export type DrillLine = { readonly id: string; readonly title: string; readonly mode: string; readonly startedAt: string; readonly state: string };

/** The drills, the newest first as they come. */
export function drillsCard(all: readonly DrillLine[], page = 1): Shown {
  const { lines, words } = pageOf(all, page, "drills");
  return card({
    style: "accent",
    kicker: cardTexts.product,
    title: drillListTexts.title,
    subtitle: all.length === 0 ? drillListTexts.none : drillListTexts.count(all.length),
    body:
      lines.length === 0
        ? [text(drillListTexts.noDrill)]
        : [table(drillListTexts.columns, lines.map((l) => [{ text: l.id }, { text: plain(l.title) }, { text: dateAndTimeToken(l.startedAt) }, { text: plain(l.state) }])), ...words],
  });
}
