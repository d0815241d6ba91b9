import type { Person } from "../drills/events.ts";
import { openSteps, type DrillState, type StepState } from "../drills/state.ts";
import { DrillbookError } from "../errors.ts";
import { isByPeople } from "../runbooks/runbook.ts";
import { chatRefusals } from "../texts/chat.ts";

/**
 * The step that somebody means by a word such as `done`, when several may be open: the one they name by number, id or title, else the
 * only one that the word fits, else the only one of those that is theirs. Throws `bad-input` when it stays open which.
 */
export function meantStep(state: DrillState, by: Person, word: string, named: string): StepState | null {
  const open = openSteps(state);
  if (named !== "") return oneNamed(state, open, word, named);
  if (!aboutSteps.includes(word)) return open[0] ?? null;
  const fitting = open.filter((step) => fits(step, word));
  const mine = fitting.filter((step) => isFor(state, step, by));
  const [only] = fitting.length === 1 ? fitting : mine;
  if (fitting.length > 1 && mine.length !== 1) throw several(word, mine.length > 1 ? mine : fitting);
  return only ?? open[0] ?? null;
}

/**
 * The step that a file belongs to: the one that the words beside it name, else the one that still waits for evidence, else
 * the only one that is open. Null: the drill as a whole, for it is not clear which.
 */
export function stepOfFile(state: DrillState, by: Person, words: string): StepState | null {
  const open = openSteps(state);
  const said = words.toLowerCase();
  const named = open.filter(({ step }) => said.includes(step.title.toLowerCase()) || said.split(/\s+/).includes(step.id));
  const lacking = open.filter(({ step }) => (step.evidence ?? []).length > 0 && !state.attachments.some((a) => a.step === step.id));
  const mine = lacking.filter((step) => isFor(state, step, by));
  return [named, lacking, mine, open].find((steps) => steps.length === 1)?.[0] ?? null;
}

/** A step that is named by number, id or title, open or not. Throws `bad-input` when it is none, or several. */
export function anyStep(state: DrillState, named: string): StepState {
  return oneNamed(state, state.steps, "card", named);
}

/** The words that need one step; all others are about the drill, a person or a server. */
const aboutSteps = ["retry", "continue", "approve", "reject", "skipped", "done", "failed", "answer", "hand-over"];

function oneNamed(state: DrillState, open: readonly StepState[], word: string, named: string): StepState {
  const wanted = named.toLowerCase();
  const exactly = open.filter((found) => String(state.steps.indexOf(found) + 1) === wanted || found.step.id === wanted || found.step.title.toLowerCase() === wanted);
  const about = open.filter(({ step }) => step.id.includes(wanted) || step.title.toLowerCase().includes(wanted));
  const [only, ...others] = exactly.length > 0 ? exactly : about;
  if (only === undefined) {
    throw new DrillbookError("bad-input", ...chatRefusals.noSuchStep(named.slice(0, 80), open.map(({ step }) => step.title)));
  }
  if (others.length > 0) throw several(word, [only, ...others]);
  return only;
}

function fits({ step, status, approval }: StepState, word: string): boolean {
  switch (word) {
    case "retry":
    case "continue":
      return status === "failing";
    case "approve":
    case "reject":
      return approval?.status === "asked";
    case "skipped":
      return status === "failing" || isByPeople(step) || step.kind === "wait";
    case "done":
    case "failed":
    case "answer":
    case "hand-over":
      return status === "open" && isByPeople(step);
    default:
      return false;
  }
}

function isFor(state: DrillState, { step, assignee }: StepState, by: Person): boolean {
  if (assignee !== null) return assignee.id === by.id;
  return (state.roles[step.role] ?? []).some((p) => p.id === by.id);
}

function several(word: string, steps: readonly StepState[]): DrillbookError {
  const said = word === "skipped" ? "skip" : word;
  const titles = steps.map(({ step }) => step.title);
  return new DrillbookError("bad-input", ...chatRefusals.severalSteps(said, titles));
}
