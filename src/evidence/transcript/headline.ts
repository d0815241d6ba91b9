import type { DrillState } from "../../drills/state.ts";
import type { ObjectiveOutcome } from "./objectives.ts";
import { failedServers } from "./recovery-time.ts";
import { listed } from "../../texts/words.ts";

export type Tone = "good" | "warn" | "bad" | "open";

/** The one word on top, and what stands against it. */
export type Headline = { readonly tone: Tone; readonly words: string; readonly why: readonly string[] };

/**
 * Never "passed" while a server of a plan failed or an objective was missed, whatever result was recorded; then the recorded
 * result is told beside it.
 */
export function headlineOf(state: DrillState, objectives: readonly ObjectiveOutcome[]): Headline {
  const why = [...serversAgainst(state), ...objectivesAgainst(objectives)];
  const base = recorded(state);
  if (base.tone === "bad" || base.tone === "open") return { ...base, why };
  const unmeasured = objectives.filter((o) => o.result === "not measured").map((o) => `${o.id} ${o.target} is ${o.achieved}.`);
  if (why.length === 0) return unmeasured.length === 0 ? { ...base, why } : { tone: "warn", words: `${base.words}, not everything measured`, why: unmeasured };
  return { tone: "bad", words: "Not passed", why: [...why, `The drill itself was closed as "${state.result ?? ""}".`] };
}

function recorded(state: DrillState): Headline {
  switch (state.result) {
    case "passed":
      return { tone: "good", words: "Passed", why: [] };
    case "passed-with-findings":
      return { tone: "warn", words: "Passed with findings", why: [] };
    case "failed":
      return { tone: "bad", words: "Failed", why: [] };
    case "aborted":
      return { tone: "bad", words: "Aborted", why: [] };
    case null:
      return { tone: "open", words: openWords(state), why: [] };
  }
}

function openWords(state: DrillState): string {
  if (state.status === "signing-off") return "Waiting for signatures";
  return state.status === "cleaning-up" ? "Cleaning up" : "Still running";
}

function serversAgainst(state: DrillState): readonly string[] {
  const failed = failedServers(state);
  return failed.length === 0 ? [] : [`${listed(failed)} failed: a plan is as good as its worst server.`];
}

function objectivesAgainst(objectives: readonly ObjectiveOutcome[]): readonly string[] {
  return objectives.filter((o) => o.result === "not met").map((o) => `${o.id} missed its ${o.target}.`);
}
