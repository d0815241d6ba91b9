import { clock, day } from "../transcript/words.ts";
import { html, type Html, type Part } from "./markup.ts";

export type Tone = "good" | "warn" | "bad" | "open" | "";

/** A word with a colour, never a colour alone: reports are printed, and read by people who see no colours. */
export function chip(words: string, tone: Tone): Html {
  return html`<span class="chip ${tone}">${words}</span>`;
}

/** A heading that links can reach, with what stands under it. */
export function section(id: string, title: string, body: Part): Html {
  return html`<section id="${id}"><h2>${title}</h2>${body}</section>
`;
}

/** `kind` sets how a column stands: "name" keeps room for a word, where free text may break anywhere. On a phone each cell shows its column's label. */
export type Column = { readonly label: string; readonly kind?: "time" | "num" | "name" | "title" };

/** A table that becomes a list of cards on a phone; cells come in the order of the columns. */
export function table(columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  return html`<table class="stack">
<thead><tr>${columns.map((c) => html`<th class="${c.kind ?? ""}" scope="col">${c.label}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, i) => html`<td class="${columns[i]?.kind ?? ""}" data-label="${columns[i]?.label ?? ""}">${cell}</td>`)}</tr>
`)}</tbody></table>
`;
}

/** A bulleted list, in the order given. */
export function list(items: readonly Part[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Labels with what they say, for facts that have no rows to compare. */
export function facts(pairs: readonly (readonly [label: string, value: Part])[]): Html {
  return html`<dl>${pairs.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Folded on a screen, open on paper. */
export function folded(summary: Part, body: Part, open = false): Html {
  return html`<details${open && html` open`}><summary>${summary}</summary>${body}</details>`;
}

/** A time of day; with the day when it is not the day on which the drill began. */
export function instant(iso: string | null, startedAt: string): Html {
  if (iso === null) return html`–`;
  const away = iso.slice(0, 10) === startedAt.slice(0, 10) ? "" : `${day(iso)}, `;
  return html`<time datetime="${iso}">${away}${clock(iso)}</time>`;
}

/** How a page points at an event of the drill. */
export type EventAt = (seq: number) => Html;

/** In a page that stands by itself: by number, as the timeline and the lines of events.jsonl have it. */
export const eventNumber: EventAt = (seq) => html`event ${seq}`;

/** The first digits of a hash, the whole of it for whoever points at it or copies it. */
export function short(hash: string): Html {
  return html`<code title="${hash}">${hash.slice(0, 12)}</code>`;
}
