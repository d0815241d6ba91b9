import type { Observation } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { box, plain, prose, reasonInput, small, table, text, type CardJson, type Style } from "./card.ts";
import { pictures } from "./pictures.ts";
import { continueButton, giveUpButton, retryButton, type StepDialog } from "./step-dialog.ts";
import { clockTime } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks, checkTexts as t } from "../texts/steps.ts";

/** What was observed, why it differs from what was expected, and what to try. */
export const checkDialog: StepDialog = (state, step) => {
  if (step.status === "open") return { style: "accent", asks: asks.looking, body: [...prose(step.step.prose), small(t.asking)], buttons: [] };
  const observation = step.observation;
  const screens = pictures(state, step);
  const title = observation?.verdict === "not-proved" ? asks.notProved : asks.checkFailed;
  return {
    style: observation?.verdict === "passed" ? "good" : "attention",
    asks: observation?.verdict === "passed" ? asks.checkPassed : title,
    body: [
      text(plain(observation?.summary ?? step.blocked?.message ?? ""), { weight: "Bolder" }),
      // The same answer once more looks like no answer: nobody shall wonder whether the press counted.
      ...(step.round > 1 && step.since !== null ? [small(t.askedAgain(step.round, clockTime(step.since)), { spacing: "None" })] : []),
      ...(observation === null ? [] : seen(observation)),
      ...screens,
      reasonInput(step.step.guard ? reasons.toEnd : screens.length === 0 ? reasons.toGoOnOrEndCheck : reasons.judgedScreens),
    ],
    buttons: [retryButton(state, step, buttons.checkAgain), ...(step.step.guard ? [] : [continueButton(state, step)]), giveUpButton(state)],
  };
};

/** What was seen, and why it differs from what one would think: also when the check passed. */
export function seen(observation: Observation): readonly CardJson[] {
  const why = observation.verdict === "passed" ? t.worthKnowing : t.why;
  return [
    ...grid(observation.result),
    ...(observation.diagnosis.length === 0
      ? []
      : [box([text(why, { weight: "Bolder" }), ...observation.diagnosis.slice(0, 6).map((d) => text(plain(d, 900), { spacing: "Small" }))])]),
  ];
}

/** Rows of a check's result, when it has some: nodes against profiles, or servers with their figures. */
function grid(result: Json): readonly CardJson[] {
  if (!isRecord(result)) return [];
  if (Array.isArray(result["rows"])) return [nodeGrid((result["rows"] as readonly Json[]).filter(isRecord))];
  if (Array.isArray(result["servers"])) return [serverTable((result["servers"] as readonly Json[]).filter(isRecord))];
  return [];
}

type Row = { readonly [key: string]: Json };

/**
 * One line a target and host name, one column a way of asking: so that two opinions of one node stand side by side. A row
 * without a host name was asked without one, and so belongs to every name of its target.
 */
function nodeGrid(rows: readonly Row[]): CardJson {
  const columns = [...new Set(rows.map(columnOf))];
  const hosts = [...new Set(rows.map((r) => said(r["host"])).filter((h) => h !== ""))];
  const nodes = [...new Set(rows.map((r) => said(r["target"])))].flatMap((target) => (hosts.length === 0 ? [""] : hosts).map((host) => ({ target, host })));
  return table(
    [t.node, ...columns.map((c) => plain(c))],
    nodes.map(({ target, host }) => [
      { text: plain(hosts.length > 1 ? `${target} · ${host}` : target) },
      ...columns.map((column) => verdictCell(rows.find((r) => said(r["target"]) === target && columnOf(r) === column && [host, ""].includes(said(r["host"]))))),
    ]),
  );
}

function columnOf(row: Row): string {
  return said(row["label"]) || said(row["profile"]);
}

function verdictCell(row: Row | undefined): { text: string; style?: Style } {
  if (row === undefined) return { text: "–" };
  const verdict = said(row["verdict"]);
  const status = said(row["status"]) || said(row["outcome"]);
  // Up for whoever asks so, and yet not what the runbook expects: never drawn as a plain "up".
  if (verdict === "up" && said(row["unmet"]) !== "") return { text: t.notAsExpected(plain(status)), style: "attention" };
  return { text: `${verdict === "up" ? t.up : `**${plain(verdict)}**`}${status === "" ? "" : ` · ${plain(status)}`}`, style: verdict === "up" ? "good" : "attention" };
}

function serverTable(rows: readonly Row[]): CardJson {
  const keys = [...new Set(rows.flatMap((r) => Object.keys(r)))].filter((k) => k !== "id" && rows.some((r) => said(r[k]) !== "")).slice(0, 5);
  return table(keys.map((k) => plain(k)), rows.map((r) => keys.map((k) => ({ text: plain(said(r[k])) }))));
}

function said(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
