import { plain, prose, reasonInput, small, text } from "./card.ts";
import { seen } from "./check.ts";
import { at, continueButton, giveUpButton, retryButton, type StepDialog } from "./step-dialog.ts";
import { clockTime, counted } from "../texts/words.ts";

/** What is waited for, since when and until when; when it did not come, what people can do. */
export const waitDialog: StepDialog = (state, step) => {
  const wait = step.step;
  if (wait.kind !== "wait" || step.status === "failing") {
    return {
      style: "attention",
      asks: "waited in vain",
      body: [text(plain(step.reason), { weight: "Bolder" }), ...(step.observation === null ? [] : seen(step.observation)), reasonInput("Reason (needed to go on or to end)", "for example: the balancer is slow today, it will come")],
      buttons: [retryButton(state, step, "Wait again"), ...(wait.guard ? [] : [continueButton(state, step)]), giveUpButton(state)],
    };
  }
  const end = new Date(Date.parse(step.since ?? state.launchedAt) + (wait.until?.limitMs ?? wait.forMs ?? 0)).toISOString();
  const looked = step.looks === null ? "Not looked yet." : `Looked ${counted(step.looks.count, "time")}, last at ${clockTime(step.looks.last)}; held ${step.looks.held} of ${wait.until?.times ?? 1} in a row.`;
  return {
    style: "accent",
    asks: "waiting",
    body: [...prose(wait.prose), small(wait.until === null ? `Goes on by itself at ${clockTime(end)}.` : `${looked} Gives up at ${clockTime(end)}.`), ...(step.observation === null ? [] : [text(plain(step.observation.summary))]), ...(wait.guard ? [] : [reasonInput("Reason (needed to skip)", "for example: DNS answers everywhere already")])],
    buttons: wait.guard ? [] : [{ title: "Skip", verb: "skipped", data: at(state, step), command: "skip because …" }],
  };
};
