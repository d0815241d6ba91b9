import type { MachineCommand } from "./commands.ts";
import { later, type Refusal } from "./refusal.ts";
import { debtOf, isHeld } from "./debts.ts";
import { operationOf, releasingApproval, stepOf, type DrillState, type OperationState, type StepStatus } from "./state.ts";
import { refusalTexts } from "../texts/refusals.ts";

/** Whether a report of the runner still concerns the drill: it may have been overtaken while it was being made. */
export function outdated(state: DrillState, command: MachineCommand): Refusal | null {
  const stale: Refusal = later(refusalTexts.movedOn);
  switch (command.type) {
    case "try-again":
      return state.paused === null && isAt(state, command, "failing") ? null : stale;
    case "timed-out":
    case "looked":
    case "waited":
    case "observed":
      return isAt(state, command, "open") ? null : stale;
    case "blocked":
      return isAt(state, command, "open") && stepOf(state, command.step)?.operation === null ? null : stale;
    case "intend":
      return mayIntend(state, command) ? null : stale;
    case "asked":
      return isAt(state, command, "open") && stepOf(state, command.step)?.approval === null ? null : stale;
    case "shown":
      return isAt(state, command, "open") && stepOf(state, command.step)?.approval?.card === null ? null : stale;
    case "expired":
      return isAt(state, command, "open") && stepOf(state, command.step)?.approval?.status === "asked" ? null : stale;
    case "voided":
      return state.status === "running" && stepOf(state, command.step)?.approval?.status === "granted" ? null : stale;
    case "kept":
    case "guard-observed":
      return state.status === "ended" ? stale : null;
    case "started":
      // `unknown` too: an answer that comes late is better than a person's guess.
      return ["intended", "unknown"].includes(operationOf(state, command.operation)?.phase ?? "") ? null : stale;
    case "unknown":
      return operationOf(state, command.operation)?.phase === "intended" ? null : stale;
    case "intend-release":
      return state.paused === null && pauseAt(state, command)?.answer?.sendBy === null ? null : stale;
    case "released":
      return pauseAt(state, command)?.answer?.sendBy != null ? null : stale;
    case "progressed":
    case "ended":
      return ["intended", "started"].includes(operationOf(state, command.operation)?.phase ?? "") ? null : stale;
    case "undo-not-needed":
    case "undo-blocked":
      return debtOf(state, command.operation)?.status === "owed" ? null : stale;
    case "hold-over":
      return state.holds.some((h) => h.operation === command.operation && h.server === command.server) ? null : stale;
    case "overdue":
      return state.status === "running" && !state.escalations.some((e) => e.step === null) ? null : stale;
    case "stand-aside":
      return state.status !== "ended" && state.purpose === "exercise" && !state.stoodAside ? null : stale;
  }
}

function pauseAt(state: DrillState, { operation: key, pause }: { operation: string; pause: string }): OperationState["pause"] {
  const operation = operationOf(state, key);
  return operation?.phase === "started" && operation.pause?.id === pause ? operation.pause : null;
}

function isAt(state: DrillState, command: { step: string; round: number }, status: StepStatus): boolean {
  const step = stepOf(state, command.step);
  return state.status === "running" && step?.status === status && step.round === command.round;
}

/** The last word before a write: an intent that comes twice, late, while the drill is paused, or without its approval is none. */
function mayIntend(state: DrillState, command: Extract<MachineCommand, { type: "intend" }>): boolean {
  // A pause that comes while an action is being prepared must still hold it.
  if (state.paused !== null) return false;
  if (command.undoOf !== null) {
    const debt = debtOf(state, command.undoOf);
    return debt?.status === "owed" && debt.ordered && !debt.noWayBack && !isHeld(state, command.undoOf);
  }
  const releasing = releasingApproval(state, command.step);
  return (releasing === undefined || releasing.approval?.status === "granted") && isAt(state, command, "open") && stepOf(state, command.step)?.operation === null;
}
