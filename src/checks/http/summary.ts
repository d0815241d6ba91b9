import type { Verdict } from "../../drills/events.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpInput } from "./input.ts";

type MustFail = HttpInput["mustFail"];

/**
 * Passed only when every deciding cell is up and as expected; one that nobody could ask proves nothing. A control that must
 * fail passes only when every deciding cell is down, and for `no-connection` only when nothing answered at all.
 */
export function verdictOf(exchanges: readonly Exchange[], mustFail?: MustFail): Verdict {
  const deciding = exchanges.filter((e) => e.decides);
  if (mustFail !== undefined) return controlVerdict(deciding, mustFail);
  if (deciding.some((e) => e.verdict === "down" || e.unmet !== null)) return "failed";
  return deciding.length > 0 && deciding.every((e) => e.verdict === "up") ? "passed" : "not-proved";
}

function controlVerdict(deciding: readonly Exchange[], mustFail: NonNullable<MustFail>): Verdict {
  if (deciding.some((e) => e.verdict === "up" || (mustFail === "no-connection" && e.answer !== null && reached(e)))) return "failed";
  return deciding.length > 0 && deciding.every((e) => e.verdict === "down") ? "passed" : "not-proved";
}

/** Whether anything at that address answered, be it with a refusal: an isolated network lets nothing come back. */
function reached(e: Exchange): boolean {
  return !(e.answer?.outcome === "unreachable" || (e.answer?.outcome === "timed-out" && e.answer.connectMs < 0));
}

/** One line for a card: "2 of 2 up for LoadMaster 1.1 + Host", or which are down and for whom they are up. */
export function summarise(exchanges: readonly Exchange[], mustFail?: MustFail): string {
  const deciding = exchanges.filter((e) => e.decides);
  const label = deciding[0]?.view.form.label ?? "nobody";
  const unknown = deciding.filter((e) => e.verdict === "unknown");
  if (mustFail !== undefined) return sayControl(deciding, unknown, mustFail, label);
  const bad = deciding.filter((e) => e.verdict === "down" || e.unmet !== null);
  if (bad.length > 0) return `${names(bad)} ${bad.every((e) => e.unmet !== null) ? "not as expected" : "down"} for ${label}${contrast(bad, exchanges)}`;
  if (unknown.length > 0) return `${names(unknown)} could not be asked`;
  return `${deciding.length} of ${deciding.length} up for ${label}`;
}

function sayControl(deciding: readonly Exchange[], unknown: readonly Exchange[], mustFail: NonNullable<MustFail>, label: string): string {
  const wrong = deciding.filter((e) => e.verdict === "up" || (mustFail === "no-connection" && e.answer !== null && reached(e)));
  if (wrong.length > 0) return `${names(wrong)} ${mustFail === true ? `up for ${label}` : "could be reached"}, and must not be`;
  if (unknown.length > 0) return `${names(unknown)} could not be asked`;
  return `${deciding.length} of ${deciding.length} ${mustFail === true ? `down for ${label}` : "out of reach"}, as must be`;
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
