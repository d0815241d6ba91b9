import { problemWithAnswer } from "../runbooks/answer-value.ts";
import { personalAnswers } from "../runbooks/personal-answers.ts";
import { answersOf, type AskedAnswer, type Step } from "../runbooks/runbook.ts";
import type { DrillState } from "./state.ts";

/** What `${name}` stands for now: the parameters of the launch and what people answered since. */
export function valuesOf(state: DrillState): Readonly<Record<string, string>> {
  return { ...state.params, ...state.answers };
}

/** The same without people's own words, which change nothing of what happens. */
export function steeringValues(state: DrillState): Readonly<Record<string, string>> {
  const personal = personalAnswers(state.runbook);
  return Object.fromEntries(Object.entries(valuesOf(state)).filter(([name]) => !personal.has(name)));
}

/** What a step that is skipped, passed over or left out answers by itself. */
export function defaultsOf(step: Step): Readonly<Record<string, string>> {
  return Object.fromEntries(answersOf(step).flatMap((a) => (a.default === null ? [] : [[a.name, a.default]])));
}

/** The answers as they are recorded: those that the step asks for and no others, a person by the name that everybody reads. */
export function valuesGiven(state: DrillState, step: Step, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(answersOf(step).map((asked) => [asked.name, valueGiven(state, asked, given)]));
}

/** What is wrong with the answers to a step; null when they can be recorded. */
export function problemWithValues(state: DrillState, step: Step, given: Readonly<Record<string, string>>): { readonly message: string; readonly suggestion: string } | null {
  const people = peopleOf(state).map((p) => p.name);
  for (const asked of answersOf(step)) {
    const problem = problemWithAnswer(asked, valueGiven(state, asked, given), people);
    if (problem !== null) return { message: `${asked.label}: ${problem.message}`, suggestion: problem.suggestion };
  }
  return null;
}

/** Everybody who has a role in the drill, once. */
export function peopleOf(state: DrillState): DrillState["performers"] {
  return [...new Map(Object.values(state.roles).flat().map((p) => [p.id, p])).values()];
}

/** Who is meant by a name or an id; null: nobody, or several. */
export function personNamed(state: DrillState, written: string): DrillState["performers"][number] | null {
  const people = peopleOf(state);
  const named = people.filter((p) => p.name.toLowerCase() === written.trim().toLowerCase());
  return people.find((p) => p.id === written.trim()) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

function valueGiven(state: DrillState, asked: AskedAnswer, given: Readonly<Record<string, string>>): string {
  const written = (Object.hasOwn(given, asked.name) ? given[asked.name] : undefined)?.trim() ?? "";
  const value = written === "" ? (asked.default ?? "") : written;
  if (asked.type === "choice") return asked.choices.find((c) => c.toLowerCase() === value.toLowerCase()) ?? value;
  if (asked.type !== "person") return value;
  return peopleOf(state).find((p) => p.id === value || p.name.toLowerCase() === value.toLowerCase())?.name ?? value;
}
