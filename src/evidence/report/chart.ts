import type { Span } from "../transcript/spans.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { between, duration } from "../transcript/words.ts";
import { html, type Html } from "./markup.ts";

const width = 900;
const left = 250;
const right = 130;
const rowHeight = 26;
const top = 26;

const second = 1000;
const minute = 60 * second;
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * second),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400, 43_200, 129_600, 525_600].map((m) => m * minute),
];

/** One line of the chart: the stretches of one attempt at a step. */
type Line = { readonly label: string; readonly spans: readonly Span[]; readonly note: string };

/** A Gantt chart in which people, machines and waiting are told apart by colour, pattern and words. */
export function chart(t: Transcript): Html {
  const lines = linesOf(t.spans);
  if (lines.length === 0) return html`<p class="dim">Nothing has taken any time yet.</p>`;
  const until = Math.max(between(t.startedAt, t.lastAt), targetMs(t) ?? 0, second);
  const x = (iso: string) => left + (between(t.startedAt, iso) / until) * (width - left - right);
  const height = top + lines.length * rowHeight + 26;
  const said = `Chart of ${lines.length} stretches over ${duration(between(t.startedAt, t.lastAt))}. The same times stand in the table of steps.`;
  return html`<p class="legend">${legend("machine", "machine")}${legend("people", "people working")}${legend("waiting", "waiting for people")}</p>
<div class="scroll" role="region" aria-label="Chart" tabindex="0"><svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${said}">
${hatch()}${axis(until, height)}${marks(t, x, height)}
${lines.map((line, i) => drawn(line, top + i * rowHeight, x, t.lastAt))}
</svg></div>`;
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

function drawn({ label, spans, note }: Line, y: number, x: (iso: string) => number, now: string): Html {
  const end = x(spans.at(-1)?.to ?? now);
  const bars = spans.map((span) => {
    const from = x(span.from);
    const wide = Math.max(x(span.to ?? now) - from, 2);
    const title = `${span.label}: ${duration(between(span.from, span.to ?? now))} ${words[span.occupation]}`;
    const bar = (paint: Html) => html`<rect x="${from.toFixed(1)}" y="${y + 4}" width="${wide.toFixed(1)}" height="15" rx="2" ${paint}><title>${title}</title></rect>`;
    return html`${bar(html`class="${span.occupation}"`)}${span.occupation === "waiting" && bar(html`fill="url(#hatch)"`)}`;
  });
  return html`<g><text x="0" y="${y + 16}">${clipped(label, 36)}<title>${label}</title></text>${bars}<text class="dim over" x="${(end + 6).toFixed(1)}" y="${y + 16}">${clipped(note, 44)}<title>${note}</title></text></g>
`;
}

const words = { machine: "machine", people: "people working", waiting: "waiting for people" } as const;

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function axis(until: number, height: number): Html {
  const step = steps.find((s) => until / s <= 8) ?? until / 8;
  const ticks = Array.from({ length: Math.floor(until / step) + 1 }, (_, i) => i * step);
  return html`${ticks.map((ms) => {
    const at = (left + (ms / until) * (width - left - right)).toFixed(1);
    return html`<line class="rule" x1="${at}" x2="${at}" y1="${top - 6}" y2="${height - 22}"/><text class="dim" text-anchor="middle" x="${at}" y="14">${ms === 0 ? "0" : duration(ms)}</text>`;
  })}`;
}

/** Where the recovery clock started, where the service was proved, and where it had to be. */
function marks(t: Transcript, x: (iso: string) => number, height: number): Html {
  const { from, to } = t.recoveryTime;
  const target = from === null ? null : strictestRto(t);
  const due = from === null || target === null ? null : new Date(Date.parse(from) + target).toISOString();
  return html`${from !== null && mark(x(from), height, "starts", "clock starts", "end")}${to !== null && mark(x(to), height, "proved", "service proved", "start")}${due !== null && mark(x(due), height, "target", `RTO ${duration(target ?? 0)}`, "end")}`;
}

function mark(x: number, height: number, kind: "starts" | "proved" | "target", text: string, anchor: "start" | "end"): Html {
  const at = x.toFixed(1);
  return html`<line class="${kind}" x1="${at}" x2="${at}" y1="${top - 6}" y2="${height - 18}"/><text class="over ${kind}-text${kind === "starts" && " dim"}" text-anchor="${anchor}" x="${(x + (anchor === "end" ? -4 : 4)).toFixed(1)}" y="${height - 6}">${text}</text>`;
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

function hatch(): Html {
  return html`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>`;
}

function legend(kind: Span["occupation"], text: string): Html {
  return html`<span><svg width="14" height="14" aria-hidden="true"><rect class="${kind}" width="14" height="14" rx="2"/>${kind === "waiting" && html`<rect fill="url(#hatch)" width="14" height="14" rx="2"/>`}</svg>${text}</span>`;
}
