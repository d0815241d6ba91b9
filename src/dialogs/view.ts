import type { Person } from "../drills/events.ts";
import { permit } from "../drills/permission.ts";
import { stepOf, type ApprovalState, type DrillState } from "../drills/state.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { commandOfClick } from "./answers.ts";
import { inputWords, isInput, listOf, small, text, wordsOf, type CardJson, type Shown } from "./card.ts";
import { itemLine } from "./checklist.ts";
import { chatTexts } from "../texts/chat.ts";
import { clockTime } from "../texts/words.ts";

type Decision = ApprovalState["decisions"][number];

/**
 * A card as one person sees it: with the buttons that their roles let them press, and what to fill in only where a button
 * is left that sends it. A courtesy: every press is checked again when it arrives, whatever was shown.
 */
export function seenBy(shown: Shown, state: DrillState, viewer: Person): Shown {
  const actions = listOf(shown.card["actions"]);
  const kept = actions.filter((action) => mayPress(action, state, viewer));
  if (kept.length === actions.length) return shown;
  const presses = kept.some((action) => isRecord(action) && action["type"] === "Action.Execute");
  const body = presses ? listOf(shown.card["body"]) : [...listOf(shown.card["body"]).flatMap(toRead), small(lookingOn(state, actions, viewer), { spacing: "Medium" })];
  const card: CardJson = { ...shown.card, body, actions: kept };
  return { card, text: wordsOf(card) };
}

/** What the person has decided of what this button decides; null: nothing yet. */
function decidedOn(action: Json, state: DrillState, viewer: Person): Decision | null {
  if (!isRecord(action) || !isRecord(action["data"]) || !["approve", "reject"].includes(String(action["verb"]))) return null;
  return stepOf(state, String(action["data"]["step"]))?.approval?.decisions.find(({ by }) => by.id === viewer.id) ?? null;
}

/** Whether the person's roles let them press this button at all, and they have not decided already; whether it is the moment, the server says when it comes. */
function mayPress(action: Json, state: DrillState, viewer: Person): boolean {
  if (!isRecord(action) || action["type"] !== "Action.Execute") return true;
  if (decidedOn(action, state, viewer) !== null) return false;
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

function lookingOn(state: DrillState, actions: readonly Json[], viewer: Person): string {
  const [decided] = actions.flatMap((action) => decidedOn(action, state, viewer) ?? []);
  if (decided !== undefined) return chatTexts.youDecided(clockTime(decided.at));
  return state.status === "ended" ? chatTexts.nothingForAnybody : chatTexts.nothingForReader;
}
