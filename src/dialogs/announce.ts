import { box, plain, prose, reasonInput, small, text } from "./card.ts";
import { manualDialog } from "./manual.ts";
import { at, deadline, evidenceAsked, type StepDialog } from "./step-dialog.ts";

/** The words to pass on, with what kind of event it is before them, and a button for whoever passed them on. */
export const announceDialog: StepDialog = (state, step, now) => {
  if (step.status === "failing" || step.announced === null) return manualDialog(state, step, now);
  const { audience, text: words } = step.announced;
  return {
    style: "accent",
    asks: "announcement",
    body: [
      ...prose(step.step.prose),
      small(`To: ${plain(audience)}`),
      box([text(plain(words, 2_100))]),
      ...evidenceAsked(state, step),
      ...deadline(step),
      reasonInput("Remark (needed when it failed or is skipped)", "for example: the switchboard reads it out"),
    ],
    buttons: [
      { title: "They know", verb: "done", data: at(state, step), command: "done", primary: true },
      { title: "Failed", verb: "failed", data: at(state, step), command: "failed because …" },
      ...(step.step.guard ? [] : [{ title: "Skip", verb: "skipped", data: at(state, step), command: "skip because …" }]),
    ],
  };
};
