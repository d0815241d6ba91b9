import type { Person } from "../drills/events.ts";
import { permit } from "../drills/permission.ts";
import type { DrillState } from "../drills/state.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { commandOfClick } from "./answers.ts";
import { inputWords, isInput, listOf, small, text, wordsOf, type CardJson, type Shown } from "./card.ts";
import { itemLine } from "./checklist.ts";
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
  const body = presses ? listOf(shown.card["body"]) : [...listOf(shown.card["body"]).flatMap(toRead), small(lookingOn(state), { spacing: "Medium" })];
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

/** What is asked stays to be read; what only goes with a press, such as a reason, does not. */
function toRead(part: Json): readonly Json[] {
  if (!isInput(part) || !isRecord(part)) return [part];
  const id = String(part["id"]);
  if (/^tick\d+$/u.test(id)) return [itemLine(String(part["title"]), part["value"] === "true")];
  return id.startsWith("a_") ? [text(inputWords(part), { spacing: "Small" })] : [];
}

function lookingOn(state: DrillState): string {
  return state.status === "ended" ? chatTexts.nothingForAnybody : chatTexts.nothingForReader;
}
