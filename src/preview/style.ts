/** The page around the cards. What the cards themselves need comes with them. */
export const pageStyle = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--font); }
a { color: var(--link); }
main, header { max-width: 1500px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 30px; padding-bottom: 14px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 44px 0 12px; }
h3 { font-size: 16px; margin: 0; }
.facts { color: var(--subtle); margin: 0; }
.facts code, .list code { font: 13px var(--mono); }
.told { list-style: none; padding: 0; margin: 18px 0 0; display: grid; gap: 8px; }
.told li { border-left: 4px solid var(--warn); background: var(--surface); padding: 8px 14px; border-radius: 0 6px 6px 0; }
.told li.error { border-color: var(--bad); }
.told b { font-weight: 600; }
.told small { color: var(--subtle); font-size: 13px; }
.picture { overflow: auto; width: fit-content; max-width: 100%; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.flow { display: block; font-family: var(--font); }
.band.even { fill: var(--band); } .band.odd { fill: transparent; }
.phase { font-weight: 600; font-size: 13px; fill: var(--subtle); }
.track { font-size: 11px; fill: var(--subtle); letter-spacing: .06em; text-transform: uppercase; }
.node { fill: var(--node); stroke: var(--node-line); stroke-width: 1.2; }
.node.approval { stroke: var(--gate); stroke-width: 1.8; fill: var(--gate-soft); }
.node.action { stroke: var(--act); stroke-width: 1.8; fill: var(--act-soft); }
.node.decide { stroke: var(--fork); stroke-width: 1.8; fill: var(--fork-soft); }
.node.check, .node.wait { stroke: var(--look); fill: var(--look-soft); }
.node.maybe { stroke-dasharray: 6 4; }
a:hover .node, a:focus .node { stroke-width: 3; }
.kind { font-size: 11.5px; fill: var(--subtle); }
.title { font-size: 14px; font-weight: 600; fill: var(--text); }
.guard { font-size: 11px; font-weight: 600; fill: var(--bad); }
.note { font-size: 12px; fill: var(--subtle); }
.note.undo { fill: var(--act); } .note.mark { fill: var(--gate); font-weight: 600; } .note.when { fill: var(--fork); }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.6; } .tip { fill: var(--edge); }
.step { margin: 22px 0 34px; scroll-margin-top: 12px; }
.step:target h3 { color: var(--link); }
.step > p { margin: 2px 0 10px; color: var(--subtle); font-size: 13.5px; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
.theme { border: 1px solid var(--line); border-radius: 10px; padding: 14px; background: var(--canvas); color: var(--text); }
.bubble { border: 1px solid var(--card-line); border-radius: 8px; overflow: hidden; overflow-wrap: break-word; background: var(--surface); }
details { margin-top: 10px; } summary { cursor: pointer; color: var(--subtle); font-size: 13.5px; }
details[open] summary { margin-bottom: 8px; }
.list { border-collapse: collapse; width: 100%; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.list th, .list td { text-align: left; padding: 11px 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
.list th { font-size: 13px; color: var(--subtle); font-weight: 600; }
.state { white-space: nowrap; } .state.bad { color: var(--bad); font-weight: 600; } .state.warn { color: var(--warn-text); } .state.good { color: var(--good); }
@media (max-width: 900px) { .pair { grid-template-columns: 1fr; } main, header { padding-left: 14px; padding-right: 14px; } }
@media print { .picture { overflow: visible; } .theme.dark { display: none; } .pair { grid-template-columns: 1fr; } }
`;

const fonts = '--font: "Segoe UI", "Segoe UI Web", system-ui, -apple-system, "Helvetica Neue", sans-serif; --mono: ui-monospace, "Cascadia Mono", Consolas, monospace;';
const light = `${fonts} color-scheme: light; --page: #f4f4f6; --canvas: #f5f5f5; --surface: #fff; --text: #242424; --subtle: #5c5c5c; --link: #444791; --line: #dedee3; --hover: #f0f0f0; --brand: #5b5fc7; --brand-strong: #4f52b2; --on-brand: #fff; --problem: #b10e1c; --bad: #b10e1c; --warn: #d99a00; --warn-text: #7a5200; --good: #1b7a43; --band: #f7f7fa; --node: #fff; --node-line: #a5a5ad; --edge: #8b8b95; --gate: #5b3fb5; --gate-soft: #f3effd; --act: #a8480b; --act-soft: #fdf3ea; --fork: #7a5200; --fork-soft: #fdf8e4; --look: #2f6f9f; --look-soft: #eef6fb;`;
const dark = `color-scheme: dark; --page: #141414; --canvas: #1b1b1b; --surface: #292929; --text: #fff; --subtle: #b5b5b5; --link: #a6adff; --line: #3d3d3d; --hover: #333; --brand: #5b5fc7; --brand-strong: #7f85f5; --on-brand: #fff; --problem: #ff8a94; --bad: #ff8a94; --warn: #d99a00; --warn-text: #fcd53f; --good: #92d36e; --band: #202020; --node: #2d2d2d; --node-line: #7c7c7c; --edge: #8d8d8d; --gate: #b8a5ff; --gate-soft: #2b2542; --act: #ffb380; --act-soft: #3a2a1c; --fork: #f2d45c; --fork-soft: #35300f; --look: #8cc8f0; --look-soft: #1b2d3a;`;

/** The colours of page and cards: as the reader's system has them, and both ways where a card is shown in both. */
export function themes(cardsCss: string): string {
  const [plain = "", night = ""] = [...cardsCss.matchAll(/:root \{([^}]*)\}/g)].map((found) => found[1] ?? "");
  const rest = cardsCss.replace(/:root \{[^}]*\}/, "").replace(/@media \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}\s*\}/, "");
  return `:root, .theme.light { ${light} ${plain} }\n.theme.dark { ${dark} ${night} }\n@media (prefers-color-scheme: dark) { :root { ${dark} ${night} } }\n${rest}`;
}
