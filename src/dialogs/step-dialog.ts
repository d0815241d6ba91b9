import type { DrillState, StepState } from "../drills/state.ts";
import { plain, small, text, type Button, type CardJson, type Style } from "./card.ts";
import { clockTime } from "../texts/words.ts";
import { buttons, type ButtonWords } from "../texts/buttons.ts";
import { stepTexts as t } from "../texts/steps.ts";

/** What a step of one kind shows: the part of its card below the frame. */
export type Drawn = {
  readonly style: Style;
  /** What is asked or going on, beside the kind of event. */
  readonly asks: string;
  readonly body: readonly CardJson[];
  readonly buttons: readonly Button[];
};

/** How one kind of step is drawn. Pure: the same state at the same time is the same card, or surfaces would be edited for nothing. */
export type StepDialog = (state: DrillState, step: StepState, now: Date) => Drawn;

/** Names the attempt that a click belongs to: a click on an older card is then seen to be one. */
export function at(state: DrillState, step: StepState): CardJson {
  return { drill: state.id, step: step.step.id, round: step.round };
}

/** Opens the step again, with a new round. */
export function retryButton(state: DrillState, step: StepState, words: ButtonWords = buttons.retry): Button {
  return { ...words, verb: "retry", data: at(state, step), primary: true };
}

/** Says that a step cannot be done as it is written. */
export function failedButton(state: DrillState, step: StepState): Button {
  return { ...buttons.failed, verb: "failed", data: at(state, step) };
}

/** Leaves a step out; the report lists it among the deviations. */
export function skipButton(state: DrillState, step: StepState): Button {
  return { ...buttons.skip, verb: "skipped", data: at(state, step) };
}

/** Goes on past a step that failed; the failure becomes a finding. */
export function continueButton(state: DrillState, step: StepState): Button {
  return { ...buttons.goOn, verb: "continue", data: at(state, step) };
}

/** Ends the drill as a whole; what it owes is cleaned up. It names no step, because every step's card offers it. */
export function giveUpButton(state: DrillState): Button {
  return { ...buttons.giveUp, verb: "give-up", data: { drill: state.id } };
}

/** Until when people may answer, said before it is too late; nothing when they may take as long as they like. */
export function deadline({ step, since }: StepState): readonly CardJson[] {
  if (!("timeoutMs" in step) || step.timeoutMs === undefined || since === null) return [];
  return [small(t.answerBy(clockTime(new Date(Date.parse(since) + step.timeoutMs).toISOString())))];
}

/** What has to be attached before the step can be done, and whether something is there. */
export function evidenceAsked(state: DrillState, { step }: StepState): readonly CardJson[] {
  if (step.evidence === undefined || step.evidence.length === 0) return [];
  const files = state.attachments.filter((a) => a.step === step.id).map((a) => plain(a.name, 80));
  const there = files.length === 0 ? t.nothingAttached : t.attached(files.slice(0, 5), files.length - 5);
  return [text(t.evidence(step.evidence.map((e) => plain(e, 200)).join("; "), there), files.length === 0 ? { color: "Warning" } : {})];
}

/** How people take this step back later, said before they do it. */
export function undoSaid({ step }: StepState): readonly CardJson[] {
  if (step.undo === undefined) return [];
  return [small("text" in step.undo ? t.takenBackLater(plain(step.undo.text, 300)) : t.nothingToTakeBack(plain(step.undo.none, 200)))];
}
