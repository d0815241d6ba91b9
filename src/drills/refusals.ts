import type { PersonCommand } from "./commands.ts";
import { permit } from "./permission.ts";
import { bad, denied, later, needsReason, type Refusal } from "./refusal.ts";
import { refuseOwed } from "./refusals/owed.ts";
import { refusePeople } from "./refusals/people.ts";
import { isGuard, operationOf, stepOf, type DrillState, type StepState } from "./state.ts";
import { problemWithValues } from "./values.ts";

/** Files kept in one drill's history: enough for evidence, too few to fill a disk. */
const attachmentsKept = 200;

/** Why a person's command is refused: not theirs to give, or not now. Null when it is accepted. */
export function refusePerson(state: DrillState, command: PersonCommand, at: Date): Refusal | null {
  if (state.status === "ended" && command.type !== "note") {
    return { code: "not-now", message: `${state.id} has ended (${state.result}).`, suggestion: "Its page shows what happened." };
  }
  return permit(state, command) ?? whilePaused(state, command) ?? refuseNow(state, command, at);
}

/** A pause holds people too: what they would do next is what somebody wanted to keep from happening. */
function whilePaused(state: DrillState, command: PersonCommand): Refusal | null {
  if (state.paused === null || !["answer", "retry", "continue", "decide"].includes(command.type)) return null;
  return later(`${state.id} is paused by ${state.paused.by?.name ?? "Drillbook"}: ${state.paused.reason}`, "Type: resume");
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
        ? needsReason(command.reason, "Ending a drill")
        : later(`${state.id} is already ${state.status === "cleaning-up" ? "cleaning up" : "waiting for its signatures"}.`);
    case "resolve":
      return operationOf(state, command.operation)?.phase === "unknown"
        ? needsReason(command.reason, "Saying what became of it")
        : later("Nobody needs to say what became of that operation any more.");
    case "retry-undo":
    case "accept-debt":
    case "order-undo":
    case "answer-undo":
    case "hold":
    case "release":
    case "settle":
      return refuseOwed(state, command, at);
    case "hand-over":
      if (stepOf(state, command.step)?.step.kind === "approval") return later("An approval belongs to its approvers and cannot be handed over.");
      return atStep(state, command) ?? refusePeople(state, command);
    case "hand-over-role":
    case "propose-approver":
    case "admit-approver":
    case "record-finding":
      return refusePeople(state, command);
    case "pause":
      if (state.status !== "running") return later(`${state.id} is not running.`);
      return state.paused === null ? needsReason(command.reason, "Pausing a drill") : later(`${state.id} is paused already.`);
    case "resume":
      return state.paused === null ? later(`${state.id} is not paused.`) : null;
    case "note":
      return command.text.trim() === "" ? bad("A note needs some text.", 'For example: note replication paused at 21:10.') : null;
    case "attach":
      return state.attachments.length < attachmentsKept ? null : later(`${state.id} holds ${attachmentsKept} attachments already.`, "Put the rest where the runbook's owner keeps such things, and add a note that says where.");
    case "sign":
      return refuseSignature(state, command.as);
  }
}

function atStep(state: DrillState, command: { step: string; round: number }): Refusal | null {
  const step = stepOf(state, command.step);
  if (step === undefined) return { code: "not-found", message: "There is no such step.", suggestion: "Use the newest card." };
  if (state.status !== "running" || !state.open.includes(command.step) || step.round !== command.round) {
    return later(`"${step.step.title}" is ${said(step)} and no longer waits for this.`);
  }
  return null;
}

function said(step: StepState): string {
  if (step.status === "open") return `open again (attempt ${step.round})`;
  return step.status === "failing" ? "waiting for a decision" : step.status;
}

