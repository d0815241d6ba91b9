import type { MachineCommand, PersonCommand } from "./commands.ts";
import { permit, type Refusal } from "./permission.ts";
import { isGuard, operationOf, stepOf, type DrillState, type StepState } from "./state.ts";
import { personNamed, problemWithValues } from "./values.ts";

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
      return state.debts.some((d) => d.operation === command.operation && (d.status === "failed" || (command.type === "accept-debt" && state.status === "cleaning-up" && d.status === "owed" && !d.ordered)))
        ? command.type === "accept-debt"
          ? needsReason(command.reason, "Leaving something behind")
          : null
        : later("That undo is not waiting for a decision.");
    case "hand-over":
      if (stepOf(state, command.step)?.step.kind === "approval") return later("An approval belongs to its approvers and cannot be handed over.");
      return atStep(state, command) ?? (personNamed(state, command.to) === null ? bad("Nobody in this drill has exactly this name.", "Write the full name of somebody who has a role in the drill.") : needsReason(command.reason, "Handing over a step"));
    case "order-undo":
      return state.status === "cleaning-up" && state.debts.some((d) => d.operation === command.operation && d.status === "owed" && !d.ordered) ? null : later("That undo does not wait for an order.");
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
  if (state.status !== "running" || state.current !== command.step || step.round !== command.round) {
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
    if (isGuard(step)) return { code: "not-allowed", message: `"${step.step.title}" ${whyNotPast(step)} and cannot be skipped.`, suggestion: "Retry it, or abort the drill." };
    const operation = operationOf(state, step.operation);
    if (byMachine && step.step.kind !== "wait" && (step.status === "open" || (operation !== undefined && operation.phase !== "ended"))) {
      return later(`"${step.step.title}" is under way.`);
    }
  }
  if (command.answer !== "done") return needsReason(command.reason, command.answer === "failed" ? "Failing a step" : "Skipping a step");
  const wrong = problemWithValues(state, step.step, command.values ?? {});
  if (wrong !== null) return bad(wrong.message, wrong.suggestion);
  if (step.step.kind === "checklist" && step.step.items.some((_, i) => command.ticks[i] !== true)) {
    return bad("Not every item is ticked.", "Tick them all, or say that the step failed and why.");
  }
  return null;
}

function whyNotPast({ step }: StepState): string {
  return step.guard || step.kind === "approval" ? "is a guard" : "asks for what later steps may need";
}

function refuseRetry(state: DrillState, stepId: string): Refusal | null {
  const step = stepOf(state, stepId);
  if (step?.status !== "failing") return later("That step is not waiting for a retry.");
  const operation = operationOf(state, step.operation);
  if (operation !== undefined && operation.phase !== "ended") return later(`"${step.step.title}" is still under way.`);
  if (state.debts.some((d) => d.operation === operation?.key && d.status === "owed")) {
    return later(`"${step.step.title}" left something that has to be cleaned up before it can run again.`, "Continue without it, or clean up and end the drill.");
  }
  return null;
}

function refuseContinue(state: DrillState, command: Extract<PersonCommand, { type: "continue" }>): Refusal | null {
  const step = stepOf(state, command.step);
  if (step?.status !== "failing") return later("That step is not waiting for a decision.");
  if (isGuard(step)) {
    return { code: "not-allowed", message: `"${step.step.title}" ${whyNotPast(step)}: the drill cannot go on past it.`, suggestion: "Retry it, or abort the drill." };
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

/** Whether a report of the runner still concerns the drill: it may have been overtaken while it was being made. */
export function outdated(state: DrillState, command: MachineCommand): Refusal | null {
  const stale: Refusal = later("The drill has moved on.");
  switch (command.type) {
    case "try-again":
      return state.paused === null && state.current === command.step && stepOf(state, command.step)?.status === "failing" && stepOf(state, command.step)?.round === command.round ? null : stale;
    case "timed-out":
    case "looked":
    case "waited":
    case "observed":
    case "blocked":
    case "intend":
      if ("undoOf" in command && command.undoOf !== null) {
        return state.debts.some((d) => d.operation === command.undoOf && d.status === "owed") ? null : stale;
      }
      // A pause that comes while an action is being prepared must still hold it.
      if (command.type === "intend" && state.paused !== null) return stale;
      return openAt(state, command) ? null : stale;
    case "asked":
      return openAt(state, command) && stepOf(state, command.step)?.approval === null ? null : stale;
    case "shown":
      return openAt(state, command) && stepOf(state, command.step)?.approval?.card === null ? null : stale;
    case "expired":
      return openAt(state, command) && stepOf(state, command.step)?.approval?.status === "asked" ? null : stale;
    case "voided":
      return state.status === "running" && stepOf(state, command.step)?.approval?.status === "granted" ? null : stale;
    case "guard-observed":
      return state.status === "ended" ? stale : null;
    case "started":
      // `unknown` too: an answer that comes late is better than a person's guess.
      return ["intended", "unknown"].includes(operationOf(state, command.operation)?.phase ?? "") ? null : stale;
    case "unknown":
      return operationOf(state, command.operation)?.phase === "intended" ? null : stale;
    case "progressed":
      return operationOf(state, command.operation)?.phase === "started" ? null : stale;
    case "ended":
      return ["intended", "started"].includes(operationOf(state, command.operation)?.phase ?? "") ? null : stale;
    case "undo-not-needed":
    case "undo-blocked":
      return state.debts.some((d) => d.operation === command.operation && d.status === "owed") ? null : stale;
  }
}

function openAt(state: DrillState, command: { step: string; round: number }): boolean {
  const step = stepOf(state, command.step);
  return state.status === "running" && state.current === command.step && step?.status === "open" && step.round === command.round;
}

function needsReason(reason: string, what: string): Refusal | null {
  return reason.trim() === "" ? bad(`${what} needs a reason.`, "Write one short sentence: it is kept in the record.") : null;
}

function later(message: string, suggestion = "The newest card shows what the drill waits for."): Refusal {
  return { code: "not-now", message, suggestion };
}

function bad(message: string, suggestion: string): Refusal {
  return { code: "bad-input", message, suggestion };
}
