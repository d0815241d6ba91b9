import { plain, prose, reasonInput } from "./card.ts";
import { manualDialog } from "./manual.ts";
import { at, deadline, type StepDialog } from "./step-dialog.ts";

/** One button an option; the steps of the other branches are then left out. */
export const decideDialog: StepDialog = (state, step, now) => {
  if (step.status === "failing" || step.step.kind !== "decide") return manualDialog(state, step, now);
  const { name, options } = step.step;
  return {
    style: "accent",
    asks: "your decision",
    body: [...prose(step.step.prose), ...deadline(step), reasonInput("Remark (needed when it cannot be decided)", "for example: the vendor does not answer")],
    buttons: [
      ...options.map((o) => ({ title: plain(o.label), verb: "done", data: { ...at(state, step), [`a_${name}`]: o.key }, command: `choose ${o.key}` })),
      { title: "Failed", verb: "failed", data: at(state, step), command: "failed because …" },
    ],
  };
};
