import { answersOf, type AskedAnswer } from "../runbooks/runbook.ts";
import { isGuard, type DrillState } from "../drills/state.ts";
import { peopleOf } from "../drills/values.ts";
import { plain, prose, reasonInput, type CardJson } from "./card.ts";
import { manualDialog } from "./manual.ts";
import { at, deadline, failedButton, skipButton, type StepDialog } from "./step-dialog.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks, askTexts } from "../texts/steps.ts";

/** Inputs for what later steps need; typed, so that a wrong one is refused before anything rests on it. */
export const askDialog: StepDialog = (state, step, now) => {
  if (step.status === "failing") return manualDialog(state, step, now);
  const asked = answersOf(step.step);
  return {
    style: "accent",
    asks: asks.answer,
    body: [...prose(step.step.prose), ...deadline(step), ...asked.map((a) => inputOf(state, a)), reasonInput(reasons.remarkAsk)],
    buttons: [
      { ...buttons.answer(asked.map((a) => a.name)), verb: "done", data: at(state, step), primary: true },
      failedButton(state, step),
      ...(isGuard(step) ? [] : [skipButton(state, step)]),
    ],
  };
};

/** The prefix keeps an answer from being named like a field of ours. */
function inputOf(state: DrillState, asked: AskedAnswer): CardJson {
  const common = { id: `a_${asked.name}`, label: plain(asked.label), spacing: "Medium", ...(asked.default === null ? {} : { value: asked.default }) };
  const choices = asked.type === "person" ? peopleOf(state).map((p) => ({ title: p.name, value: p.id })) : asked.choices.map((c) => ({ title: c, value: c }));
  if (choices.length > 0) return { type: "Input.ChoiceSet", style: "compact", choices, ...common };
  if (asked.type === "date") return { type: "Input.Date", ...common };
  if (asked.type === "output") return { type: "Input.Text", isMultiline: true, maxLength: 20_000, placeholder: askTexts.paste, ...common };
  return { type: "Input.Text", maxLength: 1_000, ...common };
}
