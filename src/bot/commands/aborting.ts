import { abortClosed, abortForm } from "../../dialogs/launch-cards.ts";
import type { PersonCommand } from "../../drills/commands.ts";
import type { Person } from "../../drills/events.ts";
import { permit } from "../../drills/permission.ts";
import { refusePerson } from "../../drills/refusals.ts";
import type { DrillState } from "../../drills/state.ts";
import { chatTexts as t } from "../../texts/chat.ts";
import { launchTexts } from "../../texts/launch.ts";
import type { Answer } from "../message.ts";
import { said, shown, told } from "./answer.ts";
import { give } from "./giving.ts";
import type { Chatting } from "./parts.ts";

type Abort = Extract<PersonCommand, { type: "abort" }>;

/**
 * The form that asks for the reason, as a message of its own: the live card is edited every few seconds while Azure works, and
 * an edit takes away what somebody is typing on it. Whoever may not abort is refused, on record, and posts nothing.
 */
export async function askAbort(parts: Chatting, state: DrillState, by: Person): Promise<Answer> {
  const refused = refusePerson(state, { type: "abort", by, reason: launchTexts.abortQuestion }, parts.clock());
  // Without a reason it is refused in any case, also when it has become possible since.
  if (refused !== null) return give(parts, state, { type: "abort", by, reason: "" });
  return { messages: [...said(t.abortAsked).messages, ...shown(abortForm(state, by)).messages], settled: true };
}

/** The form pressed: the drill is aborted, and nobody is left with the form. What is refused leaves it as it is. */
export async function abortByForm(parts: Chatting, state: DrillState, command: Abort): Promise<Answer> {
  const answer = await give(parts, state, command);
  return answer.settled === true ? closed(state, [launchTexts.abortedBy(command.by.name, command.reason), ...answer.messages.map(({ text }) => text)]) : answer;
}

/** Nobody is left with the form of somebody who thought better of it. */
export function keepGoing(state: DrillState, by: Person): Answer {
  const refused = permit(state, { type: "abort", by, reason: "" });
  return refused === null ? closed(state, [launchTexts.notAbortedBy(by.name)]) : told(refused);
}

function closed(state: DrillState, lines: readonly string[]): Answer {
  return { ...shown(abortClosed(state, lines)), settled: true, forAll: true };
}
