import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Found = { readonly passes: readonly unknown[]; readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }[] };

/** What axe finds on the page that hinders people: impact serious or critical. */
export async function hindrances(page: Page): Promise<readonly string[]> {
  const found = (await page.evaluate(`(() => { const module = undefined; ${axe}; return window.axe.run(); })()`)) as Found;
  assert.ok(found.passes.length > 10, "axe looked at nothing");
  return found.violations.filter((v) => v.impact === "serious" || v.impact === "critical").flatMap((v) => v.nodes.slice(0, 3).map(({ html, failureSummary }) => `${v.id}: ${html.slice(0, 160)} ${failureSummary}`));
}
