import type { TestServer } from "./events.ts";
import type { Debt, DrillState } from "./state.ts";

/** The newest debt of an operation, in whatever state; undefined when it left none. */
export function debtOf(state: DrillState, operation: string): Debt | undefined {
  return state.debts.findLast((d) => d.operation === operation);
}

/** What nobody has settled yet. */
export function openDebts(state: DrillState): readonly Debt[] {
  return state.debts.filter((d) => d.status !== "undone" && d.status !== "accepted" && d.status !== "kept");
}

/** The undo that comes next when everything is taken back: the last thing first, and nothing that is held. */
export function nextUndo(state: DrillState): Debt | null {
  return openDebts(state).findLast((d) => d.kind !== "obligation" && d.status === "owed" && !isHeld(state, d.operation) && !d.noWayBack) ?? null;
}

/** The undo that waits for somebody to order it: the last one first. Null: none does. */
export function debtToOrder(state: DrillState): Debt | null {
  const owed = nextUndo(state);
  return owed === null || owed.ordered ? null : owed;
}

/** The undo that people have to do now; null: none. */
export function undoForPeople(state: DrillState): Debt | null {
  const next = state.status === "cleaning-up" ? nextUndo(state) : null;
  return next !== null && next.kind === "undo-by-people" && next.ordered && state.operations.every((o) => o.phase === "ended") ? next : null;
}

/** Whether a server of this operation is kept, so that its undo has to wait. */
export function isHeld(state: DrillState, operation: string): boolean {
  return state.holds.some((h) => h.operation === operation);
}

/** Somebody may sign for what failed, and for what nothing will take back by itself. */
export function maySignFor(state: DrillState, debt: Debt): boolean {
  if (debt.status === "failed") return true;
  const stays = debt.kind !== "undo" || !debt.ordered || debt.noWayBack || isHeld(state, debt.operation);
  return state.status === "cleaning-up" && debt.status === "owed" && stays;
}

/** What somebody who says "leave it" signs for: what failed before what nobody has tried, and the last thing first. */
export function debtToSignFor(state: DrillState): Debt | null {
  const may = openDebts(state).filter((d) => maySignFor(state, d));
  return may.findLast((d) => d.status === "failed") ?? debtToOrder(state) ?? may.at(-1) ?? null;
}

/** Test servers that this drill's operations created and have not removed, as Azure last told. */
export function testServersOf(state: DrillState): readonly TestServer[] {
  const owed = new Set(openDebts(state).map((d) => d.operation));
  return state.operations
    .filter((o) => owed.has(o.key))
    .flatMap((o) => o.servers.flatMap((s) => (s.testServer === null || s.outcome === "removed" ? [] : [s.testServer])));
}
