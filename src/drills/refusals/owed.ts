import type { PersonCommand } from "../commands.ts";
import { bad, denied, later, needsReason, type Refusal } from "../refusal.ts";
import { debtOf, maySignFor, operationOf, undoForPeople, type Debt, type DrillState } from "../state.ts";

type Owed = Extract<PersonCommand, { type: "retry-undo" | "accept-debt" | "order-undo" | "answer-undo" | "hold" | "release" | "settle" }>;

/** The longest that a server may be held for investigation, in milliseconds: it costs money, and blocks a real failover. */
const longestHoldMs = 30 * 86_400_000;

/** Why something about what is owed is refused now; null when it is accepted. */
export function refuseOwed(state: DrillState, command: Owed, at: Date): Refusal | null {
  switch (command.type) {
    case "hold":
      return refuseHold(state, command, at);
    case "release":
      if (!state.holds.some((h) => h.operation === command.operation && (command.server === "" || h.server === command.server))) return later("Nothing of that is held.");
      return needsReason(command.reason, "Releasing a server");
    case "settle": {
      const debt = debtOf(state, command.obligation);
      if (debt?.kind !== "obligation" || isSettled(debt)) return later("That obligation is not open.");
      return needsReason(command.reason, "Settling an obligation");
    }
    default:
      return refuseUndo(state, command, debtOf(state, command.operation));
  }
}

function refuseUndo(state: DrillState, command: Extract<Owed, { type: "retry-undo" | "accept-debt" | "order-undo" | "answer-undo" }>, debt: Debt | undefined): Refusal | null {
  if (debt === undefined || isSettled(debt) || debt.status === "undoing") return later("That undo is not waiting for a decision.");
  switch (command.type) {
    case "accept-debt":
      return maySignFor(state, debt) ? needsReason(command.reason, "Leaving something behind") : later("That undo is not waiting for a decision.");
    case "retry-undo":
      return debt.status === "failed" ? null : later("That undo is not waiting for a decision.");
    case "order-undo":
      if (debt.noWayBack) return denied("A point of no return was passed since: this cannot be taken back any more.", "Go on forward, run the failback's runbook, or sign for it.");
      return state.status === "cleaning-up" && debt.kind !== "obligation" && debt.status === "owed" && !debt.ordered ? null : later("That undo does not wait for an order.");
    case "answer-undo":
      if (undoForPeople(state)?.operation !== debt.operation) return later("It is not the turn of that undo.");
      return command.answer === "failed" ? needsReason(command.reason, "An undo that failed") : null;
  }
}

function isSettled(debt: Debt): boolean {
  return debt.status === "undone" || debt.status === "accepted" || debt.status === "kept";
}

function refuseHold(state: DrillState, command: Extract<Owed, { type: "hold" }>, at: Date): Refusal | null {
  const debt = debtOf(state, command.operation);
  if (debt?.kind !== "undo" || isSettled(debt) || debt.status === "undoing") return later("There is nothing left of that to hold.");
  const servers = operationOf(state, command.operation)?.servers.filter((s) => s.outcome !== "removed") ?? [];
  if (!servers.some((s) => command.server === "" || s.name.toLowerCase() === command.server.toLowerCase())) {
    return bad("That operation has no such server.", `Name one of: ${servers.map((s) => s.name).join(", ") || "it has none"}.`);
  }
  const until = Date.parse(command.until);
  if (!(until > at.getTime()) || until > at.getTime() + longestHoldMs) return bad("A server is held until a time within the next 30 days.", "For example: tomorrow at noon.");
  return needsReason(command.reason, "Holding a server");
}
