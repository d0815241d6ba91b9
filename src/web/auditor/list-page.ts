import type { DrillSummary } from "../../drills/ports.ts";
import { html, type Html } from "../../evidence/report/markup.ts";
import { chip, table, type Tone } from "../../evidence/report/pieces.ts";
import type { WebReply } from "../reply.ts";
import { auditorPage, type Reader } from "./shell.ts";

/** What is looked for; an empty text is not asked about. */
export type ListFilter = {
  readonly words: string;
  readonly mode: string;
  readonly result: string;
  /** Days, as a date field gives them: started on or after, on or before. */
  readonly from: string;
  readonly to: string;
  /** From 1. */
  readonly page: number;
};

const pageSize = 50;
const modes = ["rehearsal", "test", "live"] as const;
const results = ["open", "passed", "passed-with-findings", "failed", "aborted"] as const;

/** Reads a query that anybody may have written: a date that is none and a page that is none are not asked about. */
export function filterOf(query: URLSearchParams): ListFilter {
  const text = (name: string): string => (query.get(name) ?? "").trim().slice(0, 200);
  const day = (name: string): string => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : "");
  const page = Number(/^[1-9]\d{0,5}$/.exec(text("page"))?.[0] ?? 1);
  return { words: text("q"), mode: text("mode"), result: text("result"), from: day("from"), to: day("to"), page };
}

/** The drills that fit, in the order given. Every word has to occur in number, title or runbook, whatever its case. */
function matching(drills: readonly DrillSummary[], { words, mode, result, from, to }: ListFilter): readonly DrillSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return drills.filter((d) => {
    const text = `${d.id} ${d.title} ${d.runbook}`.toLowerCase();
    const day = d.startedAt.slice(0, 10);
    return wanted.every((word) => text.includes(word)) && (mode === "" || d.mode === mode) && (result === "" || (d.result ?? "open") === result) && (from === "" || day >= from) && (to === "" || day <= to);
  });
}

/** Fifty drills of those that fit; a page beyond the last is the last. */
export function listPage(drills: readonly DrillSummary[], filter: ListFilter, reader: Reader | null): WebReply {
  const found = matching(drills, filter);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const page = Math.min(filter.page, pages);
  const shown = found.slice((page - 1) * pageSize, page * pageSize);
  const body = html`<h1>Drills</h1>
${searchForm(filter)}
<p class="dim" role="status">${saidCount(found.length, drills.length)}</p>
${shown.length === 0 ? nothing(drills.length) : table([{ label: "Drill", kind: "name" }, { label: "Runbook" }, { label: "Mode" }, { label: "Started" }, { label: "People closed it as" }, { label: "Events", kind: "num" }, { label: "Evidence" }], shown.map(row))}
${shown.length > 0 && html`<p class="dim small">What people closed a drill as is their word. Whether it counts as passed, and whether its evidence holds, stands on the drill's own page.</p>`}
${pages > 1 && pager(filter, page, pages)}`;
  return auditorPage(200, { title: "Drills", rehearsal: false, reader, body });
}

function row(d: DrillSummary): readonly (Html | string)[] {
  const at = `/drills/${d.id}`;
  return [
    html`<a href="${at}"><b>${d.id}</b></a>`,
    html`${d.title}<br><span class="dim small">${d.runbook}</span>`,
    d.mode === "rehearsal" ? chip("rehearsal", "") : chip(d.mode, "open"),
    html`<time datetime="${d.startedAt}">${d.startedAt.slice(0, 16).replace("T", " ")} UTC</time>`,
    resultChip(d),
    String(d.events),
    html`<a href="${at}/replay/1" aria-label="Replay ${d.id}">replay</a> · <a href="${at}/bundle.zip" download aria-label="Evidence bundle of ${d.id}">bundle</a>`,
  ];
}

const tones: Readonly<Record<string, Tone>> = { passed: "good", "passed-with-findings": "warn", failed: "bad", aborted: "bad" };

/** A rehearsal never stands in the list as passed alone. */
function resultChip({ result, mode }: DrillSummary): Html {
  if (result === null) return chip("still open", "open");
  return chip(mode === "rehearsal" ? `${result.replaceAll("-", " ")}, in rehearsal` : result.replaceAll("-", " "), mode === "rehearsal" ? "" : (tones[result] ?? ""));
}

function searchForm({ words, mode, result, from, to }: ListFilter): Html {
  const choice = (name: string, label: string, options: readonly string[], chosen: string): Html =>
    html`<label>${label}<select name="${name}"><option value="">any</option>${options.map((o) => html`<option value="${o}"${o === chosen && html` selected`}>${o.replaceAll("-", " ")}</option>`)}</select></label>`;
  return html`<form class="search" method="get" action="/drills" role="search">
<label class="wide">Drill or runbook<input type="search" name="q" value="${words}" maxlength="200"></label>
${choice("mode", "Mode", modes, mode)}${choice("result", "Result", results, result)}
<label>From<input type="date" name="from" value="${from}"></label><label>Until<input type="date" name="to" value="${to}"></label>
<button type="submit">Search</button></form>`;
}

function saidCount(found: number, all: number): string {
  if (all === 0) return "";
  return found === all ? `${all === 1 ? "One drill" : `${all} drills`}.` : `${found} of ${all} drills fit.`;
}

function nothing(all: number): Html {
  return html`<p>${all === 0 ? "No drill has been started yet." : "No drill fits. Take away a word or a filter."}</p>`;
}

function pager(filter: ListFilter, page: number, pages: number): Html {
  const to = (n: number): string => `/drills?${new URLSearchParams({ q: filter.words, mode: filter.mode, result: filter.result, from: filter.from, to: filter.to, page: String(n) }).toString()}`;
  return html`<nav class="pager" aria-label="Pages">${page > 1 && html`<a rel="prev" href="${to(page - 1)}">Newer</a>`}<span>Page ${page} of ${pages}</span>${page < pages && html`<a rel="next" href="${to(page + 1)}">Older</a>`}</nav>`;
}
