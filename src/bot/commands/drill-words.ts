import { untilOf } from "../../dialogs/answers.ts";
import { approvedInWords } from "../../dialogs/approval.ts";
import { debtToLeave, obligationOwed } from "../../dialogs/cleanup-card.ts";
import { anyStep, meantStep } from "../../dialogs/meant-step.ts";
import type { PersonCommand } from "../../drills/commands.ts";
import type { Person } from "../../drills/events.ts";
import { debtToOrder, openDebts, undoForPeople } from "../../drills/debts.ts";
import { openSteps, operationOf, stepOf, type DrillState, type OperationState, type StepState } from "../../drills/state.ts";
import { personNamed } from "../../drills/values.ts";
import { DrillbookError } from "../../errors.ts";
import { answersOf } from "../../runbooks/runbook.ts";
import { namedValues, withoutQuoted } from "./named-values.ts";
import type { Typed } from "./parse.ts";
import { chatRefusals as t } from "../../texts/chat.ts";

/**
 * The command that typed words mean in a drill: the same one that the button would give, so that the same checks follow. Throws
 * `bad-input` when something is missing that only the person can say, `not-now` for an answer where nothing is asked.
 */
export function commandOfWords(state: DrillState, by: Person, typed: Extract<Typed, { type: "verb" | "values" | "note" }>): PersonCommand {
  if (typed.type === "note") return { type: "note", by, ...aboutStep(state, typed.text) };
  const word = typed.type === "values" ? "answer" : typed.verb;
  const meant = typed.type === "verb" && typed.code !== "" ? (openSteps(state)[0] ?? null) : meantStep(state, by, word, namedStep(state, typed));
  const step = meant?.step.id ?? "";
  const round = meant?.round ?? 0;
  if (typed.type === "values") return { type: "answer", by, step, round, answer: "done", reason: "", ticks: [], values: valuesIn(state, step, state.open.length > 1 ? typed.words.replace(numbered, "") : typed.words) };
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
      return { type: "decide", by, ...approvalMeant(state, step, round, typed.on ?? "", typed.code), decision: typed.verb, reason };
    case "pause":
    case "resume":
    case "abort":
    case "give-up":
      return { type: typed.verb, by, reason };
    case "look-again":
    case "not-started":
      return { type: "resolve", by, operation: operationMeant(state, typed.on ?? "", (o) => o.phase === "unknown")?.key ?? "", as: typed.verb, reason };
    case "answer-pause": {
      const waits = operationMeant(state, typed.on ?? "", (o) => o.pause !== null);
      return { type: "answer-pause", by, operation: waits?.key ?? "", pause: waits?.pause?.id ?? "", reason };
    }
    case "hand-over":
      return { type: "hand-over", by, step, round, to: typed.as, reason };
    case "order-undo":
      return { type: "order-undo", by, operation: debtToOrder(state)?.operation ?? "", reason };
    case "retry-undo":
      return { type: "retry-undo", by, operation: state.debts.find((d) => d.status === "failed")?.operation ?? "", reason };
    case "accept-debt":
      return { type: "accept-debt", by, operation: debtToLeave(state)?.operation ?? "", reason };
    case "undo-done":
    case "undo-failed":
      return { type: "answer-undo", by, operation: undoForPeople(state)?.operation ?? "", answer: typed.verb === "undo-done" ? "done" : "failed", reason };
    case "hand-over-role":
      return { type: "hand-over-role", by, role: roleNamed(state, typed.on ?? ""), to: typed.as, reason };
    case "propose-approver":
      return { type: "propose-approver", by, role: "approver", to: typed.on ?? "", reason };
    case "admit-approver":
      return { type: "admit-approver", by, proposal: proposalNamed(state, typed.on ?? "") };
    case "hold":
    case "release":
      return serverCommand(state, by, typed, reason);
    case "settle":
      return { type: "settle", by, obligation: obligationNamed(state, typed.on ?? ""), reason };
    case "record-finding":
      return findingIn(state, by, typed.on ?? "", reason);
    case "sign":
      return { type: "sign", by, as: typed.as === "reviewer" ? "reviewer" : "owner", statement: reason };
    default:
      throw new DrillbookError("bad-input", ...t.notADrillWord(typed.verb));
  }
}

