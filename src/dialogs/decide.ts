import { plain, prose, reasonInput } from "./card.ts";
import { manualDialog } from "./manual.ts";
import { at, deadline, failedButton, type StepDialog } from "./step-dialog.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks } from "../texts/steps.ts";

/** One button an option; the steps of the other branches are then left out. */
export const decideDialog: StepDialog = (state, step, now) => {
  if (step.status === "failing" || step.step.kind !== "decide") return manualDialog(state, step, now);
  const { name, options } = step.step;
  return {
    style: "accent",
    asks: asks.decision,
    body: [...prose(step.step.prose), ...deadline(step), reasonInput(reasons.remarkDecide)],
    buttons: [
      ...options.map((o) => ({ ...buttons.option(plain(o.label), o.key), verb: "done", data: { ...at(state, step), [`a_${name}`]: o.key } })),
      failedButton(state, step),
    ],
  };
};
