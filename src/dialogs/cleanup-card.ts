import { debtToOrder, debtToSignFor, nextUndo, openDebts, undoForPeople } from "../drills/debts.ts";
import { stepOf, type Debt, type DrillState } from "../drills/state.ts";
import { unknown, operationBody, pauseBody, pauseButtons, problemBox, shownProblems } from "./action.ts";
import { beforeInputs, card, plain, reasonInput, small, text, type Button, type CardJson, type Shown } from "./card.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { kindOfEvent } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { cleanupTexts as t } from "../texts/cleanup.ts";

/** What the cleanup stands still for, and the honest ways on. Null: nothing, it goes on by itself. */
type Stop = { readonly title: string; readonly body: readonly CardJson[]; readonly buttons: readonly Button[]; readonly bad: boolean };

/** What is being taken back, and what of it needs somebody: an undo that failed, that people do, that waits for an order; what is kept or owed. */
export function cleanupCard(state: DrillState, now: Date): Shown {
  const done = state.status !== "cleaning-up";
  const stop = done ? null : stopOf(state, now);
  const undos = state.operations.filter((o) => openDebts(state).some((d) => d.operation === o.undoOf));
  return card({
    style: stop?.bad === true ? "attention" : !done ? "accent" : state.debts.some((d) => d.status === "accepted") ? "warning" : "good",
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${done ? t.cleanedUp : t.cleaningUp}`,
    title: done ? settledTitle(state) : (stop?.title ?? t.takingBack),
    subtitle: `${state.id} · ${whyCleaning(state)}`,
    body: [
      ...(state.debts.length === 0 ? [text(t.nothingStarted)] : []),
      ...state.debts.filter((d) => d.status === "undone" || d.status === "accepted" || d.status === "kept").map((d) => small(t.settled(settledWord(d), what(state, d), plain(d.detail)))),
      // What became of one that is lost is said by its own lines; what there is to fill in comes last.
      ...undos.filter((o) => o.phase !== "unknown" && (o.phase !== "ended" || o.outcome !== "succeeded")).slice(-1).flatMap((o) => operationBody(o, stop === null ? now : null)),
      ...beforeInputs(stop?.body ?? [], [...(done ? [] : keptLines(state)), ...wayBack(state)]),
    ],
    buttons: stop?.buttons ?? [],
  });
}

function stopOf(state: DrillState, now: Date): Stop | null {
  const lost = state.operations.find((o) => o.phase === "unknown");
  if (lost !== undefined) return { ...unknown(lost, state.id), title: (lost.undoOf === null ? t.unknown : t.undoUnknown)(titleOf(state, lost.step)), bad: true };
  const waits = state.operations.find((o) => o.pause !== null);
  if (waits !== undefined) return { title: t.azureWaits, body: pauseBody(waits, now), buttons: pauseButtons(state, waits, now), bad: false };
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
  const last = state.operations.filter((o) => o.undoOf === debt.operation).at(-1);
  const problems = last?.problems ?? [];
  // The attempt above says it already.
  const detail = debt.detail === last?.summary ? [] : [text(plain(debt.detail))];
  const again: Button = { ...buttons.undoAgain, verb: "retry-undo", data: dataOf(state, debt), primary: true };
  return { title: t.undoFailed(titleOf(state, debt.step)), body: [...shownProblems(problems).map(problemBox), ...detail, reasonInput(reasons.toLeaveFailed)], buttons: [again, leave(state, debt)], bad: true };
}

function byPeople(state: DrillState, debt: Debt): Stop {
  const data = dataOf(state, debt);
  const presses: readonly Button[] = [
    { ...buttons.undoDone, verb: "undo-done", data, primary: true },
    { ...buttons.undoFailed, verb: "undo-failed", data },
    leave(state, debt),
  ];
  return { title: t.takeBack(titleOf(state, debt.step)), body: [text(plain(debt.text), { weight: "Bolder" }), small(t.byPeople), reasonInput(reasons.remarkUndo)], buttons: presses, bad: false };
}

function inOrder(state: DrillState, debt: Debt): Stop {
  const order: Button = { ...buttons.undoNow, verb: "order-undo", data: dataOf(state, debt), primary: true };
  return {
    title: t.takingBack,
    body: [text(t.inOrder(titleOf(state, debt.step))), reasonInput(reasons.toLeaveInUse)],
    buttons: [order, leave(state, debt)],
    bad: false,
  };
}

/** What "leave it" means now, typed or pressed: what the card stands at. Null: nothing can be signed for. */
export function debtToLeave(state: DrillState): Debt | null {
  return state.debts.find((d) => d.status === "failed") ?? undoForPeople(state) ?? debtToOrder(state) ?? obligationOwed(state) ?? debtToSignFor(state);
}

/** The obligation that the card stands at once nothing is left to be taken back: the one that was owed first. */
export function obligationOwed(state: DrillState): Debt | null {
  return state.status === "cleaning-up" ? (openDebts(state).find((d) => d.kind === "obligation") ?? null) : null;
}

/** What no undo settles: an obligation, what lies behind a point of no return, what is kept. */
function stillOwed(state: DrillState): Stop | null {
  const obligation = obligationOwed(state);
  if (obligation !== null) {
    const settle: Button = { ...buttons.settle, verb: "settle", data: { drill: state.id, obligation: obligation.operation, operation: obligation.operation }, primary: true };
    return { title: t.stillOwed, body: [text(plain(obligation.text), { weight: "Bolder" }), reasonInput(reasons.toLeaveOwed)], buttons: [settle, leave(state, obligation)], bad: false };
  }
  const debt = debtToSignFor(state);
  if (debt === null) return null;
  const behind = debt.noWayBack ? [text(t.behind(titleOf(state, debt.step)))] : [];
  return { title: debt.noWayBack ? t.noWayBack : t.keptForInvestigation, body: [...behind, reasonInput(reasons.toLeaveBehind)], buttons: [...releaseButtons(state, debt), leave(state, debt)], bad: false };
}

/** What was failed over in earnest goes on running there: whoever closes the drill must know what leads home, or that nothing does. */
export function wayBack(state: DrillState): readonly CardJson[] {
  if (state.noReturn === null || state.mode !== "live") return [];
  return [small(state.runbook.failback === undefined ? t.noFailback : t.wayBack(plain(state.runbook.failback)))];
}

function keptLines(state: DrillState): readonly CardJson[] {
  const lines = state.holds.map((h) => text(t.kept(plain(h.server), plain(h.owner.name), dateAndTimeToken(h.since), dateAndTimeToken(h.until), plain(h.reason, 160))));
  return lines.length === 0 ? [] : [...lines, small(t.allWait)];
}

function releaseButtons(state: DrillState, debt: Debt): readonly Button[] {
  if (!state.holds.some((h) => h.operation === debt.operation)) return [];
  return [{ ...buttons.release, verb: "release", data: dataOf(state, debt), primary: true }];
}

function leave(state: DrillState, debt: Debt): Button {
  return { ...buttons.leave, verb: "accept-debt", data: dataOf(state, debt) };
}

function dataOf(state: DrillState, debt: Debt): { readonly drill: string; readonly operation: string } {
  return { drill: state.id, operation: debt.operation };
}

function settledTitle(state: DrillState): string {
  if (state.debts.length > 0 && state.debts.every((d) => d.status === "kept")) return t.nothingToTakeBack;
  return state.debts.some((d) => d.status === "accepted") ? t.staysSignedFor : t.allTakenBack;
}

function settledWord(debt: Debt): string {
  if (debt.status === "accepted") return t.leftBehind;
  if (debt.status === "kept") return t.stays;
  return debt.kind === "obligation" ? t.done : t.takenBack;
}

function what(state: DrillState, debt: Debt): string {
  return debt.kind === "obligation" ? plain(debt.text) : titleOf(state, debt.step);
}

function titleOf(state: DrillState, step: string): string {
  return plain(stepOf(state, step)?.step.title ?? step);
}

function whyCleaning(state: DrillState): string {
  if (state.cleanup === null || state.cleanup.why === "finished") return t.stepsDone;
  return `${state.cleanup.why}: ${plain(state.cleanup.reason, 160)}`;
}
