import type { PersonCommand } from "../drills/commands.ts";
import type { Person } from "../drills/events.ts";
import { stepOf, type DrillState } from "../drills/state.ts";
import { isRecord } from "../runbooks/json.ts";
import { answersOf, type Json } from "../runbooks/runbook.ts";

/** What a click means. The payload is a hint: only names of steps and rounds are taken from it, and words as words. */
export function commandOfClick(state: DrillState, by: Person, verb: string, data: Json): PersonCommand | null {
  const given = isRecord(data) ? data : {};
  const word = (key: string, most = 500): string => (typeof given[key] === "string" ? given[key].slice(0, most).trim() : "");
  const step = word("step", 100);
  const round = typeof given["round"] === "number" ? given["round"] : 0;
  const operation = word("operation", 200);
  const reason = word("reason");
  switch (verb) {
    case "done":
    case "failed":
    case "skipped":
      return { type: "answer", by, step, round, answer: verb, reason, ticks: ticksOf(state, step, given), values: valuesOf(state, step, given) };
    case "retry":
    case "continue":
      return { type: verb, by, step, round, reason };
    case "approve":
    case "reject":
      return { type: "decide", by, step, round, decision: verb, code: word("code", 64), reason };
    case "pause":
    case "resume":
    case "abort":
    case "give-up":
      return { type: verb, by, reason };
    case "look-again":
    case "not-started":
      return { type: "resolve", by, operation, as: verb, reason };
    case "answer-pause":
      return { type: verb, by, operation, pause: word("pause", 200), reason };
    case "order-undo":
    case "retry-undo":
    case "accept-debt":
      return { type: verb, by, operation, reason };
    case "undo-done":
    case "undo-failed":
      return { type: "answer-undo", by, operation, answer: verb === "undo-done" ? "done" : "failed", reason };
    case "hold":
      return { type: "hold", by, operation, server: word("server", 200), until: untilOf(word("until", 40) || word("otherwise", 40)), reason };
    case "release":
      return { type: "release", by, operation, server: word("server", 200), reason };
    case "settle":
      return { type: "settle", by, obligation: word("obligation", 200), reason };
    case "sign":
      return { type: "sign", by, as: word("as", 20) === "reviewer" ? "reviewer" : "owner", statement: word("statement") };
    default:
      return null;
  }
}

/** A date without a time means until its end, in UTC. What is no time stays so, and is refused. */
export function untilOf(said: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(said) ? `${said}T23:59:59.000Z` : said;
}

/** Adaptive Cards send a toggle as the text "true". */
function ticksOf(state: DrillState, stepId: string, given: { readonly [key: string]: Json }): readonly boolean[] {
  const step = stepOf(state, stepId)?.step;
  if (step?.kind !== "checklist") return [];
  const ticked = (key: string): boolean => given[key] === "true" || given[key] === true;
  // A long list is ticked as a whole.
  return step.items.map((_, i) => ticked(`tick${i}`) || ticked("ticks"));
}

function valuesOf(state: DrillState, stepId: string, given: { readonly [key: string]: Json }): Readonly<Record<string, string>> {
  const step = stepOf(state, stepId)?.step;
  const asked = step === undefined ? [] : answersOf(step);
  return Object.fromEntries(asked.flatMap(({ name, type }) => (typeof given[`a_${name}`] === "string" ? [[name, String(given[`a_${name}`]).slice(0, type === "output" ? 20_001 : 1_001)]] : [])));
}
