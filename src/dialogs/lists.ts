import { commandLines } from "../texts/commands.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { card, plain, small, table, text, type Shown } from "./card.ts";
import { buttons } from "../texts/buttons.ts";
import { cardTexts } from "../texts/card.ts";
import { drillListTexts, helpTexts, runbookListTexts } from "../texts/lists.ts";

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

export function runbooksCard(lines: readonly RunbookLine[]): Shown {
  const good = lines.filter((l) => l.problem === null && !l.incident);
  const incidents = lines.filter((l) => l.problem === null && l.incident);
  return card({
    style: "accent",
    kicker: cardTexts.product,
    title: runbookListTexts.title,
    subtitle: runbookListTexts.canBeStarted(good.length + lines.filter((l) => l.stale === true && !l.incident).length),
    body: [
      ...(lines.length === 0 ? [text(runbookListTexts.none)] : []),
      ...good.map((l) => text(runbookListTexts.start(plain(l.title), l.id), { spacing: "Medium" })),
      ...(incidents.length === 0 ? [] : [text(runbookListTexts.forIncidents, { color: "Attention", spacing: "Large" })]),
      ...incidents.map((l) => text(runbookListTexts.incident(plain(l.title), l.id), { spacing: "Small" })),
      ...lines.filter((l) => l.problem !== null).map((l) => text(runbookListTexts.doesNotCompile(plain(l.title), plain(l.problem ?? "")), { color: "Attention", spacing: "Medium" })),
    ],
    buttons: good.slice(0, 5).map((l) => ({ ...buttons.start(l.id, l.title), verb: "form", data: { runbook: l.id } })),
  });
}

export type DrillLine = { readonly id: string; readonly title: string; readonly mode: string; readonly startedAt: string; readonly state: string };

export function drillsCard(lines: readonly DrillLine[]): Shown {
  return card({
    style: "accent",
    kicker: cardTexts.product,
    title: drillListTexts.title,
    subtitle: lines.length === 0 ? drillListTexts.none : drillListTexts.newest(lines.length),
    body:
      lines.length === 0
        ? [text(drillListTexts.noDrill)]
        : [table(drillListTexts.columns, lines.map((l) => [{ text: l.id }, { text: plain(l.title) }, { text: dateAndTimeToken(l.startedAt) }, { text: plain(l.state) }]))],
  });
}