/** Typing `done` says of a checklist that every item is done. */
function allTicks(state: DrillState, stepId: string): readonly boolean[] {
  const step = stepOf(state, stepId)?.step;
  return step?.kind === "checklist" ? step.items.map(() => true) : [];
}

/** The only operation that it can be; of several that of the step which is named, by number, id or title, else the first. */
function operationMeant(state: DrillState, named: string, fits: (operation: OperationState) => boolean): OperationState | undefined {
  const [only, ...others] = state.operations.filter(fits);
  return named === "" || others.length === 0 ? only : operationOf(state, anyStep(state, named).operation);
}

const aboutSteps = ["done", "failed", "skipped", "retry", "continue", "hand-over"];

/** `answer 3: east` names the step before the answer. */
const numbered = /^(\d{1,3})(?:: ?| (?=\S+=))/;

/** Only these words are about a step; the others name people, servers or nothing. */
function namedStep(state: DrillState, typed: Extract<Typed, { type: "verb" | "values" }>): string {
  if (typed.type === "values") return state.open.length > 1 ? (numbered.exec(typed.words)?.[1] ?? "") : "";
  return aboutSteps.includes(typed.verb) ? (typed.on ?? "") : "";
}

/**
 * A bare word never approves: only the step and the code of its digest together do. Without them, or when they do not belong
 * together, the answer is what would be approved and what to type.
 */
function approvalMeant(state: DrillState, step: string, round: number, named: string, code: string): { readonly step: string; readonly round: number; readonly code: string } {
  const asked = openSteps(state).filter((s) => s.approval?.status === "asked");
  const coded = asked.filter((s) => s.approval?.code === code);
  const meant = named === "" ? undefined : coded.find((s) => isNamed(state, s, named));
  if (meant !== undefined) return { step: meant.step.id, round: meant.round, code };
  const other = named === "" || code === "" ? undefined : asked.find((s) => isNamed(state, s, named));
  // An old or invented code is refused where every refusal is recorded, and so is what is over or not asked yet.
  if (other !== undefined && coded.length === 0) return { step: other.step.id, round: other.round, code };
  const said = whatIsAsked(state, coded[0] ?? other ?? stepOf(state, step));
  if (said !== null && asked.length > 0) throw new DrillbookError("bad-input", ...said);
  if (code !== "") return { step, round, code };
  throw new DrillbookError("not-now", ...t.nothingAsked);
}

/** What would be approved at this step, and what to type for it and against it; null: nothing is asked there. */
export function whatIsAsked(state: DrillState, found: StepState | undefined): readonly [string, string] | null {
  if (found?.approval?.status !== "asked") return null;
  return t.whatIsApproved(found.step.title, approvedInWords(found.approval), numberOf(state, found), found.approval.code);
}

/** By its number, as the cards show it, or by its id or a part of its title. */
function isNamed(state: DrillState, found: StepState, named: string): boolean {
  const wanted = named.toLowerCase();
  return wanted === String(numberOf(state, found)) || found.step.id === wanted || (wanted.length > 2 && found.step.title.toLowerCase().includes(wanted));
}

function numberOf(state: DrillState, found: StepState): number {
  return state.steps.indexOf(found) + 1;
}

/** An object's own words, such as "constructor", are no names of roles: looked up as one they would be found. */
function roleNamed({ roles }: DrillState, name: string): string {
  return name in roles && !Object.hasOwn(roles, name) ? "" : name;
}

function proposalNamed(state: DrillState, name: string): string {
  const open = state.proposals.filter((p) => !p.added);
  return (open.find((p) => p.id === name.toUpperCase() || p.person.name.toLowerCase() === name.toLowerCase()) ?? (name === "" && open.length === 1 ? open[0] : undefined))?.id ?? "";
}

