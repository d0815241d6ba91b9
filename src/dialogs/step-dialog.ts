import type { DrillState, StepState } from "../drills/state.ts";
import { plain, small, text, type Button, type CardJson, type Style } from "./card.ts";
import { clockTime } from "../texts/words.ts";

/** What a step of one kind shows: the part of its card below the frame. */
export type Drawn = {
  readonly style: Style;
  /** What is asked or going on, beside the kind of event. */
  readonly asks: string;
  readonly body: readonly CardJson[];
  readonly buttons: readonly Button[];
};

export type StepDialog = (state: DrillState, step: StepState, now: Date) => Drawn;

/** Names the attempt that a click belongs to: a click on an older card is then seen to be one. */
export function at(state: DrillState, step: StepState): CardJson {
  return { drill: state.id, step: step.step.id, round: step.round };
}

export function retryButton(state: DrillState, step: StepState, title = "Try again"): Button {
  return { title, verb: "retry", data: at(state, step), command: "retry", primary: true };
}

export function continueButton(state: DrillState, step: StepState): Button {
  return { title: "Record as finding and go on", verb: "continue", data: at(state, step), command: "continue because …" };
}

export function giveUpButton(state: DrillState): Button {
  return { title: "Clean up and end", verb: "give-up", data: { drill: state.id }, command: "clean up because …" };
}

/** Until when people may answer, said before it is too late; nothing when they may take as long as they like. */
export function deadline({ step, since }: StepState): readonly CardJson[] {
  if (!("timeoutMs" in step) || step.timeoutMs === undefined || since === null) return [];
  return [small(`Answer by ${clockTime(new Date(Date.parse(since) + step.timeoutMs).toISOString())}: after that the step has failed.`)];
}

/** What has to be attached before the step can be done, and whether something is there. */
export function evidenceAsked(state: DrillState, { step }: StepState): readonly CardJson[] {
  if (step.evidence === undefined || step.evidence.length === 0) return [];
  const files = state.attachments.filter((a) => a.step === step.id).map((a) => plain(a.name, 80));
  const there = files.length === 0 ? "Nothing is attached yet: send the file in this chat." : `Attached: ${files.slice(0, 5).join(", ")}${files.length > 5 ? ` and ${files.length - 5} more` : ""}.`;
  return [text(`**Evidence:** ${step.evidence.map((e) => plain(e, 200)).join("; ")}. ${there}`, files.length === 0 ? { color: "Warning" } : {})];
}

/** How people take this step back later, said before they do it. */
export function undoSaid({ step }: StepState): readonly CardJson[] {
  if (step.undo === undefined) return [];
  return [small("text" in step.undo ? `Taken back later: ${plain(step.undo.text, 300)}` : `Nothing to take back: ${plain(step.undo.none, 200)}`)];
}
