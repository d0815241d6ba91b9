import type { Verdict } from "../../drills/events.ts";
import type { Exchange } from "./exchange.ts";

/** Passed only when every deciding cell is up and as expected; one that nobody could ask proves nothing. */
export function verdictOf(exchanges: readonly Exchange[]): Verdict {
  const deciding = exchanges.filter((e) => e.decides);
  if (deciding.some((e) => e.verdict === "down" || e.unmet !== null)) return "failed";
  return deciding.length > 0 && deciding.every((e) => e.verdict === "up") ? "passed" : "not-proved";
}

/** One line for a card: "2 of 2 up for LoadMaster 1.1 + Host", or which are down and for whom they are up. */
export function summarise(exchanges: readonly Exchange[]): string {
  const deciding = exchanges.filter((e) => e.decides);
  const label = deciding[0]?.view.form.label ?? "nobody";
  const bad = deciding.filter((e) => e.verdict === "down" || e.unmet !== null);
  const unknown = deciding.filter((e) => e.verdict === "unknown");
  if (bad.length > 0) return `${names(bad)} ${bad.every((e) => e.unmet !== null) ? "not as expected" : "down"} for ${label}${contrast(bad, exchanges)}`;
  if (unknown.length > 0) return `${names(unknown)} could not be asked`;
  return `${deciding.length} of ${deciding.length} up for ${label}`;
}

function contrast(bad: readonly Exchange[], exchanges: readonly Exchange[]): string {
  const targets = new Set(bad.map((e) => e.target.url));
  const browser = exchanges.filter((e) => targets.has(e.target.url) && e.view.profile.name === "browser" && !e.decides);
  return browser.length > 0 && browser.every((e) => e.verdict === "up") ? ", up for a browser" : "";
}

function names(cells: readonly Exchange[]): string {
  const all = [...new Set(cells.map((e) => (e.host === null ? e.target.name : `${e.target.name} (${e.host})`)))];
  return all.length > 4 ? `${all.slice(0, 3).join(", ")} and ${all.length - 3} more` : all.join(", ");
}
