import type { CardJson } from "./card.ts";
import { beforeInputs, line, plain, text } from "./card.ts";
import { manualDialog } from "./manual.ts";
import type { StepDialog } from "./step-dialog.ts";
import { asks, checklistTexts } from "../texts/steps.ts";

/** What is ticked is sent by one press, and so stands on one page: a longer list is read, and ticked as a whole. */
const mostTickUnits = 10_000;

/** A manual step whose items are ticked one by one; `done` needs all of them. */
export const checklistDialog: StepDialog = (state, step, now) => {
  const drawn = manualDialog(state, step, now);
  if (step.step.kind !== "checklist") return drawn;
  if (step.status === "failing") return { ...drawn, body: beforeInputs(drawn.body, step.step.items.map((item, i) => itemLine(item, step.ticks[i] === true))) };
  const toggles = step.step.items.map((item, i): CardJson => ({
    type: "Input.Toggle",
    id: `tick${i}`,
    title: item,
    wrap: true,
    spacing: "Small",
    value: step.ticks[i] === true ? "true" : "false",
  }));
  const items = JSON.stringify(toggles).length <= mostTickUnits ? toggles : [...step.step.items.map((item) => text(checklistTexts.item(item), { spacing: "Small" })), allAtOnce(step.step.items.length)];
  const remark = drawn.body.at(-1);
  const words = drawn.body.slice(0, -1);
  return { ...drawn, asks: asks.checklist(step.step.items.length, plain(step.step.role)), body: [...words, ...items, ...(remark === undefined ? [] : [remark])] };
};

/** An item for whoever reads it and does not tick it. */
export function itemLine(item: string, done: boolean): CardJson {
  return line({ mark: done ? "✓" : "○", color: done ? "Good" : "Default", title: item, detail: "", right: "", strong: false });
}

function allAtOnce(count: number): CardJson {
  return { type: "Input.Toggle", id: "ticks", title: checklistTexts.all(count), wrap: true, spacing: "Medium", value: "false" };
}
