import { holds } from "../runbooks/condition.ts";
import { fill } from "../runbooks/fill.ts";
import type { Step } from "../runbooks/runbook.ts";
import { bodies } from "./bodies.ts";
import type { Command, PersonCommand } from "./commands.ts";
import type { DrillEvent, DrillResult, EventBody, Person } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { Refusal } from "./permission.ts";
import { outdated, refusePerson } from "./refusals.ts";
import { isGuard, openDebts, operationOf, stepOf, type DrillState, type StepState } from "./state.ts";
import { valuesOf } from "./values.ts";

/** What follows from a command: events to append, or why it is refused. Nothing else happens. */
export type Decision = { readonly events: readonly DrillEvent[] } | { readonly refused: Refusal };

/** Refused commands kept in one drill's history: enough to show who tried what, too few to fill a disk. */
const refusalsKept = 200;

/**
 * Decides a command against a state. Pure: `at` is the time of the decision. The events it returns are already numbered and
 * include what follows by itself, such as the next step opening.
 */
export function decide(state: DrillState, command: Command, at: Date): Decision {
  const refused = command.by === null ? outdated(state, command) : refusePerson(state, command, at);
  if (refused !== null) return { refused };
  const history = new Growing(state, at);
  for (const body of bodies(state, command, at)) history.add(command.by, body);
  settle(history);
  return { events: history.events };
}

/** The first events of a drill: its launch and what follows from it by itself, to be appended together. */
export function begin(launched: DrillEvent): readonly DrillEvent[] {
  const history = new Growing(evolve(null, launched), new Date(launched.at));
  settle(history);
  return [launched, ...history.events];
}

/** The event that records a refused command; empty once a drill has ended or holds enough of them. */
export function recordRefusal(state: DrillState, command: PersonCommand, refusal: Refusal, at: Date): readonly DrillEvent[] {
  if (state.status === "ended" || state.refusals >= refusalsKept) return [];
  const step = "step" in command ? command.step : null;
  const history = new Growing(state, at);
  history.add(command.by, { type: "command.refused", command: command.type, step, code: refusal.code, message: refusal.message });
  return history.events;
}

/** Half a character, as a cut text may end in, cannot be stored as evidence: it is replaced before it is recorded. */
function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)])) as T;
}

/** Numbers and folds events as they are decided, so that each rule sees the state that the one before it left. */
class Growing {
  readonly events: DrillEvent[] = [];
  state: DrillState;
  readonly #at: Date;

  constructor(state: DrillState, at: Date) {
    this.state = state;
    this.#at = at;
  }

  add(by: Person | null, body: EventBody): void {
    const event: DrillEvent = { v: 1, drill: this.state.id, seq: this.state.seq + 1, at: this.#at.toISOString(), by, ...wellFormed(body) };
    this.events.push(event);
    this.state = evolve(this.state, event);
  }
}

/** What follows by itself: the next step opens, cleanup begins and ends, sign-off is asked, the drill ends. */
function settle(history: Growing): void {
  for (;;) {
    const body = consequence(history.state);
    if (body === null) return;
    history.add(null, body);
  }
}

function consequence(state: DrillState): EventBody | null {
  if (state.status === "running") return state.paused === null ? nextStep(state) : null;
  if (state.status === "cleaning-up") return afterCleanup(state);
  if (state.status === "signing-off") {
    const signed = (as: string): boolean => state.signatures.some((s) => s.as === as);
    return signed("owner") && signed("reviewer") && state.proposed !== null ? { type: "drill.ended", result: state.proposed } : null;
  }
  return null;
}

function nextStep(state: DrillState): EventBody | null {
  const current = state.current === null ? undefined : stepOf(state, state.current);
  if (current?.status === "open") return announcement(state, current);
  if (current?.status === "failing") return afterFailure(state, current);
  const next = state.steps.find((s) => s.status === "pending");
  if (next === undefined) return { type: "cleanup.began", why: "finished", reason: "" };
  const why = whyLeftOut(state, next.step);
  if (why !== null) return { type: "step.left-out", step: next.step.id, why };
  return { type: "step.opened", step: next.step.id, round: next.round + 1 };
}

/** Said once an attempt, in the words that everybody can check later. */
function announcement(state: DrillState, { step, round, announced }: StepState): EventBody | null {
  if (step.kind !== "announce" || announced !== null) return null;
  const said = (words: string): string => String(fill(words, valuesOf(state)));
  const what = state.purpose === "incident" ? "REAL INCIDENT" : "EXERCISE";
  return { type: "announcement.made", step: step.id, round, audience: said(step.audience), text: `${what}: ${said(step.text)}` };
}

function whyLeftOut(state: DrillState, step: Step): "branch" | "mode" | null {
  if (step.only !== undefined && !step.only.includes(state.mode)) return "mode";
  return step.when !== undefined && !holds(step.when, valuesOf(state)) ? "branch" : null;
}

/** `onFail` says what a failure means; a guard or an approval never lets a drill go on by itself. */
function afterFailure(state: DrillState, failing: StepState): EventBody | null {
  const operation = operationOf(state, failing.operation);
  if (operation !== undefined && operation.phase !== "ended") return null;
  if (failing.step.onFail === "stop") {
    return { type: "cleanup.began", why: "failed", reason: `"${failing.step.title}" failed, and the runbook says to stop then.` };
  }
  if (failing.step.onFail === "continue" && !isGuard(failing)) {
    return { type: "step.continued", step: failing.step.id, round: failing.round, reason: "The runbook says to continue." };
  }
  return null;
}

function afterCleanup(state: DrillState): EventBody | null {
  if (openDebts(state).length > 0 || state.operations.some((o) => o.phase !== "ended")) return null;
  if (state.cleanup?.why === "aborted") return { type: "drill.ended", result: "aborted" };
  return { type: "signoff.asked", proposed: proposedResult(state) };
}

function proposedResult(state: DrillState): DrillResult {
  if (state.cleanup?.why === "failed") return "failed";
  const deviated = state.steps.some((s) => s.status === "skipped" || s.status === "continued");
  return deviated || state.findings.length > 0 ? "passed-with-findings" : "passed";
}