function obligationNamed(state: DrillState, words: string): string {
  if (words === "") return obligationOwed(state)?.operation ?? "";
  const open = openDebts(state).filter((d) => d.kind === "obligation");
  const named = open.filter((d) => d.operation.toLowerCase().includes(words.toLowerCase()) || d.text.toLowerCase().includes(words.toLowerCase()));
  return named.length === 1 ? (named[0]?.operation ?? "") : "";
}

/** `keep web-01 until 2026-12-01T12:00Z`: a time without a zone is UTC. `all` means every server, `all of 3` those of a step. */
function serverCommand(state: DrillState, by: Person, typed: { readonly verb: string; readonly as: string; readonly on?: string }, reason: string): PersonCommand {
  const words = typed.on ?? "";
  const [everything, step = ""] = /^(?:all|everything)(?: of (?:step )?(.+))?$/i.exec(words) ?? [];
  const server = everything === undefined ? words : "";
  const owed = openDebts(state).filter((d) => d.kind === "undo");
  const has = (operation: string): boolean => operationOf(state, operation)?.servers.some((s) => server === "" || s.name.toLowerCase() === server.toLowerCase()) ?? false;
  const operation = (step === "" ? (owed.findLast((d) => has(d.operation)) ?? owed.at(-1))?.operation : anyStep(state, step).operation) ?? "";
  if (typed.verb === "release") return { type: "release", by, operation, server, reason };
  const said = untilOf(typed.as.trim());
  const until = new Date(/[Zz]$|[+-]\d\d:\d\d$/.test(said) ? said : `${said.replace(" ", "T")}Z`);
  if (Number.isNaN(until.getTime())) throw new DrillbookError("bad-input", ...t.untilWhen);
  return { type: "hold", by, operation, server, until: until.toISOString(), reason };
}

/** `finding the route was missing for Bea Lind by 2027-01-31`: owner and date may be left out. */
function findingIn(state: DrillState, by: Person, words: string, reason: string): PersonCommand {
  const [, text = "", owner = "", due = ""] = /^(.*?)(?: for ((?:(?! for ).)+?))?(?: by (\d{4}-\d\d-\d\d))?$/is.exec(words) ?? [];
  // "for" is a common word: it names an owner only when somebody in the drill is called so.
  const known = owner !== "" && personNamed(state, owner) !== null;
  const said = known || owner === "" ? text : `${text} for ${owner}`;
  return { type: "record-finding", by, ...aboutStep(state, reason === "" ? said : `${said} because ${reason}`), owner: known ? owner : "", due };
}

/** `note on Sign in: took 40 s` is about that step, open or not; without a name it is about the only one that is open, or the whole drill. */
function aboutStep(state: DrillState, words: string): { readonly step: string | null; readonly text: string } {
  const [, name = "", text = ""] = /^on (.+?): +(.+)$/is.exec(words) ?? [];
  const named = name === "" ? undefined : state.steps.find(({ step }) => step.id === name.toLowerCase() || step.title.toLowerCase() === name.toLowerCase());
  if (named !== undefined) return { step: named.step.id, text };
  return { step: state.open.length === 1 ? state.current : null, text: words };
}

/** `site=east window=20:00 to 21:00`: a value goes on to the next name that the step asks for. A lone answer needs no name. */
function valuesIn(state: DrillState, stepId: string, words: string): Readonly<Record<string, string>> {
  const step = stepOf(state, stepId)?.step;
  const names = step === undefined ? [] : answersOf(step).map((a) => a.name);
  const { words: set, back } = withoutQuoted(words);
  const known = (typed: string): string | undefined => names.find((name) => name.toLowerCase() === typed.toLowerCase());
  const given = Object.entries(namedValues(set, (name) => known(name) !== undefined).values).map(([name, value]) => [known(name) ?? name, back(value)]);
  const [only, ...others] = names;
  if (given.length === 0) return only !== undefined && others.length === 0 ? { [only]: back(set.replace(/[.!]+$/, "")) } : {};
  return Object.fromEntries(given);
}
