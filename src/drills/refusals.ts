import type { PersonCommand } from "./commands.ts";
import { permit } from "./permission.ts";
import { bad, denied, gone, later, needsReason, type Refusal } from "./refusal.ts";
import { refuseOwed } from "./refusals/owed.ts";
import { refusePeople } from "./refusals/people.ts";
import { isGuard, mayAnswerPause, operationOf, stepOf, type DrillState, type StepState } from "./state.ts";
import { problemWithValues } from "./values.ts";
import { refusalTexts as t } from "../texts/refusals.ts";

/** Files kept in one drill's history: enough for evidence, too few to fill a disk. */
const attachmentsKept = 200;

/** Why a person's command is refused: not theirs to give, or not now. Null when it is accepted. */
export function refusePerson(state: DrillState, command: PersonCommand, at: Date): Refusal | null {
  if (state.status === "ended" && command.type !== "note") {
    return later(...t.ended(state.id, state.result ?? ""));
  }
  return permit(state, command) ?? whilePaused(state, command) ?? refuseNow(state, command, at);
}

/** A pause holds people too: what they would do next is what somebody wanted to keep from happening. */
function whilePaused(state: DrillState, command: PersonCommand): Refusal | null {
  if (state.paused === null || !["answer", "answer-pause", "retry", "continue", "decide"].includes(command.type)) return null;
  return later(...t.paused(state.id, state.paused.by?.name ?? t.drillbook, state.paused.reason));
}

function refuseNow(state: DrillState, command: PersonCommand, at: Date): Refusal | null {
  switch (command.type) {
    case "answer":
      return atStep(state, command) ?? refuseAnswer(state, command);
    case "retry":
      return atStep(state, command) ?? refuseRetry(state, command.step);
    case "continue":
      return atStep(state, command) ?? refuseContinue(state, command);
    case "decide":
      return refuseDecision(state, command, at);
    case "abort":
    case "give-up":
      return state.status === "running"
        ? needsReason(command.reason, t.needing.ending)
        : later(t.alreadyEnding(state.id, state.status === "cleaning-up"));
    case "resolve":
      return operationOf(state, command.operation)?.phase === "unknown"
        ? needsReason(command.reason, t.needing.outcome)
        : later(t.nothingUnknown);
    case "answer-pause":
      return refusePause(state, command, at);
    case "retry-undo":
    case "accept-debt":
    case "order-undo":
    case "answer-undo":
    case "hold":
    case "release":
    case "settle":
      return refuseOwed(state, command, at);
    case "hand-over":
      if (stepOf(state, command.step)?.step.kind === "approval") return later(t.approvalNotHandedOver);
      return atStep(state, command) ?? refusePeople(state, command);
    case "hand-over-role":
    case "propose-approver":
    case "admit-approver":
    case "record-finding":
      return refusePeople(state, command);
    case "pause":
      if (state.status !== "running") return later(t.notRunning(state.id));
      return state.paused === null ? needsReason(command.reason, t.needing.pausing) : later(t.pausedAlready(state.id));
    case "resume":
      return state.paused === null ? later(t.notPaused(state.id)) : null;
    case "note":
      return command.text.trim() === "" ? bad(...t.emptyNote) : null;
    case "attach":
      return state.attachments.length < attachmentsKept ? null : later(...t.attachmentsFull(state.id, attachmentsKept));
    case "sign":
      return refuseSignature(state, command.as);
  }
}

/** Azure may not have shown what it was told before: a word again is taken when it certainly has not reached it, or long after it could have. */
function refusePause(state: DrillState, command: Extract<PersonCommand, { type: "answer-pause" }>, at: Date): Refusal | null {
  const pause = operationOf(state, command.operation)?.pause;
  if (pause == null || pause.id !== command.pause) return later(t.waitsNoLonger);
  if (!mayAnswerPause(pause, at)) return later(t.toldAlready);
  return needsReason(command.reason, t.needing.pauseDone);
}

function atStep(state: DrillState, command: { step: string; round: number }): Refusal | null {
  const step = stepOf(state, command.step);
  if (step === undefined) return gone(...t.noSuchStep);
  if (state.status !== "running" || !state.open.includes(command.step) || step.round !== command.round) {
    return later(t.stepMovedOn(step.step.title, said(step)));
  }
  return null;
}

function said(step: StepState): string {
  if (step.status === "open") return t.openAgain(step.round);
  return step.status === "failing" ? t.waitsForDecision : step.status;
}

