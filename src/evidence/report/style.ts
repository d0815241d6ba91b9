import { createHash } from "node:crypto";
import type { Mode } from "../../runbooks/runbook.ts";

const sharedStyle = `
:root { color-scheme: light dark; --text: #1f1f1f; --dim: #5c5c5c; --page: #fff; --card: #fff; --soft: #f5f5f5; --line: #dedede;
  --good: #107c10; --good-soft: #dff6dd; --good-text: #0b4f0b; --warn: #b98900; --warn-soft: #fff0c2; --warn-text: #5c4300;
  --bad: #b10e1c; --bad-soft: #fde7e9; --bad-text: #8a0a16; --open: #4f6bed; --open-soft: #e6eaff; --open-text: #24317f;
  --machine: #4f6bed; --people: #498205; --waiting: #c19c00; --banner: #e8ebfa; --banner-text: #2b2f77; }
@media (prefers-color-scheme: dark) { :root { --text: #ededed; --dim: #ababab; --page: #1b1a19; --card: #242322; --soft: #292827; --line: #3d3b39;
  --good: #54b054; --good-soft: #16361a; --good-text: #a7e3a5; --warn: #d3a62c; --warn-soft: #453608; --warn-text: #fde8a3;
  --bad: #e37d80; --bad-soft: #4a1a1d; --bad-text: #f6c3c5; --open: #8ea0f7; --open-soft: #262d55; --open-text: #ccd4ff;
  --machine: #7f92f5; --people: #74b52c; --waiting: #dcb62c; --banner: #2b2d55; --banner-text: #d9dcff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .2rem 0 .4rem; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { margin: .3rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
.dim { color: var(--dim); }
.small { font-size: .82rem; }
.banner { position: sticky; top: 0; z-index: 2; background: var(--banner); color: var(--banner-text); font-weight: 600; padding: .45rem 1.5rem; }
.chip { display: inline-block; border-radius: 1rem; padding: .02rem .6rem; font-size: .82rem; font-weight: 600; white-space: nowrap; background: var(--soft); color: var(--dim); }
.chip.good { background: var(--good-soft); color: var(--good-text); } .chip.warn { background: var(--warn-soft); color: var(--warn-text); }
.chip.bad { background: var(--bad-soft); color: var(--bad-text); } .chip.open { background: var(--open-soft); color: var(--open-text); }
.verdict { font-size: 1.05rem; padding: .2rem .9rem; white-space: normal; }
.against { border-left: .3rem solid var(--bad); background: var(--bad-soft); color: var(--bad-text); padding: .5rem .9rem; border-radius: .3rem; margin: .8rem 0; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .9rem; margin: 1.3rem 0 .6rem; }
.tile { border: 1px solid var(--line); border-left: .35rem solid var(--line); border-radius: .5rem; padding: .8rem .9rem; background: var(--card); }
.tile.good { border-left-color: var(--good); } .tile.warn { border-left-color: var(--warn); } .tile.bad { border-left-color: var(--bad); } .tile.open { border-left-color: var(--open); }
.tile b { display: block; font-size: 1.55rem; line-height: 1.2; }
.tile span { display: block; color: var(--dim); font-size: .85rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .4rem 0 .8rem; }
th { text-align: left; color: var(--dim); font-weight: 600; padding: .4rem .6rem .4rem 0; border-bottom: 2px solid var(--line); }
td { vertical-align: top; padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.num, th.num { text-align: right; white-space: nowrap; padding-right: 1.2rem; } td.name { min-width: 6.2rem; } td.title { min-width: 12rem; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.grid td, .grid th { text-align: center; } .grid td:first-child, .grid th:first-child { text-align: left; } tbody th { color: var(--text); font-weight: 400; border-bottom: 1px solid var(--line); }
.screens { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: .9rem; } figure { margin: 0; } figure img { width: 100%; border: 1px solid var(--line); } figcaption { color: var(--dim); font-size: .82rem; }
.scroll { overflow-x: auto; } .ids { display: block; margin-top: .15rem; color: var(--dim); font-size: .8rem; } .ids code { font-size: .78rem; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; }
code, pre { font: .85rem/1.45 "Cascadia Mono", Consolas, ui-monospace, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--soft); border-radius: .4rem; padding: .7rem .8rem; margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.proof, .card { background: var(--soft); border-radius: .5rem; padding: .8rem 1rem; }
.card { border: 1px solid var(--line); background: var(--card); margin: .8rem 0; }
.card h3 { margin-top: 0; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem 1rem; margin: .5rem 0; font-size: .92rem; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.exchange { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
details > summary { cursor: pointer; color: var(--open-text); }
nav { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .88rem; margin: 1.6rem 0 0; padding-top: .6rem; border-top: 1px solid var(--line); }
a { color: var(--open-text); }
.legend span { margin-right: 1rem; font-size: .85rem; white-space: nowrap; }
.legend svg { vertical-align: -.1rem; margin-right: .3rem; }
.chart text { font: 12px "Segoe UI", system-ui, Arial, sans-serif; paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }
svg .machine { fill: var(--machine); } svg .people { fill: var(--people); } svg .waiting { fill: var(--waiting); } svg .hatch { stroke: var(--card); stroke-width: 2; }
.chart { min-width: 44rem; }
.watermark { display: none; }
@media screen and (max-width: 54rem) {
  main { padding: 1.2rem 1rem 3rem; } h1 { font-size: 1.6rem; } .tiles { grid-template-columns: 1fr 1fr; } .columns, .exchange, dl { grid-template-columns: 1fr; } dd { margin-bottom: .35rem; }
  table.stack thead { display: none; } table.stack tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  table.stack td:empty { display: none; } table.stack td:not(:empty) { display: block; border: 0; padding: .1rem 0; text-align: left; } table.stack td[data-label]::before { content: attr(data-label) " "; color: var(--dim); font-size: .82rem; }
}
@page { margin: 14mm 13mm; }
@media print {
  :root { color-scheme: light; --text: #000; --dim: #444; --page: #fff; --card: #fff; --soft: #f5f5f5; --line: #ccc; --good: #107c10; --good-soft: #dff6dd; --good-text: #0b4f0b;
    --warn: #b98900; --warn-soft: #fff0c2; --warn-text: #5c4300; --bad: #b10e1c; --bad-soft: #fde7e9; --bad-text: #8a0a16; --open: #4f6bed; --open-soft: #e6eaff; --open-text: #24317f;
    --machine: #4f6bed; --people: #498205; --waiting: #c19c00; --banner: #e8ebfa; --banner-text: #2b2f77; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 11px; } main { max-width: none; padding: 0; } h2 { margin: 1.1rem 0 .4rem; } .banner { position: static; padding: .4rem .8rem; margin-bottom: 1rem; } nav, .screen-only { display: none; }
  .tiles { grid-template-columns: repeat(4, 1fr); margin-top: .9rem; } .chart { min-width: 0; } pre { padding: .4rem .6rem; } td, th { padding-right: .5rem; } td.num, th.num { padding-right: .8rem; } td.name { min-width: 5rem; }
  tr, .tile, .exchange, #chart, #signed, #proof { break-inside: avoid; } h2, h3, summary { break-after: avoid; } thead { display: table-header-group; }
  details::details-content { content-visibility: visible; block-size: auto; } details > summary { list-style: none; color: var(--dim); }
  .watermark { display: block; position: fixed; top: 45%; left: 0; right: 0; text-align: center; font-size: 72pt; font-weight: 700; color: #000; opacity: .06; transform: rotate(-30deg); }
}
`;

/** On paper the banner of the first page is soon lost, so every page says it in its margin. */
const margins = (text: string) => `
@page { @top-center { content: "${text}"; font: 600 8pt Arial, sans-serif; color: #2b2f77; } @bottom-right { content: counter(page) " of " counter(pages); font: 8pt Arial, sans-serif; color: #444; } }
`;

const rehearsalStyle = `${sharedStyle}${margins("REHEARSAL on simulated Azure: no test of anything real")}`;
const realStyle = `${sharedStyle}${margins("")}`;

/** The report's only style. It stands in the page itself, so that a bundle needs nothing from outside. */
export function reportStyle(mode: Mode): string {
  return mode === "rehearsal" ? rehearsalStyle : realStyle;
}

/** The content security policy under which a report works: its own style, and nothing else at all. */
export const reportPolicy = `default-src 'none'; style-src ${[rehearsalStyle, realStyle].map(sourceHash).join(" ")}; img-src data:; base-uri 'none'; form-action 'none'`;

function sourceHash(style: string): string {
  return `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
}
