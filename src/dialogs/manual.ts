import { plain, prose, reasonInput, text } from "./card.ts";
import { at, continueButton, deadline, evidenceAsked, failedButton, giveUpButton, retryButton, skipButton, undoSaid, type StepDialog } from "./step-dialog.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks } from "../texts/steps.ts";

/** A step that a person performs: the author's words, and three honest answers. */
export const manualDialog: StepDialog = (state, step) => {
  if (step.status === "failing") {
    return {
      style: "attention",
      asks: asks.failed,
      body: [text(step.closedBy === null ? plain(step.reason) : `**${plain(step.closedBy.name)}:** ${plain(step.reason)}`), reasonInput(step.step.guard ? reasons.toEnd : reasons.toGoOnOrEnd)],
      buttons: [retryButton(state, step), ...(step.step.guard ? [] : [continueButton(state, step)]), giveUpButton(state)],
    };
  }
  return {
    style: "accent",
    asks: asks.manual,
    body: [...prose(step.step.prose), ...evidenceAsked(state, step), ...undoSaid(step), ...deadline(step), reasonInput(reasons.remarkManual)],
    buttons: [
      { ...buttons.done, verb: "done", data: at(state, step), primary: true },
      failedButton(state, step),
      ...(step.step.guard ? [] : [skipButton(state, step)]),
    ],
  };
};
