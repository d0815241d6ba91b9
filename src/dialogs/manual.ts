import { plain, prose, reasonInput, text } from "./card.ts";
import { at, continueButton, deadline, evidenceAsked, giveUpButton, retryButton, undoSaid, type StepDialog } from "./step-dialog.ts";

/** A step that a person performs: the author's words, and three honest answers. */
export const manualDialog: StepDialog = (state, step) => {
  if (step.status === "failing") {
    return {
      style: "attention",
      asks: "step failed",
      body: [text(step.closedBy === null ? plain(step.reason) : `**${plain(step.closedBy.name)}:** ${plain(step.reason)}`), reasonInput("Reason (needed to go on)", "for example: known, ticket 4711")],
      buttons: [retryButton(state, step), ...(step.step.guard ? [] : [continueButton(state, step)]), giveUpButton(state)],
    };
  }
  return {
    style: "accent",
    asks: "your step",
    body: [...prose(step.step.prose), ...evidenceAsked(state, step), ...undoSaid(step), ...deadline(step), reasonInput("Remark (needed when it failed or is skipped)", "for example: sign-in took 40 s")],
    buttons: [
      { title: "Done", verb: "done", data: at(state, step), command: "done", primary: true },
      { title: "Failed", verb: "failed", data: at(state, step), command: "failed because …" },
      ...(step.step.guard ? [] : [{ title: "Skip", verb: "skipped", data: at(state, step), command: "skip because …" }]),
    ],
  };
};
