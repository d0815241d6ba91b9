import { createRequire } from "node:module";
import { sayDuration } from "../../runbooks/duration-text.ts";
import type { Span } from "../transcript/spans.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { measuredDuration } from "../transcript/words.ts";
import { between } from "../../texts/words.ts";
import { html, trusted, visible, type Html } from "./markup.ts";

const require = createRequire(import.meta.url);
let drawer: typeof import("echarts/core") | null = null;

/** Loaded for the first report and not before: it takes half a second, which a start would have to wait for. */
function echarts(): typeof import("echarts/core") {
  if (drawer !== null) return drawer;
  const { CustomChart } = require("echarts/charts") as typeof import("echarts/charts");
  const { GridComponent, MarkLineComponent } = require("echarts/components") as typeof import("echarts/components");
  const { SVGRenderer } = require("echarts/renderers") as typeof import("echarts/renderers");
  drawer = require("echarts/core") as typeof import("echarts/core");
  drawer.use([CustomChart, GridComponent, MarkLineComponent, SVGRenderer]);
  return drawer;
}

const width = 900;
const left = 250;
const right = 130;
const rowHeight = 26;
const barHeight = 15;
const top = 34;
const bottom = 30;

const second = 1000;
const minute = 60 * second;
const ticks = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * second),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400, 43_200, 129_600, 525_600].map((m) => m * minute),
];

/** One line of the chart: the stretches of one attempt at a step. */
type Line = { readonly label: string; readonly spans: readonly Span[]; readonly note: string };

/** A Gantt chart in which people, machines and waiting are told apart by colour, pattern and words. */
export function chart(t: Transcript): Html {
  const lines = linesOf(t.spans);
  if (lines.length === 0) return html`<p class="dim">Nothing has taken any time yet.</p>`;
  const said = `Chart of ${lines.length} stretches over ${measuredDuration(between(t.startedAt, t.lastAt))}. The same times stand in the table of steps.`;
  return html`<p class="legend">${legend("machine", "machine")}${legend("people", "people working")}${legend("waiting", "waiting for people")}</p>
<div class="scroll" role="region" aria-label="Chart" tabindex="0"><div class="chart" role="img" aria-label="${said}">${hatch()}${trusted(drawing(t, lines))}</div></div>`;
}

/** Escapes what it draws, as any SVG writer; colours are the page's own, so that light, dark and paper need no redrawing. */
function drawing(t: Transcript, lines: readonly Line[]): string {
  const until = Math.max(between(t.startedAt, t.lastAt), targetMs(t) ?? 0, second);
  const height = top + lines.length * rowHeight + bottom;
  const picture = echarts().init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    picture.setOption({
      animation: false,
      grid: { left, right, top, bottom },
      xAxis: { type: "value", min: 0, max: until, position: "top", interval: ticks.find((tick) => until / tick <= 8) ?? until / 8, axisLabel: { color: "var(--dim)", formatter: (ms: number) => (ms === 0 ? "0" : measuredDuration(ms)), showMaxLabel: false }, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: "var(--line)" }, showMaxLine: false } },
      yAxis: { type: "category", inverse: true, data: lines.map((line) => clipped(line.label, 36)), axisLabel: { color: "var(--text)", align: "left", margin: left - 2 }, axisLine: { show: false }, axisTick: { show: false } },
      series: [bars(t, lines), notes(t, lines), { type: "custom", silent: true, renderItem: () => null, data: [], markLine: { silent: true, symbol: "none", data: [...marks(t)] } }],
    });
    return withoutOwnStyle(picture.renderToSVGString());
  } finally {
    picture.dispose();
  }
}