function refuseAnswer(state: DrillState, command: Extract<PersonCommand, { type: "answer" }>): Refusal | null {
  const step = stepOf(state, command.step);
  if (step === undefined) return later("There is no such step.");
  const byMachine = step.step.kind === "check" || step.step.kind === "action" || step.step.kind === "approval" || step.step.kind === "wait";
  if (command.answer !== "skipped" && (byMachine || step.status !== "open")) {
    return later(`"${step.step.title}" is not waiting for that answer.`);
  }
  if (command.answer === "skipped") {
    if (isGuard(step)) return denied(`"${step.step.title}" ${whyNotPast(step)} and cannot be skipped.`, "Retry it, or abort the drill.");
    const operation = operationOf(state, step.operation);
    if (byMachine && step.step.kind !== "wait" && (step.status === "open" || (operation !== undefined && operation.phase !== "ended"))) {
      return later(`"${step.step.title}" is under way.`);
    }
  }
  if (command.answer === "done" && lacksEvidence(state, step)) {
    return bad(`"${step.step.title}" needs something attached: ${step.step.evidence?.join(", ")}.`, "Attach it to this step first, then say that it is done.");
  }
  if (command.answer !== "done") return needsReason(command.reason, command.answer === "failed" ? "Failing a step" : "Skipping a step");
  const wrong = problemWithValues(state, step.step, command.values ?? {});
  if (wrong !== null) return bad(wrong.message, wrong.suggestion);
  if (step.step.kind === "checklist" && step.step.items.some((_, i) => command.ticks[i] !== true)) {
    return bad("Not every item is ticked.", "Tick them all, or say that the step failed and why.");
  }
  return null;
}

/** A step that asks for evidence cannot be done before somebody attached something to it. */
function lacksEvidence(state: DrillState, { step }: StepState): boolean {
  return (step.evidence ?? []).length > 0 && !state.attachments.some((a) => a.step === step.id);
}

function whyNotPast({ step }: StepState): string {
  return step.guard || step.kind === "approval" ? "is a guard" : "asks for what later steps may need";
}

function refuseRetry(state: DrillState, stepId: string): Refusal | null {
  const step = stepOf(state, stepId);
  if (step?.status !== "failing") return later("That step is not waiting for a retry.");
  const operation = operationOf(state, step.operation);
  if (operation !== undefined && operation.phase !== "ended") return later(`"${step.step.title}" is still under way.`);
  // In live nothing is taken back without an order, so nothing can make room for another attempt by itself.
  if (state.mode === "live" && state.debts.some((d) => d.operation === operation?.key && d.status === "owed")) {
    return later(`"${step.step.title}" left something that has to be taken back before it can run again.`, "Continue without it, or end the drill and order the undo.");
  }
  return null;
}

function refuseContinue(state: DrillState, command: Extract<PersonCommand, { type: "continue" }>): Refusal | null {
  const step = stepOf(state, command.step);
  if (step?.status !== "failing") return later("That step is not waiting for a decision.");
  if (isGuard(step)) {
    return denied(`"${step.step.title}" ${whyNotPast(step)}: the drill cannot go on past it.`, "Retry it, or abort the drill.");
  }
  const operation = operationOf(state, step.operation);
  if (operation !== undefined && operation.phase !== "ended") return later(`"${step.step.title}" is still under way.`);
  return needsReason(command.reason, "Continuing past a failure");
}

function refuseDecision(state: DrillState, command: Extract<PersonCommand, { type: "decide" }>, at: Date): Refusal | null {
  const step = stepOf(state, command.step);
  const approval = step?.approval;
  if (step === undefined || approval == null) return later("Nothing is being asked of approvers there yet.");
  const before = approval.decisions.find((d) => d.by.id === command.by.id);
  if (before !== undefined && step.round === command.round) {
    return later(`${command.by.name} ${before.decision === "approve" ? "approved" : "rejected"} this at ${before.at.slice(11, 16)} UTC already.`);
  }
  const gone = atStep(state, command);
  if (gone !== null) return gone;
  if (approval.status !== "asked") return later(`This approval is ${approval.status}.`);
  if (new Date(approval.expiresAt) <= at) return later("This approval has expired.", "The operator can ask for it again.");
  if (command.code.toUpperCase() !== approval.code && command.code !== approval.digest) {
    return bad(`The code does not belong to what is being asked now, which is ${approval.code}.`, `Read the newest card, then type: approve ${approval.code}`);
  }
  return command.decision === "reject" ? needsReason(command.reason, "Rejecting") : null;
}

function refuseSignature(state: DrillState, as: "owner" | "reviewer"): Refusal | null {
  if (state.status !== "signing-off") return later("This drill is not waiting for signatures.");
  const signed = state.signatures.find((s) => s.as === as);
  return signed === undefined ? null : later(`${signed.by.name} has signed as ${as} already.`);
}
