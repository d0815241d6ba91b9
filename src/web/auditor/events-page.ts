import type { StoredEvent } from "../../drills/ports.ts";
import { html, type Html, type Part } from "../../evidence/report/markup.ts";
import { chip, table } from "../../evidence/report/pieces.ts";
import { timelineOf } from "../../evidence/transcript/timeline.ts";
import type { WebReply } from "../reply.ts";
import type { Overview } from "./histories.ts";
import { rawRequest } from "./raw-request.ts";
import { auditorPage, drillNav, type Reader } from "./shell.ts";
import type { AuditSource } from "./source.ts";

export type EventsFilter = { readonly after: number; readonly words: string; readonly only: "" | "people" | "requests" };

const pageSize = 100;
const rangeSize = 1_000;
/** Events that one page looks through; a search in a longer history goes on from there. */
const lookedThrough = 10_000;

/** Reads a query that anybody may have written: what is no filter is left out, words are cut at 200 characters. */
export function eventsFilterOf(query: URLSearchParams): EventsFilter {
  const only = query.get("only");
  return {
    after: Number(/^\d{1,9}$/.exec(query.get("after") ?? "")?.[0] ?? 0),
    words: (query.get("q") ?? "").trim().slice(0, 200),
    only: only === "people" || only === "requests" ? only : "",
  };
}

/** A hundred events that fit, of at most ten thousand looked through; the page says how far it looked and goes on from there. */
export async function eventsPage(drill: string, overview: Overview, filter: EventsFilter, source: Pick<AuditSource, "read">, state: Parameters<typeof timelineOf>[1], reader: Reader | null): Promise<WebReply> {
  const { found, lookedUntil } = await look(source, drill, filter);
  const rows = found.map(({ event }): readonly Part[] => {
    const [entry] = timelineOf([event], state);
    const requests = "requests" in event ? event.requests : [];
    return [
      html`<a href="/drills/${drill}/replay/${event.seq}" aria-label="Replay event ${event.seq}">${event.seq}</a>`,
      html`<time datetime="${event.at}">${event.at.slice(0, 19).replace("T", " ")}</time>`,
      event.by === null ? html`<span class="dim">Drillbook</span>` : event.by.name,
      html`${entry?.what ?? event.type}${requests.length > 0 && html`<details><summary>${requests.length === 1 ? "1 request" : `${requests.length} requests`}</summary>${requests.map((r) => rawRequest(r))}</details>`}`,
      html`<span class="dim">${entry?.detail ?? ""}</span>`,
    ];
  });
  const body = html`${drillNav(drill, "events")}<h1>Every event of ${drill}</h1>
${form(drill, filter)}
<p class="dim" role="status">${said(found, lookedUntil, overview.events)}</p>
${rows.length > 0 && table([{ label: "No.", kind: "num" }, { label: "When (UTC)", kind: "time" }, { label: "Who", kind: "name" }, { label: "What" }, { label: "Detail" }], rows)}
${pager(drill, filter, lookedUntil, overview.events)}`;
  return auditorPage(200, { title: `${drill} events`, rehearsal: overview.transcript.mode === "rehearsal", reader, body });
}

async function look(source: Pick<AuditSource, "read">, drill: string, filter: EventsFilter): Promise<{ readonly found: readonly StoredEvent[]; readonly lookedUntil: number }> {
  const found: StoredEvent[] = [];
  let at = filter.after;
  while (at < filter.after + lookedThrough) {
    const range = await source.read(drill, at, filter.words === "" && filter.only === "" ? pageSize : rangeSize);
    for (const stored of range) {
      at = stored.event.seq;
      if (fits(stored, filter)) found.push(stored);
      if (found.length === pageSize) return { found, lookedUntil: at };
    }
    if (range.length === 0) break;
  }
  return { found, lookedUntil: at };
}

/** A search goes through the whole of an event as it is recorded: whatever somebody remembers of it will do. */
function fits({ event }: StoredEvent, { words, only }: EventsFilter): boolean {
  if (only === "people" && event.by === null) return false;
  if (only === "requests" && !("requests" in event && event.requests.length > 0)) return false;
  return words === "" || JSON.stringify(event).toLowerCase().includes(words.toLowerCase());
}

function said(found: readonly StoredEvent[], lookedUntil: number, all: number): Part {
  const first = found[0]?.event.seq;
  const range = first === undefined ? "None found" : `Events ${first} to ${found.at(-1)?.event.seq ?? first}`;
  return html`${range}, of ${all}${lookedUntil === found.at(-1)?.event.seq ? "" : `; looked through as far as event ${lookedUntil}`}.`;
}

function form(drill: string, { words, only }: EventsFilter): Html {
  const option = (value: string, text: string): Html => html`<option value="${value}"${value === only && html` selected`}>${text}</option>`;
  return html`<form class="search" method="get" action="/drills/${drill}/events" role="search"><label class="wide">Words in an event<input type="search" name="q" value="${words}" maxlength="200"></label>
<label>Only<select name="only">${option("", "every event")}${option("people", "what people did")}${option("requests", "with requests to Azure")}</select></label><button type="submit">Search</button></form>`;
}

function pager(drill: string, { words, only, after }: EventsFilter, lookedUntil: number, all: number): Html {
  const to = (n: number): string => `/drills/${drill}/events?${new URLSearchParams({ after: String(n), q: words, only }).toString()}`;
  const plain = words === "" && only === "";
  return html`<nav class="pager" aria-label="Pages">${after > 0 && html`<a href="${to(0)}">First</a>`}${after > 0 && plain && html`<a rel="prev" href="${to(Math.max(0, after - pageSize))}">Earlier</a>`}${lookedUntil < all && html`<a rel="next" href="${to(lookedUntil)}">${plain ? "Later" : "Look further"}</a>`}${lookedUntil < all && plain && html`<a href="${to(Math.floor((all - 1) / pageSize) * pageSize)}">Last</a>`}${all > 100 && lookedUntil >= all && chip("the end", "")}</nav>`;
}
