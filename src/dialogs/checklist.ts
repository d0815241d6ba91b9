import type { CardJson } from "./card.ts";
import { plain } from "./card.ts";
import { manualDialog } from "./manual.ts";
import type { StepDialog } from "./step-dialog.ts";
import { asks } from "../texts/steps.ts";

/** A manual step whose items are ticked one by one; `done` needs all of them. */
export const checklistDialog: StepDialog = (state, step, now) => {
  const drawn = manualDialog(state, step, now);
  if (step.step.kind !== "checklist" || step.status === "failing") return drawn;
  const toggles = step.step.items.map((item, i): CardJson => ({
    type: "Input.Toggle",
    id: `tick${i}`,
    title: item,
    wrap: true,
    spacing: "Small",
    value: step.ticks[i] === true ? "true" : "false",
  }));
  const remark = drawn.body.at(-1);
  const words = drawn.body.slice(0, -1);
  return { ...drawn, asks: asks.checklist(step.step.items.length, plain(step.step.role)), body: [...words, ...toggles, ...(remark === undefined ? [] : [remark])] };
};
