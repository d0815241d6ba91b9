import type { ExchangeRow } from "./exchange-rows.ts";
import { html, type Html } from "./markup.ts";
import { chip, folded, type Tone } from "./pieces.ts";

const tones: Readonly<Record<string, Tone>> = { up: "good", down: "bad", unknown: "warn" };

type Node = { readonly target: string; readonly host: string };

/** Servers down, ways of asking across: the cells that decide are told from those shown for comparison. */
export function exchangeGrid(rows: readonly ExchangeRow[]): Html {
  const labels = [...new Set(rows.map((row) => row.label))];
  const deciding = new Set(rows.filter((row) => row.decides).map((row) => row.label));
  return html`<div class="scroll" role="region" aria-label="Grid of answers" tabindex="0"><table class="grid">
<thead><tr><th scope="col">Server</th>${labels.map((label) => html`<th scope="col">${label}<br><span class="small">${deciding.has(label) ? "decides" : "for comparison"}</span></th>`)}</tr></thead>
<tbody>${nodesOf(rows).map((node) => html`<tr><th scope="row">${node.target}${node.host !== "" && ` as ${node.host}`}</th>${labels.map((label) => cell(rows.filter((row) => row.label === label && belongs(row, node))))}</tr>
`)}</tbody></table></div>
`;
}

/** A row without a host was asked by address alone, and stands for every host of its server. */
function nodesOf(rows: readonly ExchangeRow[]): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const { target, host } of rows) {
    const hostless = host === "" && rows.some((row) => row.target === target && row.host !== "");
    if (!hostless) nodes.set(`${target}\0${host}`, { target, host });
  }
  return [...nodes.values()];
}

function belongs(row: ExchangeRow, node: Node): boolean {
  return row.target === node.target && (row.host === node.host || row.host === "");
}

function cell(rows: readonly ExchangeRow[]): Html {
  return html`<td>${rows.map((row) => html`${row.unmet === "" ? chip(row.verdict, tones[row.verdict] ?? "") : chip("not as expected", "bad")} <span class="small dim">${row.status}</span>`)}</td>`;
}

/** The bytes, once for each pair of request and answer that differs from the others. */
export function exchanges(rows: readonly ExchangeRow[]): Html {
  const same = Map.groupBy(rows, (row) => `${row.sent}\0${row.received}\0${row.reason}\0${row.unmet}`);
  return html`${[...same.values()].map((group) => exchange(group))}`;
}

function exchange(group: readonly ExchangeRow[]): Html {
  const [row] = group;
  if (row === undefined) return html``;
  const who = [...new Set(group.map((each) => each.target))].join(", ");
  const size = row.receivedBytes === null ? "" : ` (${row.receivedBytes} bytes${row.cut ? ", the beginning shown" : ""})`;
  return folded(
    html`${who}, ${row.label}: ${row.verdict}${row.reason !== "" && `, ${row.reason}`}${row.unmet !== "" && `, not as expected: ${row.unmet}`}`,
    html`<div class="exchange"><div><p class="dim small">Sent</p><pre>${row.sent}</pre></div><div><p class="dim small">Received${size}</p><pre>${row.received === "" ? "nothing" : row.received}</pre></div></div>${group.map((each) => notes(each, group.length > 1))}`,
    // What made the check fail is what a reader came for.
    row.decides && (row.verdict !== "up" || row.unmet !== ""),
  );
}

function notes(row: ExchangeRow, named: boolean): Html {
  return html`${row.notes.map((note) => html`<p class="dim small">${named && `${row.target}${row.host !== "" ? ` as ${row.host}` : ""}: `}${note}</p>`)}`;
}
