import { didYouMean } from "../nearest.ts";
import type { Diagnostic, Runbook } from "../runbook.ts";
import type { Includes } from "./read.ts";
import type { Sources } from "./sources.ts";

const deepest = 5;

type Compiled = { readonly runbook: Runbook | null; readonly diagnostics: readonly Diagnostic[] };

/** What was compiled on the way, by id; `height` counts the levels of includes below it. */
export type Known = Map<string, { readonly compiled: Compiled; readonly height: number }>;

/**
 * Looks runbooks up among the sources. `chain`: who includes whom so far, the including runbook last. Each is compiled once:
 * one that compiled includes nobody of the chain, or it would have met itself, and one that did not spoils the whole anyway.
 */
export function includesFrom(sources: Sources, chain: readonly string[], known: Known, compile: (source: { readonly file: string; readonly bytes: Uint8Array }) => Compiled): Includes {
  return (id) => {
    if (chain.includes(id)) return { message: `This includes itself: ${[...chain.slice(chain.indexOf(id)), id].join(" → ")}.`, suggestion: "Leave one of these includes out." };
    const source = sources.get(id);
    if (source === undefined) return { message: `There is no runbook \`${shown(id)}\` beside this one.`, suggestion: didYouMean(id, [...sources.keys()].slice(0, 50), "Put it into the same folder.") };
    const tooDeep = { message: `Includes are nested deeper than ${deepest} levels.`, suggestion: "Include the innermost runbooks directly." };
    if (chain.length > deepest) return tooDeep;
    const { compiled, height } = known.get(id) ?? remember(id, compile(source), known);
    if (compiled.runbook !== null) return chain.length + height > deepest ? tooDeep : { runbook: compiled.runbook };
    const first = compiled.diagnostics.find((d) => d.severity === "error");
    return { message: `The runbook \`${id}\` does not compile: line ${first?.from.line ?? 1} of ${shown(source.file)}: ${first?.message ?? ""}`.trim(), suggestion: "Mend that file first." };
  };
}

function remember(id: string, compiled: Compiled, known: Known): { readonly compiled: Compiled; readonly height: number } {
  const below = (compiled.runbook?.includes ?? []).map((i) => (known.get(i.runbook)?.height ?? 0) + 1);
  const entry = { compiled, height: Math.max(0, ...below) };
  known.set(id, entry);
  return entry;
}

function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 100);
}
