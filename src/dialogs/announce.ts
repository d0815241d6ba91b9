import { box, plain, prose, reasonInput, small, text } from "./card.ts";
import { manualDialog } from "./manual.ts";
import { at, deadline, evidenceAsked, failedButton, skipButton, type StepDialog } from "./step-dialog.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks, stepTexts } from "../texts/steps.ts";

/** The words to pass on, with what kind of event it is before them, and a button for whoever passed them on. */
export const announceDialog: StepDialog = (state, step, now) => {
  if (step.status === "failing" || step.announced === null) return manualDialog(state, step, now);
  const { audience, text: words } = step.announced;
  return {
    style: "accent",
    asks: asks.announcement,
    body: [
      ...prose(step.step.prose),
      small(stepTexts.to(plain(audience))),
      box([text(plain(words, 2_100))]),
      ...evidenceAsked(state, step),
      ...deadline(step),
      reasonInput(reasons.remarkAnnounce),
    ],
    buttons: [
      { ...buttons.theyKnow, verb: "done", data: at(state, step), primary: true },
      failedButton(state, step),
      ...(step.step.guard ? [] : [skipButton(state, step)]),
    ],
  };
};
