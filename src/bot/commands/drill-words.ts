import type { PersonCommand } from "../../drills/commands.ts";
import type { Person } from "../../drills/events.ts";
import { debtToOrder, stepOf, type DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { answersOf } from "../../runbooks/runbook.ts";
import type { Typed } from "./parse.ts";

/**
 * The command that typed words mean in a drill: the same one that the button would give, so that the same checks follow.
 * Throws `bad-input` when something is missing that only the person can say.
 */
export function commandOfWords(state: DrillState, by: Person, typed: Extract<Typed, { type: "verb" | "values" | "note" }>): PersonCommand {
  if (typed.type === "note") return { type: "note", by, step: state.current, text: typed.text };
  const step = state.current ?? "";
  const round = stepOf(state, step)?.round ?? 0;
  if (typed.type === "values") return { type: "answer", by, step, round, answer: "done", reason: "", ticks: [], values: valuesIn(state, step, typed.words) };
  const { reason } = typed;
  switch (typed.verb) {
    case "done":
    case "failed":
    case "skipped":
      return { type: "answer", by, step, round, answer: typed.verb, reason, ticks: allTicks(state, step) };
    case "retry":
    case "continue":
      return { type: typed.verb, by, step, round, reason };
    case "approve":
    case "reject":
      return { type: "decide", by, step, round, decision: typed.verb, code: codeOr(state, typed.code), reason };
    case "pause":
    case "resume":
    case "abort":
    case "give-up":
      return { type: typed.verb, by, reason };
    case "look-again":
    case "not-started":
      return { type: "resolve", by, operation: state.operations.find((o) => o.phase === "unknown")?.key ?? "", as: typed.verb, reason };
    case "hand-over":
      return { type: "hand-over", by, step, round, to: typed.as, reason };
    case "order-undo":
      return { type: "order-undo", by, operation: debtToOrder(state)?.operation ?? "", reason };
    case "retry-undo":
    case "accept-debt":
      return { type: typed.verb, by, operation: (state.debts.find((d) => d.status === "failed") ?? debtToOrder(state))?.operation ?? "", reason };
    case "sign":
      return { type: "sign", by, as: typed.as === "reviewer" ? "reviewer" : "owner", statement: reason };
    default:
      throw new DrillbookError("bad-input", `"${typed.verb}" is not something a drill understands.`, "Type: help");
  }
}

/** Typing `done` says of a checklist that every item is done. */
function allTicks(state: DrillState, stepId: string): readonly boolean[] {
  const step = stepOf(state, stepId)?.step;
  return step?.kind === "checklist" ? step.items.map(() => true) : [];
}

/** A bare word never approves: without the code, the answer is what would be approved and what to type. */
function codeOr(state: DrillState, code: string): string {
  if (code !== "") return code;
  const approval = state.current === null ? null : (stepOf(state, state.current)?.approval ?? null);
  if (approval === null) throw new DrillbookError("not-now", "Nothing is being asked of approvers now.", "Type: status");
  const targets = approval.previews.flatMap((p) => p.targets.map((t) => t.name)).join(", ");
  const what = approval.previews.map((p) => p.facts[0]?.value ?? p.action).join("; ");
  throw new DrillbookError(
    "bad-input",
    `What would be approved: ${what || "to go on"}${targets === "" ? "" : ` (${targets})`}.`,
    `If you agree, type: approve ${approval.code}`,
  );
}

/** `site=east window=20:00 to 21:00`: a value goes on to the next name that the step asks for. A lone answer needs no name. */
function valuesIn(state: DrillState, stepId: string, words: string): Readonly<Record<string, string>> {
  const step = stepOf(state, stepId)?.step;
  const names = step === undefined ? [] : answersOf(step).map((a) => a.name);
  const begins = [...words.matchAll(/(?:^|[\s,;])([a-z][A-Za-z0-9_-]{0,62})=/g)].filter((found) => names.includes(found[1] ?? ""));
  const [only] = names;
  if (begins.length === 0) return only !== undefined && names.length === 1 ? { [only]: words.replace(/[.!]+$/, "") } : {};
  return Object.fromEntries(begins.map((found, i) => [found[1] ?? "", words.slice(found.index + found[0].length, begins[i + 1]?.index).replace(/[\s,;]+$/, "").trim()]));
}