/** What the report's policy forbids, and names that are counted through the life of the process: the same drill gives the same bytes. */
function withoutOwnStyle(svg: string): string {
  return svg
    .replace(/<style[^]*?<\/style>/g, "")
    .replace(/ (style|class|ecmeta_\w+|pointer-events|xml:space)="[^"]*"/g, "")
    .replace(/^<svg [^>]*>/, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${/viewBox="([^"]*)"/.exec(svg)?.[1] ?? ""}" aria-hidden="true">`);
}

function linesOf(spans: readonly Span[]): readonly Line[] {
  const attempts = Map.groupBy(spans, (span) => span.attempt);
  return [...attempts.values()].map((own, index, all) => ({
    label: labelOf(own, all[index - 1]),
    spans: own,
    note: own.flatMap((span) => (span.to === null ? ["under way"] : span.note === "" ? [] : [span.note])).join(", "),
  }));
}

/** A further attempt right under the one before it needs no title again. */
function labelOf(own: readonly Span[], before: readonly Span[] | undefined): string {
  const label = own[0]?.label ?? "";
  const attempt = /, (attempt \d+)$/.exec(label)?.[1];
  return attempt !== undefined && before?.[0]?.step === own[0]?.step ? `· ${attempt}` : label;
}

type Place = { readonly coord: (at: readonly number[]) => readonly number[]; readonly value: (dimension: number) => number };

function bars(t: Transcript, lines: readonly Line[]) {
  const data = lines.flatMap(({ spans }, row) => spans.map((span) => ({ row, from: between(t.startedAt, span.from), to: between(t.startedAt, span.to ?? t.lastAt), occupation: span.occupation })));
  return {
    type: "custom", silent: true, data: data.map((d) => [d.from, d.row, d.to]),
    renderItem: ({ dataIndex }: { readonly dataIndex: number }, place: Place) => {
      const { row, from, to, occupation } = data[dataIndex]!;
      const [x = 0, y = 0] = place.coord([from, row]);
      const [end = 0] = place.coord([to, row]);
      const shape = { x, y: y - barHeight / 2, width: Math.max(end - x, 2), height: barHeight, r: 2 };
      const bar = (fill: string) => ({ type: "rect", shape, style: { fill } });
      return { type: "group", children: [bar(`var(--${occupation})`), ...(occupation === "waiting" ? [bar("url(#hatch)")] : [])] };
    },
  } as const;
}

function notes(t: Transcript, lines: readonly Line[]) {
  const data = lines.flatMap(({ spans, note }, row) => (note === "" ? [] : [{ row, at: between(t.startedAt, spans.at(-1)?.to ?? t.lastAt), note }]));
  return {
    type: "custom", silent: true, data: data.map((d) => [d.at, d.row]),
    renderItem: ({ dataIndex }: { readonly dataIndex: number }, place: Place) => {
      const { at, row, note } = data[dataIndex]!;
      const [x = 0, y = 0] = place.coord([at, row]);
      return { type: "text", style: { x: x + 6, y, text: clipped(note, 44), fill: "var(--dim)", verticalAlign: "middle", fontSize: 12 } };
    },
  } as const;
}

/** Where the recovery clock started, where the service was proved, and where it had to be. */
function marks(t: Transcript): readonly object[] {
  const { from, to } = t.recoveryTime;
  const target = from === null ? null : strictestRto(t);
  const mark = (at: number, text: string, color: string, kind: "solid" | "dashed" | "dotted", align: "left" | "right") => ({ xAxis: at, label: { formatter: text, position: "end", color, align, distance: 6, textBorderWidth: 0 }, lineStyle: { color, type: kind, width: 2 } });
  return [
    ...(from === null ? [] : [mark(between(t.startedAt, from), "clock starts", "var(--dim)", "dotted", "right")]),
    ...(to === null ? [] : [mark(between(t.startedAt, to), "service proved", "var(--good)", "solid", "left")]),
    ...(from === null || target === null || targetMs(t) === null ? [] : [mark(between(t.startedAt, from) + target, `RTO ${sayDuration(target)}`, "var(--bad)", "dashed", "right")]),
  ];
}

/** In the drawing words are escaped, and no more: what `html` makes visible elsewhere would hide here. */
function clipped(text: string, most: number): string {
  const characters = [...visible(text)];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : characters.join("");
}

function strictestRto(t: Transcript): number | null {
  const targets = t.objectives.flatMap((o) => o.rtoMs ?? []);
  return targets.length === 0 ? null : Math.min(...targets);
}

/** The target belongs on the chart when it lies within a sensible distance of what happened. */
function targetMs(t: Transcript): number | null {
  const target = strictestRto(t);
  if (target === null || t.recoveryTime.from === null) return null;
  const due = between(t.startedAt, t.recoveryTime.from) + target;
  return due <= 4 * Math.max(between(t.startedAt, t.lastAt), minute) ? due * 1.02 : null;
}

/** Waiting is told by its pattern, too, for whoever sees no colours. */
function hatch(): Html {
  return html`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs></svg>`;
}

function legend(kind: Span["occupation"], text: string): Html {
  return html`<span><svg width="14" height="14" aria-hidden="true"><rect class="${kind}" width="14" height="14" rx="2"/>${kind === "waiting" && html`<rect fill="url(#hatch)" width="14" height="14" rx="2"/>`}</svg>${text}</span>`;
}
