import { sayDuration } from "../runbooks/duration-text.ts";
import { fill } from "../runbooks/fill.ts";
import type { Json } from "../runbooks/runbook.ts";
import { isHeld, nextUndo, openDebts } from "./debts.ts";
import { openSteps, type Debt, type DrillState, type OperationState, type StepState } from "./state.ts";
import { valuesOf } from "./values.ts";
import { courseTexts } from "../texts/course.ts";

/** Something that should be under way. `key` is the same for as long as it is the same thing. */
export type Effect = { readonly key: string } & (
  | { readonly type: "observe"; readonly step: string; readonly round: number; readonly check: string; readonly input: Json }
  | { readonly type: "ask"; readonly step: string; readonly round: number }
  | { readonly type: "expire"; readonly step: string; readonly round: number; readonly at: Date }
  | { readonly type: "look"; readonly step: string; readonly round: number; readonly check: string; readonly input: Json; readonly at: Date }
  | { readonly type: "waited"; readonly step: string; readonly round: number; readonly at: Date }
  | { readonly type: "try-again"; readonly step: string; readonly round: number; readonly at: Date; readonly reason: string }
  | { readonly type: "time-out"; readonly step: string; readonly round: number; readonly at: Date; readonly reason: string }
  | {
      readonly type: "act";
      readonly step: string;
      readonly round: number;
      readonly operation: string;
      readonly action: string;
      readonly input: Json;
      readonly undoOf: string | null;
    }
  | { readonly type: "release"; readonly operation: string; readonly pause: string }
  | { readonly type: "recover"; readonly operation: string; readonly sentBy: Date }
  | { readonly type: "follow"; readonly operation: string }
  | { readonly type: "hold-over"; readonly operation: string; readonly server: string; readonly at: Date }
  | { readonly type: "overdue"; readonly at: Date }
);

/** However often something was tried, it is tried again within a day. */
const longestPauseMs = 86_400_000;

/** What should be under way in this state. Pure: only the runner does any of it. */
export function effects(state: DrillState): readonly Effect[] {
  if (state.status === "ended") return [];
  return [...stepsEffects(state), ...operationEffects(state), ...undoEffects(state), ...timeEffects(state)];
}

function stepsEffects(state: DrillState): readonly Effect[] {
  if (state.status !== "running" || state.paused !== null) return [];
  return openSteps(state).flatMap((step) => (step.status === "failing" ? tryAgain(state, step) : stepEffects(state, step)));
}

function stepEffects(state: DrillState, current: StepState): readonly Effect[] {
  const { step, round, approval } = current;
  const at = { step: step.id, round };
  if ("timeoutMs" in step) return timeOut(current, step.timeoutMs);
  if (step.kind === "wait") return waiting(state, current);
  if (step.kind === "check") {
    return [{ type: "observe", key: `observe ${step.id}#${round}`, ...at, check: step.type, input: fill(step.input, valuesOf(state)) }];
  }
  if (step.kind === "approval") {
    if (approval === null) return [{ type: "ask", key: `ask ${step.id}#${round}`, ...at }];
    if (approval.status !== "asked") return [];
    return [{ type: "expire", key: `expire ${step.id}#${round}`, ...at, at: new Date(approval.expiresAt) }];
  }
  if (leftBefore(state, step.id) !== undefined) return [];
  if (step.kind === "action" && current.operation === null) {
    const operation = `${step.id}#${round}`;
    const input = fill(step.input, valuesOf(state));
    return [{ type: "act", key: `act ${operation}`, ...at, operation, action: step.type, input, undoOf: null }];
  }
  return [];
}

function waiting(state: DrillState, { step, round, since, looks }: StepState): readonly Effect[] {
  if (step.kind !== "wait" || since === null) return [];
  const at = { step: step.id, round };
  const from = Date.parse(since);
  if (step.until === null) return [{ type: "waited", key: `waited ${step.id}#${round}`, ...at, at: new Date(from + (step.forMs ?? 0)) }];
  const { type: check, input, times, everyMs, limitMs } = step.until;
  const next = looks === null ? from : Date.parse(looks.last) + everyMs;
  const limit = from + limitMs;
  const reason = courseTexts.didNotHold(times, sayDuration(limitMs));
  if (next > limit) return [{ type: "time-out", key: `time-out ${step.id}#${round}`, ...at, at: new Date(limit), reason }];
  return [{ type: "look", key: `look ${step.id}#${round}/${looks?.count ?? 0}`, ...at, check, input: fill(input, valuesOf(state)), at: new Date(next) }];
}

