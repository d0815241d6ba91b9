import type { CoverageRow, CoverageState } from "../coverage/coverage.ts";
import { card, plain, small, table, text, type Shown } from "./card.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { cardTexts } from "../texts/card.ts";
import { coverageTexts as t } from "../texts/lists.ts";

const words: Readonly<Record<CoverageState, string>> = t.states;
/** What a reader takes in on a phone; the rest is in the CSV. */
const mostRows = 15;

/** What has been exercised for real and what has not, worst first. */
export function coverageCard(rows: readonly CoverageRow[]): Shown {
  const open = rows.filter((row) => row.state !== "current");
  return card({
    style: open.length === 0 ? "good" : "warning",
    kicker: cardTexts.product,
    title: t.title,
    subtitle: t.subtitle,
    body: [
      ...Object.entries(t.kinds).map(([kind, title]) => text(t.kind(title, bar(rows.filter((row) => row.kind === kind))), { spacing: "Small" })),
      ...(open.length === 0 ? [text(t.allExercised)] : [table(t.columns, open.slice(0, mostRows).map(cells))]),
      ...(open.length > mostRows ? [small(t.more(open.length - mostRows))] : []),
    ],
  });
}

/** A picture that is words too: filled for what is exercised. */
function bar(rows: readonly CoverageRow[]): string {
  if (rows.length === 0) return t.noneKnown;
  const done = rows.filter((row) => row.state === "current").length;
  const filled = done === rows.length ? 10 : Math.min(9, Math.floor((done / rows.length) * 10));
  return `${"■".repeat(filled)}${"□".repeat(10 - filled)}${t.share(done, rows.length)}`;
}

function cells(row: CoverageRow) {
  return [
    { text: plain(row.within === "" ? row.name : `${row.name} (${row.within})`) },
    { text: words[row.state] },
    { text: row.lastAt === "" ? t.never : `${row.lastDrill}, ${dateAndTimeToken(row.lastAt)}` },
    { text: plain(row.why) },
  ];
}
