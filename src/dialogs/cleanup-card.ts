import { debtToOrder, debtToSignFor, nextUndo, openDebts, stepOf, undoForPeople, type Debt, type DrillState } from "../drills/state.ts";
import { unknown, operationBody, problemBox } from "./action.ts";
import { card, plain, reasonInput, small, text, type Button, type CardJson, type Shown } from "./card.ts";
import { clockTime, kindOfEvent } from "../texts/words.ts";

/** What the cleanup stands still for, and the honest ways on. Null: nothing, it goes on by itself. */
type Stop = { readonly title: string; readonly body: readonly CardJson[]; readonly buttons: readonly Button[]; readonly bad: boolean };

/** What is being taken back, and what of it needs somebody: an undo that failed, that people do, that waits for an order; what is kept or owed. */
export function cleanupCard(state: DrillState, now: Date): Shown {
  const done = state.status !== "cleaning-up";
  const stop = done ? null : stopOf(state);
  const undos = state.operations.filter((o) => o.undoOf !== null);
  return card({
    style: stop?.bad === true ? "attention" : done ? "good" : "accent",
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${done ? "cleaned up" : "cleaning up"}`,
    title: done ? settledTitle(state) : (stop?.title ?? "Taking back what was started"),
    subtitle: `${state.id} · ${whyCleaning(state)}`,
    body: [
      ...(state.debts.length === 0 ? [text("Nothing had been started that needs to be taken back.")] : []),
      ...state.debts.filter((d) => d.status === "undone" || d.status === "accepted" || d.status === "kept").map((d) => small(`${settledWord(d)}: ${what(state, d)} · ${plain(d.detail)}`)),
      ...undos.filter((o) => o.phase !== "ended" || o.outcome !== "succeeded").slice(-1).flatMap((o) => operationBody(o, now)),
      ...(stop?.body ?? []),
      ...(done ? [] : keptLines(state)),
    ],
    buttons: stop?.buttons ?? [],
  });
}

function stopOf(state: DrillState): Stop | null {
  const lost = state.operations.find((o) => o.phase === "unknown");
  if (lost !== undefined) return { ...unknown(lost, state.id), title: "Nobody knows what became of it", bad: true };
  if (state.operations.some((o) => o.phase !== "ended")) return null;
  const failed = state.debts.find((d) => d.status === "failed");
  if (failed !== undefined) return failedUndo(state, failed);
  const forPeople = undoForPeople(state);
  if (forPeople !== null) return byPeople(state, forPeople);
  const toOrder = debtToOrder(state);
  if (toOrder !== null) return inOrder(state, toOrder);
  return nextUndo(state) === null ? stillOwed(state) : null;
}

function failedUndo(state: DrillState, debt: Debt): Stop {
  const problems = state.operations.filter((o) => o.undoOf === debt.operation).at(-1)?.problems ?? [];
  const again: Button = { title: "Undo again", verb: "retry-undo", data: dataOf(state, debt), command: "undo again", primary: true };
  return { title: "An undo failed", body: [...problems.map(problemBox), text(plain(debt.detail)), leaveReason("for example: deleted by hand in the portal at 22:10")], buttons: [again, leave(state, debt)], bad: true };
}

function byPeople(state: DrillState, debt: Debt): Stop {
  const data = dataOf(state, debt);
  const buttons: readonly Button[] = [
    { title: "Taken back", verb: "undo-done", data, command: "undo done", primary: true },
    { title: "It failed", verb: "undo-failed", data, command: "undo failed because …" },
    leave(state, debt),
  ];
  return { title: `Take back: ${titleOf(state, debt.step)}`, body: [text(plain(debt.text), { weight: "Bolder" }), small("People did this step, so people take it back."), reasonInput("Remark (needed when it failed or stays)", "for example: the record is back since 22:10")], buttons, bad: false };
}

function inOrder(state: DrillState, debt: Debt): Stop {
  const order: Button = { title: "Take it back now", verb: "order-undo", data: dataOf(state, debt), command: "undo now", primary: true };
  return {
    title: "Taking back what was started",
    body: [text(`Nothing is taken back by itself in live. Still there: **${titleOf(state, debt.step)}**`), leaveReason("for example: users work there now")],
    buttons: [order, leave(state, debt)],
    bad: false,
  };
}

/** What no undo settles: an obligation, what lies behind a point of no return, what is kept. */
function stillOwed(state: DrillState): Stop | null {
  const obligation = openDebts(state).find((d) => d.kind === "obligation");
  if (obligation !== undefined) {
    const settle: Button = { title: "This has been done", verb: "settle", data: { drill: state.id, obligation: obligation.operation, operation: obligation.operation }, command: "settle because …", primary: true };
    return { title: "Still owed", body: [text(plain(obligation.text), { weight: "Bolder" }), leaveReason("for example: protected in the other direction at 22:10")], buttons: [settle, leave(state, obligation)], bad: false };
  }
  const debt = debtToSignFor(state);
  if (debt === null) return null;
  const behind = debt.noWayBack ? [text(`**${titleOf(state, debt.step)}** cannot be taken back: a point of no return was passed. Go on forward, or run the failback's runbook.`)] : [];
  return { title: debt.noWayBack ? "No way back" : "Kept for investigation", body: [...behind, leaveReason("for example: it runs in the other region now")], buttons: [...releaseButtons(state, debt), leave(state, debt)], bad: false };
}

function keptLines(state: DrillState): readonly CardJson[] {
  return state.holds.map((h) => small(`Kept: ${plain(h.server)} · ${plain(h.owner.name)}, since ${clockTime(h.since)}, until ${h.until.slice(0, 10)} ${clockTime(h.until)} · ${plain(h.reason, 160)}`));
}

function releaseButtons(state: DrillState, debt: Debt): readonly Button[] {
  if (!state.holds.some((h) => h.operation === debt.operation)) return [];
  return [{ title: "Release, and take it away", verb: "release", data: dataOf(state, debt), command: "release all because …", primary: true }];
}

function leave(state: DrillState, debt: Debt): Button {
  return { title: "Leave it and sign for it", verb: "accept-debt", data: dataOf(state, debt), command: "leave it because …" };
}

function leaveReason(example: string): CardJson {
  return reasonInput("Reason (needed to leave it behind)", example);
}

function dataOf(state: DrillState, debt: Debt): { readonly drill: string; readonly operation: string } {
  return { drill: state.id, operation: debt.operation };
}

function settledTitle(state: DrillState): string {
  if (state.debts.length > 0 && state.debts.every((d) => d.status === "kept")) return "Nothing had to be taken back";
  return state.debts.some((d) => d.status === "accepted") ? "Cleaned up; what stays is signed for" : "Everything has been taken back";
}

function settledWord(debt: Debt): string {
  if (debt.status === "accepted") return "! Left behind";
  if (debt.status === "kept") return "✓ Stays";
  return debt.kind === "obligation" ? "✓ Done" : "✓ Taken back";
}

function what(state: DrillState, debt: Debt): string {
  return debt.kind === "obligation" ? plain(debt.text) : titleOf(state, debt.step);
}

function titleOf(state: DrillState, step: string): string {
  return plain(stepOf(state, step)?.step.title ?? step);
}

function whyCleaning(state: DrillState): string {
  if (state.cleanup === null || state.cleanup.why === "finished") return "all steps are done";
  return `${state.cleanup.why}: ${plain(state.cleanup.reason, 160)}`;
}
