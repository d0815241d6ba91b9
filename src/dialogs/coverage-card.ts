import type { CoverageRow, CoverageState } from "../coverage/coverage.ts";
import { card, plain, shareBar, small, table, text, type CardJson, type Shown, type Style } from "./card.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { coverageTexts as t } from "../texts/lists.ts";
import { cardTexts } from "../texts/card.ts";

/** What a reader takes in on a phone, of each kind; the rest is in the CSV. */
const mostRows = 6;

const styles: Readonly<Record<CoverageState, Style>> = { current: "good", changed: "warning", old: "warning", failed: "attention", never: "attention" };
const kinds = ["runbook", "plan", "server"] as const;
const states = Object.keys(styles) as readonly CoverageState[];

/** What has been exercised for real and what has not, worst first. */
export function coverageCard(rows: readonly CoverageRow[]): Shown {
  const open = rows.filter((row) => row.state !== "current").length;
  return card({
    style: rows.length === 0 ? "accent" : open === 0 ? "good" : "warning",
    kicker: cardTexts.product,
    title: t.title,
    subtitle: t.subtitle(open, rows.length),
    body: [
      ...kinds.flatMap((kind) => section(t.kinds[kind], rows.filter((row) => row.kind === kind))),
      small(rows.length === 0 ? t.noneKnown : open === 0 ? t.allExercised : t.wholeList, { spacing: "Medium" }),
    ],
  });
}

/** A picture of how it stands, the same in words, and what needs a test. */
function section(title: string, rows: readonly CoverageRow[]): readonly CardJson[] {
  const counts = states.map((state) => ({ state, count: rows.filter((row) => row.state === state).length })).filter(({ count }) => count > 0);
  const open = rows.filter((row) => row.state !== "current");
  return [
    text(t.kind(title, rows.length), { spacing: "Large", weight: "Bolder" }),
    ...(rows.length === 0 ? [] : [shareBar(counts.map(({ state, count }) => ({ share: count, style: styles[state] }))), small(t.shares(counts), { spacing: "Small" })]),
    ...(open.length === 0 ? [] : [table(t.columns, open.slice(0, mostRows).map(cells))]),
    ...(open.length > mostRows ? [small(t.more(open.length - mostRows))] : []),
  ];
}

function cells(row: CoverageRow) {
  return [
    { text: plain(row.within === "" ? row.name : t.within(row.name, row.within)) },
    { text: t.states[row.state], style: styles[row.state] },
    { text: row.lastAt === "" ? t.never : `${row.lastDrill}, ${dateAndTimeToken(row.lastAt)}` },
    { text: plain(row.why) },
  ];
}
