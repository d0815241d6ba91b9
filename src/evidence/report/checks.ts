import type { Verdict } from "../../drills/events.ts";
import { sayDuration } from "../../runbooks/duration-text.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { replicationRows, type ReplicationRow } from "../transcript/replication-rows.ts";
import type { CheckRecord } from "../transcript/records.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { exchangeRows } from "./exchange-rows.ts";
import { exchangeGrid, exchanges } from "./exchanges.ts";
import { grounds } from "./grounds.ts";
import { html, type Html, type Part } from "./markup.ts";
import { chip, folded, instant, list, section, table, type EventAt, type Tone } from "./pieces.ts";

const tones: Readonly<Record<Verdict, Tone>> = { passed: "good", failed: "bad", "not-proved": "warn" };

/** Every look of every check, with the figures and bytes it rests on. */
export function checksSection(t: Transcript, eventAt: EventAt): Html {
  const body = t.checks.length === 0 ? html`<p class="dim">Nothing was checked.</p>` : html`${t.checks.map((c) => checkCard(c, t, eventAt))}`;
  return section("checks", "Checks", body);
}

function checkCard(c: CheckRecord, t: Transcript, eventAt: EventAt): Html {
  return html`<div class="card"><h3>${c.title}${c.round > 1 && !c.again && ` (attempt ${c.round})`}${c.again && " (guard, looked at again before the action)"} ${chip(c.verdict.replace("-", " "), tones[c.verdict])}</h3>
<p class="dim small"><code>${c.type}</code> · ${instant(c.at, t.startedAt)} · ${eventAt(c.seq)}</p>
<p>${c.summary}</p>${c.diagnosis.length > 0 && list(c.diagnosis)}
${resultOf(c, t.startedAt)}
${folded("Input", html`<pre>${JSON.stringify(c.input, null, 2)}</pre>`)}
</div>
`;
}

/** Results whose shape is known are drawn; any other is shown as it was recorded. */
function resultOf(c: CheckRecord, startedAt: string): Html {
  const servers = replicationRows(c.result);
  if (servers !== null && servers.length > 0) return html`${replication(servers, startedAt)}${raw(c)}`;
  const rows = exchangeRows(c.result);
  if (rows !== null && rows.length > 0) return html`${exchangeGrid(rows)}${exchanges(rows)}${grounds(c.result)}${raw(c)}`;
  return html`<pre>${JSON.stringify(c.result, null, 2)}</pre>`;
}

function replication(rows: readonly ReplicationRow[], startedAt: string): Html {
  const others = [...new Set(rows.flatMap((row) => Object.keys(row.all)))].filter((key) => !["name", "id", "rpoSeconds"].includes(key));
  const simple = others.filter((key) => rows.every((row) => typeof row.all[key] !== "object" || row.all[key] === null));
  const columns = [{ label: "Server" }, { label: "Behind", kind: "num" as const }, ...simple.map((key) => ({ label: spaced(key) }))];
  return table(
    columns,
    rows.map((row) => [named(row), row.rpoSeconds === null ? "no figure" : sayDuration(row.rpoSeconds * 1000), ...simple.map((key) => cell(row.all[key], startedAt))]),
  );
}

/** The id is longer than the table is wide, and stands in the result as recorded. */
function named({ name, all }: ReplicationRow): Html {
  return html`<span title="${typeof all.id === "string" ? all.id : name}">${name}</span>`;
}

function cell(value: Json | undefined, startedAt: string): Part {
  if (value === undefined || value === null) return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? instant(text, startedAt) : text;
}

function spaced(key: string): string {
  const words = key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/^rpo\b/, "RPO");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function raw(c: CheckRecord): Html {
  return html`<div class="screen-only">${folded("The result as recorded", html`<pre>${JSON.stringify(c.result, null, 2)}</pre>`)}</div>`;
}
