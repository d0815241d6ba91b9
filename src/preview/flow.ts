import { sayDuration } from "../runbooks/duration-text.ts";
import type { Catalogue } from "../runbooks/catalogue.ts";
import type { Runbook, Step } from "../runbooks/runbook.ts";
import { escaped } from "./html.ts";
import { layoutOf } from "./layout.ts";
import type { Place } from "./layout.ts";

/** Beside each column there is room for notes. */
const box = { width: 268, height: 74, gapX: 214, gapY: 34, left: 172, top: 26, right: 214 } as const;

/** The flow of a runbook as SVG: phases from the top, tracks beside each other, each step with its branch, marks and undo. Steps link to their cards. */
export function flowOf(runbook: Runbook, catalogue: Catalogue): string {
  const { places, bands, edges, rows, columns } = layoutOf(runbook);
  const width = box.left + columns * (box.width + box.gapX) - box.gapX + box.right;
  const height = box.top + rows * (box.height + box.gapY);
  const byId = new Map(places.map((place) => [place.step.id, place]));
  const drawnBands = bands.map((band, i) => {
    const y = box.top + band.from * (box.height + box.gapY) - box.gapY / 2;
    const tall = (band.to - band.from + 1) * (box.height + box.gapY);
    const tracks = band.columns.map((track, column) => `<text class="track" x="${xOf(column) + box.width}" y="${y + 12}" text-anchor="end">${escaped(track)}</text>`).join("");
    return `<g><rect class="band ${i % 2 === 0 ? "even" : "odd"}" x="0" y="${y}" width="${width}" height="${tall}"/>${lines(band.phase, 20, 4).map((line, n) => `<text class="phase" x="16" y="${y + 30 + n * 17}">${escaped(line)}</text>`).join("")}${tracks}</g>`;
  });
  const drawnEdges = edges.flatMap(({ from, to }) => {
    const [a, b] = [byId.get(from), byId.get(to)];
    return a && b ? [edge(a, b)] : [];
  });
  return [
    `<svg class="flow" role="img" aria-label="The flow of ${escaped(runbook.title)}: ${places.length} steps in ${bands.length} phases" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...drawnBands,
    ...drawnEdges,
    ...places.map((place) => node(place, catalogue)),
    "</svg>",
  ].join("\n");
}

/** Where a step's cards are on the page. */
export function anchorOf(step: Step): string {
  return `step-${step.id}`;
}

function node(place: Place, catalogue: Catalogue): string {
  const { step } = place;
  const [x, y] = [xOf(place.column), yOf(place.row)];
  const title = lines(step.title, 27, 2);
  const notes = besides(step, catalogue);
  const conditional = step.when !== undefined || step.only !== undefined;
  return [
    `<a href="#${escaped(encodeURIComponent(anchorOf(step)))}"><title>${escaped(`${step.title}: ${step.kind}${"type" in step ? ` ${step.type}` : ""}`)}</title>`,
    `<path class="node ${step.kind}${conditional ? " maybe" : ""}" d="${outline(step, x, y)}"/>`,
    `<text class="kind" x="${x + 20}" y="${y + 20}">${escaped(kindWords(step))}</text>`,
    ...title.map((line, n) => `<text class="title" x="${x + 20}" y="${y + 40 + n * 17}">${escaped(line)}</text>`),
    ...(step.guard ? [`<text class="guard" x="${x + box.width - 14}" y="${y + 20}" text-anchor="end">guard</text>`] : []),
    "</a>",
    ...notes.slice(0, 4).map(({ text, kind }, n) => `<text class="note ${kind}" x="${x + box.width + 12}" y="${y + 16 + n * 17}">${escaped(shortened(text, 32))}<title>${escaped(text)}</title></text>`),
  ].join("");
}

/** An approval is a gate and a decision a fork: their outlines say so before anything is read. */
function outline({ kind }: Step, x: number, y: number): string {
  const [w, h] = [box.width, box.height];
  if (kind === "approval") return `M${x + 12} ${y}H${x + w - 12}L${x + w} ${y + h / 2}L${x + w - 12} ${y + h}H${x + 12}L${x} ${y + h / 2}Z`;
  if (kind === "decide") return `M${x + 12} ${y}H${x + w}L${x + w - 12} ${y + h}H${x}Z`;
  const r = kind === "wait" ? 30 : 8;
  return `M${x + r} ${y}H${x + w - r}a${r} ${r} 0 0 1 ${r} ${r}V${y + h - r}a${r} ${r} 0 0 1 -${r} ${r}H${x + r}a${r} ${r} 0 0 1 -${r} -${r}V${y + r}a${r} ${r} 0 0 1 ${r} -${r}Z`;
}

function kindWords(step: Step): string {
  switch (step.kind) {
    case "check":
    case "action":
      return `${step.kind} · ${step.type}`;
    case "approval":
      return `approval · ${[`${step.quorum} ${step.role}`, ...(step.also ?? []).map((a) => `${a.quorum} ${a.role}`)].join(" + ")}`;
    case "wait":
      return step.until === null ? `wait · ${sayDuration(step.forMs ?? 0)}` : `wait · ${step.until.type}, at most ${sayDuration(step.until.limitMs)}`;
    default:
      return `${step.kind} · ${step.role}`;
  }
}

/** What stands beside a step: its condition, what takes it back, and what its end says about the times. */
function besides(step: Step, catalogue: Catalogue): readonly { readonly text: string; readonly kind: string }[] {
  const undo = step.kind === "action" ? (catalogue.actions.get(step.type)?.undo ?? null) : null;
  return [
    ...(step.when === undefined ? [] : [{ text: `if ${step.when}`, kind: "when" }]),
    ...(step.only === undefined ? [] : [{ text: `only in ${step.only.join(", ")}`, kind: "when" }]),
    ...(undo === null ? [] : [{ text: `↩ ${undo}`, kind: "undo" }]),
    ...(step.undo === undefined ? [] : "text" in step.undo ? [{ text: `↩ ${step.undo.text}`, kind: "undo" }] : [{ text: `no undo: ${step.undo.none}`, kind: "undo" }]),
    ...(step.marks ?? []).map((mark) => ({ text: `⚑ ${mark.replaceAll("-", " ")}`, kind: "mark" })),
    ...(step.kind === "decide" ? [{ text: step.options.map((o) => o.label).join(" / "), kind: "when" }] : []),
    ...(step.onFail === "ask" ? [] : [{ text: `fails: ${step.onFail}`, kind: "fails" }]),
    ...(step.included === undefined ? [] : [{ text: `from ${step.included.runbook}`, kind: "from" }]),
  ];
}

function edge(a: Place, b: Place): string {
  const [x1, y1] = [xOf(a.column) + box.width / 2, yOf(a.row) + box.height];
  const [x2, y2] = [xOf(b.column) + box.width / 2, yOf(b.row) - 2];
  // Past what stands between the two: a line through a box would look as if it led there.
  const passes = b.row > a.row + 1 && a.column === b.column;
  const aside = passes ? xOf(a.column) - 16 : null;
  const middle = y2 - box.gapY / 2 + 4;
  const d = aside === null ? (x1 === x2 ? `M${x1} ${y1}V${y2}` : `M${x1} ${y1}V${middle}H${x2}V${y2}`) : `M${x1} ${y1}V${y1 + 10}H${aside}V${middle}H${x2}V${y2}`;
  return `<path class="edge" d="${d}" marker-end="url(#arrow)"/>`;
}

function xOf(column: number): number {
  return box.left + column * (box.width + box.gapX);
}

function yOf(row: number): number {
  return box.top + row * (box.height + box.gapY);
}

/** Words in lines of so many characters; the last one ends with an ellipsis when there is more. */
function lines(text: string, most: number, count: number): readonly string[] {
  const all: string[] = [""];
  for (const word of text.split(/\s+/)) {
    const last = all.at(-1) ?? "";
    if (last !== "" && last.length + word.length + 1 > most) all.push(word);
    else all[all.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  const kept = all.slice(0, count).map((line) => shortened(line, most));
  return all.length > count ? [...kept.slice(0, -1), `${(kept.at(-1) ?? "").slice(0, most - 1)}…`] : kept;
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
