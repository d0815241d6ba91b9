import type { Person } from "../drills/events.ts";
import { permit } from "../drills/permission.ts";
import type { DrillState } from "../drills/state.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { commandOfClick } from "./answers.ts";
import { isInput, listOf, small, wordsOf, type CardJson, type Shown } from "./card.ts";
import { chatTexts } from "../texts/chat.ts";

/**
 * A card as one person sees it: with the buttons that their roles let them press, and what to fill in only where a button
 * is left that sends it. A courtesy: every press is checked again when it arrives, whatever was shown.
 */
export function seenBy(shown: Shown, state: DrillState, viewer: Person): Shown {
  const actions = listOf(shown.card["actions"]);
  const kept = actions.filter((action) => mayPress(action, state, viewer));
  if (kept.length === actions.length) return shown;
  const presses = kept.some((action) => isRecord(action) && action["type"] === "Action.Execute");
  const body = presses ? listOf(shown.card["body"]) : [...listOf(shown.card["body"]).filter((part) => !isInput(part)), small(lookingOn(state), { spacing: "Medium" })];
  const card: CardJson = { ...shown.card, body, actions: kept };
  return { card, text: wordsOf(card) };
}

/** Whether the person's roles let them press this button at all; whether it is the moment, the server says when it comes. */
function mayPress(action: Json, state: DrillState, viewer: Person): boolean {
  if (!isRecord(action) || action["type"] !== "Action.Execute") return true;
  const verb = String(action["verb"]);
  const command = commandOfClick(state, viewer, verb === "ask-abort" ? "abort" : verb, action["data"] ?? {});
  return command === null || permit(state, command) === null;
}

function lookingOn(state: DrillState): string {
  return state.status === "ended" ? chatTexts.nothingForAnybody : chatTexts.nothingForReader;
}