/** A failed look that the runbook wants repeated: each pause is twice the one before it. */
function tryAgain(state: DrillState, { step, round, since, operation }: StepState): readonly Effect[] {
  // In live nothing makes room for another attempt by itself: somebody has to order the undo.
  if (state.mode === "live" && openDebts(state).some((d) => d.operation === operation)) return [];
  if (state.operations.some((o) => o.key === operation && o.phase !== "ended")) return [];
  if (step.retry === undefined || since === null || round >= step.retry.attempts) return [];
  const at = new Date(Date.parse(since) + Math.min(step.retry.afterMs * 2 ** (round - 1), longestPauseMs));
  return [{ type: "try-again", key: `try-again ${step.id}#${round}`, step: step.id, round, at, reason: courseTexts.tryUpTo(step.retry.attempts) }];
}

/** A step that people leave unanswered fails in the end. */
function timeOut({ step, round, since }: StepState, timeoutMs: number | undefined): readonly Effect[] {
  if (timeoutMs === undefined || since === null) return [];
  const reason = courseTexts.nobodyAnswered(sayDuration(timeoutMs));
  return [{ type: "time-out", key: `time-out ${step.id}#${round}`, step: step.id, round, at: new Date(Date.parse(since) + timeoutMs), reason }];
}

function operationEffects(state: DrillState): readonly Effect[] {
  return state.operations.flatMap((o): Effect[] => {
    if (o.phase === "intended") return [{ type: "recover", key: `recover ${o.key}`, operation: o.key, sentBy: new Date(o.sendBy) }];
    if (o.phase === "started") return [...release(state, o), { type: "follow", key: `follow ${o.key}`, operation: o.key }];
    return [];
  });
}

/** Told once for each word of a person; what came of a lost answer the next look at the operation shows. */
function release({ paused }: DrillState, { key, pause }: OperationState): readonly Effect[] {
  if (pause?.answer == null || pause.answer.sendBy !== null || pause.answer.problem !== null || paused !== null) return [];
  return [{ type: "release", key: `release ${key} ${pause.id} ${pause.answer.at}`, operation: key, pause: pause.id }];
}

/** One undo at a time, the last action first, and only when nothing that the drill started is still moving. */
function undoEffects(state: DrillState): readonly Effect[] {
  if (state.status === "running" && state.paused === null) return beforeRetry(state);
  if (state.status !== "cleaning-up" || state.operations.some((o) => o.phase !== "ended")) return [];
  const debt = nextUndo(state);
  if (debt === null || !debt.ordered || debt.kind !== "undo" || openDebts(state).some((d) => d.status === "failed" && isLater(state, d.operation, debt.operation))) return [];
  return [undo(debt)];
}

/** What the last attempt at a step left is taken back before the next one may begin. */
function beforeRetry(state: DrillState): readonly Effect[] {
  return openSteps(state).flatMap(({ step, operation }) => {
    const debt = operation === null ? leftBefore(state, step.id) : undefined;
    return debt?.status === "owed" && !isHeld(state, debt.operation) ? [undo(debt)] : [];
  });
}

function leftBefore(state: DrillState, step: string): Debt | undefined {
  return openDebts(state).find((d) => d.step === step && d.beforeRetry);
}

function undo(debt: Debt): Effect {
  const operation = `undo ${debt.operation}/${debt.attempts + 1}`;
  return { type: "act", key: `act ${operation}`, step: debt.step, round: 0, operation, action: debt.action, input: debt.input, undoOf: debt.operation };
}

function isLater(state: DrillState, one: string, other: string): boolean {
  const order = state.debts.map((d) => d.operation);
  return order.indexOf(one) > order.indexOf(other);
}

/** What the clock alone brings: a hold that is over, and a decision that is overdue in an incident. */
function timeEffects(state: DrillState): readonly Effect[] {
  const holds = state.holds.map(({ operation, server, until }): Effect => ({ type: "hold-over", key: `hold-over ${operation} ${server} ${until}`, operation, server, at: new Date(until) }));
  const decideBy = state.declared?.decideBy ?? null;
  const decided = state.operations.length > 0 || state.escalations.some((e) => e.step === null);
  return decideBy === null || decided || state.status !== "running" ? holds : [...holds, { type: "overdue", key: "overdue", at: new Date(decideBy) }];
}