function refuseAnswer(state: DrillState, command: Extract<PersonCommand, { type: "answer" }>): Refusal | null {
  const step = stepOf(state, command.step);
  if (step === undefined) return later(t.noSuchStep[0]);
  const byMachine = step.step.kind === "check" || step.step.kind === "action" || step.step.kind === "approval" || step.step.kind === "wait";
  if (command.answer !== "skipped" && (byMachine || step.status !== "open")) {
    return later(t.notThatAnswer(step.step.title));
  }
  if (command.answer === "skipped") {
    if (isGuard(step)) return denied(...t.cannotSkip(step.step.title, whyNotPast(step)));
    const operation = operationOf(state, step.operation);
    if (byMachine && step.step.kind !== "wait" && (step.status === "open" || (operation !== undefined && operation.phase !== "ended"))) {
      return later(t.underWay(step.step.title));
    }
  }
  if (command.answer === "done" && lacksEvidence(state, step)) {
    return bad(...t.needsAttachment(step.step.title, step.step.evidence ?? []));
  }
  if (command.answer !== "done") return needsReason(command.reason, command.answer === "failed" ? t.needing.failing : t.needing.skipping);
  const wrong = problemWithValues(state, step.step, command.values ?? {});
  if (wrong !== null) return bad(wrong.message, wrong.suggestion);
  if (step.step.kind === "checklist" && step.step.items.some((_, i) => command.ticks[i] !== true)) {
    return bad(...t.notAllTicked);
  }
  return null;
}

/** A step that asks for evidence cannot be done before somebody attached something to it. */
function lacksEvidence(state: DrillState, { step }: StepState): boolean {
  return (step.evidence ?? []).length > 0 && !state.attachments.some((a) => a.step === step.id);
}

function whyNotPast({ step }: StepState): string {
  return step.guard || step.kind === "approval" ? t.isGuard : t.isNeeded;
}

function refuseRetry(state: DrillState, stepId: string): Refusal | null {
  const step = stepOf(state, stepId);
  if (step?.status !== "failing") return later(t.noRetry);
  const operation = operationOf(state, step.operation);
  if (operation !== undefined && operation.phase !== "ended") return later(t.stillUnderWay(step.step.title));
  // In live nothing is taken back without an order, so nothing can make room for another attempt by itself.
  if (state.mode === "live" && state.debts.some((d) => d.operation === operation?.key && d.status === "owed")) {
    return later(...t.undoFirst(step.step.title));
  }
  return null;
}

function refuseContinue(state: DrillState, command: Extract<PersonCommand, { type: "continue" }>): Refusal | null {
  const step = stepOf(state, command.step);
  if (step?.status !== "failing") return later(t.noDecision);
  if (isGuard(step)) {
    return denied(...t.cannotContinue(step.step.title, whyNotPast(step)));
  }
  const operation = operationOf(state, step.operation);
  if (operation !== undefined && operation.phase !== "ended") return later(t.stillUnderWay(step.step.title));
  return needsReason(command.reason, t.needing.continuing);
}

function refuseDecision(state: DrillState, command: Extract<PersonCommand, { type: "decide" }>, at: Date): Refusal | null {
  const step = stepOf(state, command.step);
  const approval = step?.approval;
  if (step === undefined || approval == null) return later(t.nothingAsked);
  const before = approval.decisions.find((d) => d.by.id === command.by.id);
  if (before !== undefined && step.round === command.round) {
    return later(t.decidedAlready(command.by.name, before.decision === "approve", before.at.slice(11, 16)));
  }
  const elsewhere = atStep(state, command);
  if (elsewhere !== null) return elsewhere;
  if (approval.status !== "asked") return later(t.approvalIs(approval.status));
  if (new Date(approval.expiresAt) <= at) return later(...t.approvalExpired);
  if (command.code.toUpperCase() !== approval.code && command.code !== approval.digest) {
    return bad(...t.wrongCode(approval.code));
  }
  return command.decision === "reject" ? needsReason(command.reason, t.needing.rejecting) : null;
}

function refuseSignature(state: DrillState, as: "owner" | "reviewer"): Refusal | null {
  if (state.status !== "signing-off") return later(t.noSignatures);
  const signed = state.signatures.find((s) => s.as === as);
  return signed === undefined ? null : later(t.signedAlready(signed.by.name, as));
}
