import { createHash } from "node:crypto";
import type { Catalogue } from "../runbooks/catalogue.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import type { Diagnostic, Runbook, Step } from "../runbooks/runbook.ts";
import { anchorOf, flowOf } from "./flow.ts";
import { escaped, scriptJson } from "./html.ts";
import { drillStages, stepStages } from "./stages.ts";
import type { Stage } from "./stages.ts";
import { pageStyle, themes } from "./style.ts";

/** What draws cards in a browser, as text: whole scripts that need nothing from elsewhere, the host's set-up, and its style. */
export type CardParts = { readonly scripts: readonly string[]; readonly modules: readonly string[]; readonly css: string };

/** One runbook as a page that needs nothing else: its flow, and every card as Teams would show it. */
export function runbookPage(runbook: Runbook, diagnostics: readonly Diagnostic[], catalogue: Catalogue, parts: CardParts): string {
  const cards: unknown[] = [];
  const place = (stage: Stage): string => {
    const at = cards.push(stage.shown.card) - 1;
    return `<div class="pair">${["light", "dark"].map((theme) => `<div class="theme ${theme}"><div class="bubble" data-card="${at}"></div></div>`).join("")}</div>`;
  };
  const body = [
    "<header>",
    `<h1>${escaped(runbook.title)}</h1>`,
    `<p class="facts"><code>${escaped(runbook.id)}</code> · ${runbook.mode} · ${runbook.purpose} · version <code>${runbook.hash.slice(0, 7)}</code> · ${runbook.steps.length} steps${runbook.owner === "" ? "" : ` · owner ${escaped(runbook.owner)}`}</p>`,
    told(diagnostics),
    "</header><main>",
    `<h2>Flow</h2><div class="picture" tabindex="0" role="region" aria-label="Flow">${flowOf(runbook, catalogue)}</div>`,
    "<h2>The drill</h2>",
    ...drillStages(runbook).map((stage) => `<section class="step"><h3>${stage.when}</h3><p>With examples for what only the launch knows.</p>${place(stage)}</section>`),
    ...runbook.steps.flatMap((step, i) => {
      const [first, ...others] = stepStages(runbook, i, catalogue);
      const phase = runbook.steps[i - 1]?.phase === step.phase ? [] : [`<h2>${escaped(step.phase)}</h2>`];
      const more = others.map((stage) => `<details><summary>${stage.when}</summary>${place(stage)}</details>`).join("");
      return [...phase, `<section class="step" id="${escaped(anchorOf(step))}"><h3>${escaped(step.title)}</h3><p>${escaped(factsOf(step))}</p>${first === undefined ? "" : place(first)}${more}</section>`];
    }),
    "</main>",
    `<script type="application/json" id="cards">${scriptJson(cards)}</script>`,
  ].join("\n");
  return document(runbook.title, body, [...parts.scripts, `(() => {\n${parts.modules.map(withoutModules).join("\n")}\n${drawAll}\n})();`], `${themes(parts.css)}\n${pageStyle}`);
}

export type GalleryEntry = { readonly file: string; readonly page: string | null; readonly runbook: Runbook | null; readonly diagnostics: readonly Diagnostic[] };

/** A page with links to the pages of many runbooks, and what keeps the others from having one. */
export function galleryPage(entries: readonly GalleryEntry[], parts: Pick<CardParts, "css">): string {
  const rows = entries.map(({ file, page, runbook, diagnostics }) => {
    const errors = diagnostics.filter((d) => d.severity === "error").length;
    const warnings = diagnostics.length - errors;
    const title = runbook === null || page === null ? escaped(file) : `<a href="${escaped(encodeURIComponent(page))}">${escaped(runbook.title)}</a><br><code>${escaped(runbook.id)}</code>`;
    const state = errors > 0 ? `<span class="state bad">${errors} errors</span>` : warnings > 0 ? `<span class="state warn">${warnings} warnings</span>` : '<span class="state good">clean</span>';
    return `<tr><td>${title}${errors > 0 ? told(diagnostics.slice(0, 5)) : ""}</td><td>${runbook === null ? "" : `${runbook.mode}<br>${runbook.purpose}`}</td><td>${runbook?.steps.length ?? ""}</td><td>${runbook?.steps.filter((s) => s.kind === "approval").length ?? ""}</td><td>${escaped(runbook?.owner ?? "")}</td><td>${state}</td></tr>`;
  });
  const body = `<header><h1>Runbooks</h1><p class="facts">${entries.length} files</p></header><main><table class="list"><thead><tr><th>Runbook</th><th>Mode</th><th>Steps</th><th>Approvals</th><th>Owner</th><th>Lint</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></main>`;
  return document("Runbooks", body, [], `${themes(parts.css)}\n${pageStyle}`);
}

function factsOf(step: Step): string {
  const { kind, role, plannedMs, onFail, guard } = step;
  const timeout = "timeoutMs" in step && step.timeoutMs !== undefined ? [`at most ${sayDuration(step.timeoutMs)}${step.onTimeout === "continue" ? ", then the drill goes on" : ""}`] : [];
  return [
    "type" in step ? `${kind} ${step.type}` : kind,
    `role ${role}`,
    ...(plannedMs === null ? [] : [`planned ${sayDuration(plannedMs)}`]),
    ...timeout,
    ...(guard ? ["guard"] : []),
    ...(onFail === "ask" ? [] : [`when it fails: ${onFail}`]),
    ...(step.when === undefined ? [] : [`if ${step.when}`]),
    ...(step.evidence === undefined ? [] : [`to attach: ${step.evidence.join("; ")}`]),
    ...(step.undo === undefined ? [] : ["text" in step.undo ? `taken back: ${step.undo.text}` : `nothing to take back: ${step.undo.none}`]),
    ...(step.included === undefined ? [] : [`from ${step.included.runbook}`]),
  ].join(" · ");
}

function told(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "";
  return `<ul class="told">${diagnostics.map((d) => `<li class="${d.severity}"><b>Line ${d.from.line}:</b> ${escaped(d.message)} ${escaped(d.suggestion)} <small>${escaped(d.rule)}</small></li>`).join("")}</ul>`;
}

/** A browser loads no module from a file beside the page: what they share becomes names of one script. */
function withoutModules(source: string): string {
  return source.replace(/^import [^;]*;$/gm, "").replace(/^export /gm, "");
}

const drawAll = `
const cards = JSON.parse(document.getElementById("cards").textContent);
for (const place of document.querySelectorAll("[data-card]")) drawCard(place, cards[Number(place.dataset.card)], () => undefined);
document.documentElement.dataset.drawn = "true";`;

function document(title: string, body: string, scripts: readonly string[], style: string): string {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${hashes.length === 0 ? "'none'" : hashes.join(" ")}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${style}</style></head>
<body>
${body}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body></html>
`;
}
