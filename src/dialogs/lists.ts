import { commandLines } from "../texts/commands.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { card, plain, small, table, text, type Shown } from "./card.ts";

/** What can be typed. `fitting`: the words that fit the moment, beside those that always do; null: everything. */
export function helpCard(nowText: string, fitting: readonly string[] | null = null): Shown {
  const always = ["start", "incident", "note"];
  const lines = commandLines.filter((c) => fitting === null || c.look === true || always.includes(c.verb) || c.words.some((word) => fitting.includes(word)));
  const now = lines.filter((c) => fitting?.some((word) => c.words.includes(word)) === true);
  return card({
    style: "accent",
    kicker: "Drillbook",
    title: fitting === null ? "Everything that can be typed" : "What you can type",
    subtitle: nowText,
    body: [
      table(["type", "what it does"], [...now, ...lines.filter((c) => !now.includes(c))].map((c) => [{ text: plain(c.form) }, { text: c.says }])),
      small("Every button has a command that does the same, with the same checks."),
    ],
  });
}

export type RunbookLine = { readonly id: string; readonly title: string; readonly mode: string; /** For a real incident: never offered with a button. */ readonly incident: boolean; readonly problem: string | null; /** The file no longer compiles, and its last good version can be started. */ readonly stale?: boolean };

export function runbooksCard(lines: readonly RunbookLine[]): Shown {
  const good = lines.filter((l) => l.problem === null && !l.incident);
  const incidents = lines.filter((l) => l.problem === null && l.incident);
  return card({
    style: "accent",
    kicker: "Drillbook",
    title: "Runbooks",
    subtitle: `${good.length + lines.filter((l) => l.stale === true && !l.incident).length} can be started`,
    body: [
      ...(lines.length === 0 ? [text("There is no runbook in the folder yet.")] : []),
      ...good.map((l) => text(`**${plain(l.title)}**  \nstart ${l.id}`, { spacing: "Medium" })),
      ...(incidents.length === 0 ? [] : [text("**For a real incident**, never for an exercise:", { color: "Attention", spacing: "Large" })]),
      ...incidents.map((l) => text(`**${plain(l.title)}**  \nincident ${l.id}`, { spacing: "Small" })),
      ...lines.filter((l) => l.problem !== null).map((l) => text(`**${plain(l.title)}** does not compile: ${plain(l.problem ?? "")}`, { color: "Attention", spacing: "Medium" })),
    ],
    buttons: good.slice(0, 5).map((l) => ({ title: `Start ${l.title}`, verb: "form", data: { runbook: l.id }, command: `start ${l.id}` })),
  });
}

export type DrillLine = { readonly id: string; readonly title: string; readonly mode: string; readonly startedAt: string; readonly state: string };

export function drillsCard(lines: readonly DrillLine[]): Shown {
  return card({
    style: "accent",
    kicker: "Drillbook",
    title: "Drills",
    subtitle: lines.length === 0 ? "none yet" : `the newest ${lines.length}`,
    body:
      lines.length === 0
        ? [text("No drill has been run yet. Type: runbooks")]
        : [table(["drill", "runbook", "began", "state"], lines.map((l) => [{ text: l.id }, { text: plain(l.title) }, { text: dateAndTimeToken(l.startedAt) }, { text: plain(l.state) }]))],
  });
}
