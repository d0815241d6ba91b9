import type { PersonCommand } from "../commands.ts";
import { bad, denied, later, needsReason, type Refusal } from "../refusal.ts";
import { debtOf, maySignFor, undoForPeople } from "../debts.ts";
import { operationOf, type Debt, type DrillState } from "../state.ts";
import { refusalTexts as t } from "../../texts/refusals.ts";

type Owed = Extract<PersonCommand, { type: "retry-undo" | "accept-debt" | "order-undo" | "answer-undo" | "hold" | "release" | "settle" }>;

/** The longest that a server may be held for investigation, in milliseconds: it costs money, and blocks a real failover. */
const longestHoldMs = 30 * 86_400_000;

/** Why something about what is owed is refused now; null when it is accepted. */
export function refuseOwed(state: DrillState, command: Owed, at: Date): Refusal | null {
  switch (command.type) {
    case "hold":
      return refuseHold(state, command, at);
    case "release":
      if (!state.holds.some((h) => h.operation === command.operation && (command.server === "" || h.server === command.server))) return later(t.nothingHeld);
      return needsReason(command.reason, t.needing.releasing);
    case "settle": {
      const debt = debtOf(state, command.obligation);
      if (debt?.kind !== "obligation" || isSettled(debt)) return later(t.noObligation);
      return needsReason(command.reason, t.needing.settling);
    }
    default:
      return refuseUndo(state, command, debtOf(state, command.operation));
  }
}

function refuseUndo(state: DrillState, command: Extract<Owed, { type: "retry-undo" | "accept-debt" | "order-undo" | "answer-undo" }>, debt: Debt | undefined): Refusal | null {
  if (debt === undefined || isSettled(debt) || debt.status === "undoing") return later(t.noUndo);
  switch (command.type) {
    case "accept-debt":
      return maySignFor(state, debt) ? needsReason(command.reason, t.needing.leaving) : later(t.noUndo);
    case "retry-undo":
      return debt.status === "failed" ? null : later(t.noUndo);
    case "order-undo":
      if (debt.noWayBack) return denied(...t.noWayBack);
      return state.status === "cleaning-up" && debt.kind !== "obligation" && debt.status === "owed" && !debt.ordered ? null : later(t.notToOrder);
    case "answer-undo":
      if (undoForPeople(state)?.operation !== debt.operation) return later(t.notItsTurn);
      return command.answer === "failed" ? needsReason(command.reason, t.needing.undoFailed) : null;
  }
}

function isSettled(debt: Debt): boolean {
  return debt.status === "undone" || debt.status === "accepted" || debt.status === "kept";
}

function refuseHold(state: DrillState, command: Extract<Owed, { type: "hold" }>, at: Date): Refusal | null {
  const debt = debtOf(state, command.operation);
  if (debt?.kind !== "undo" || isSettled(debt) || debt.status === "undoing") return later(t.nothingToHold);
  const servers = operationOf(state, command.operation)?.servers.filter((s) => s.outcome !== "removed") ?? [];
  if (!servers.some((s) => command.server === "" || s.name.toLowerCase() === command.server.toLowerCase())) {
    return bad(...t.noSuchServer(servers.map((s) => s.name)));
  }
  const until = Date.parse(command.until);
  if (!(until > at.getTime()) || until > at.getTime() + longestHoldMs) return bad(...t.holdUntil);
  return needsReason(command.reason, t.needing.holding);
}
