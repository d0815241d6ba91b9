import { plain, prose, reasonInput, small, text } from "./card.ts";
import { seen } from "./check.ts";
import { continueButton, giveUpButton, retryButton, skipButton, type StepDialog } from "./step-dialog.ts";
import { clockTime } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { reasons } from "../texts/card.ts";
import { asks, waitTexts as t } from "../texts/steps.ts";

/** What is waited for, since when and until when; when it did not come, what people can do. */
export const waitDialog: StepDialog = (state, step) => {
  const wait = step.step;
  if (wait.kind !== "wait" || step.status === "failing") {
    return {
      style: "attention",
      asks: asks.waitedInVain,
      body: [text(plain(step.reason), { weight: "Bolder" }), ...(step.observation === null ? [] : seen(step.observation)), reasonInput(wait.guard ? reasons.toEnd : reasons.toGoOnOrEndWait)],
      buttons: [retryButton(state, step, buttons.waitAgain), ...(wait.guard ? [] : [continueButton(state, step)]), giveUpButton(state)],
    };
  }
  const end = new Date(Date.parse(step.since ?? state.launchedAt) + (wait.until?.limitMs ?? wait.forMs ?? 0)).toISOString();
  const looked = step.looks === null ? t.notLooked : t.looked(step.looks.count, clockTime(step.looks.last), step.looks.held, wait.until?.times ?? 1);
  return {
    style: "accent",
    asks: asks.waiting,
    body: [...prose(wait.prose), small(wait.until === null ? t.goesOn(clockTime(end)) : t.givesUp(looked, clockTime(end))), ...(step.observation === null ? [] : [text(plain(step.observation.summary))]), ...(wait.guard ? [] : [reasonInput(reasons.toSkipWait)])],
    buttons: wait.guard ? [] : [skipButton(state, step)],
  };
};
