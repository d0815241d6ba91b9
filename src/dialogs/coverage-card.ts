import type { CoverageRow, CoverageState } from "../coverage/coverage.ts";
import { card, plain, small, table, text, type Shown } from "./card.ts";
import { dateAndTimeToken } from "../texts/reader.ts";

const words: Readonly<Record<CoverageState, string>> = { current: "exercised", never: "never exercised", failed: "failed last time", changed: "changed since", old: "due again" };
const kinds = { runbook: "Runbooks", plan: "Recovery plans", server: "Servers" } as const;
/** What a reader takes in on a phone; the rest is in the CSV. */
const mostRows = 15;

/** What has been exercised for real and what has not, worst first. */
export function coverageCard(rows: readonly CoverageRow[]): Shown {
  const open = rows.filter((row) => row.state !== "current");
  return card({
    style: open.length === 0 ? "good" : "warning",
    kicker: "Drillbook",
    title: "Coverage",
    subtitle: "what was exercised for real; rehearsals never count",
    body: [
      ...Object.entries(kinds).map(([kind, title]) => text(`**${title}**: ${bar(rows.filter((row) => row.kind === kind))}`, { spacing: "Small" })),
      ...(open.length === 0 ? [text("Everything that is known was exercised, and nothing has changed since.")] : [table(["what", "state", "last", "why"], open.slice(0, mostRows).map(cells))]),
      ...(open.length > mostRows ? [small(`And ${open.length - mostRows} more. The whole list: drillbook coverage --csv`)] : []),
    ],
  });
}

/** A picture that is words too: filled for what is exercised. */
function bar(rows: readonly CoverageRow[]): string {
  if (rows.length === 0) return "none known";
  const done = rows.filter((row) => row.state === "current").length;
  const filled = done === rows.length ? 10 : Math.min(9, Math.floor((done / rows.length) * 10));
  return `${"■".repeat(filled)}${"□".repeat(10 - filled)} ${done} of ${rows.length} exercised`;
}

function cells(row: CoverageRow) {
  return [
    { text: plain(row.within === "" ? row.name : `${row.name} (${row.within})`) },
    { text: words[row.state] },
    { text: row.lastAt === "" ? "never" : `${row.lastDrill}, ${dateAndTimeToken(row.lastAt)}` },
    { text: plain(row.why) },
  ];
}
