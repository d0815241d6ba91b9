import { waitingFor } from "../../dialogs/live-card.ts";
import type { PersonCommand } from "../../drills/commands.ts";
import { debtOf } from "../../drills/debts.ts";
import { stepOf, type DrillState } from "../../drills/state.ts";
import { chatTexts as t } from "../../texts/chat.ts";
import type { Answer } from "../message.ts";
import { said, told } from "./answer.ts";
import type { Chatting } from "./parts.ts";

/** Gives a person's command to the drill, whose checks alone count, and says what is recorded or why it is not. */
export async function give(parts: Chatting, state: DrillState, command: PersonCommand): Promise<Answer> {
  const { refused, state: after } = await parts.runner.command(state.id, command);
  if (refused !== null) return told(refused);
  const waits = waitingFor(after, parts.clock());
  const next = after.status === "ended" ? t.hasEnded(after.id, after.result ?? "") : waits === null ? "" : t.waitingFor(waits);
  return { ...said(`${recorded(state, command)} ${next}`.trim()), settled: true };
}

/** What somebody has settled or signed for, as the card named it. */
function owedText(state: DrillState, operation: string): string {
  const debt = debtOf(state, operation);
  return debt === undefined ? "" : debt.text || (stepOf(state, debt.step)?.step.title ?? "");
}

function recorded(state: DrillState, command: PersonCommand): string {
  const title = "step" in command && command.step !== null ? t.ofStep(stepOf(state, command.step)?.step.title ?? "") : "";
  switch (command.type) {
    case "answer":
      return t.recordedAs(title, command.answer);
    case "decide":
      return command.decision === "approve" ? t.approved : t.rejected;
    case "note":
      return t.noted;
    case "sign":
      return t.signed(command.as);
    case "abort":
      return t.aborting;
    case "give-up":
      return t.cleaningUp;
    case "settle":
      return t.settled(owedText(state, command.obligation));
    case "accept-debt":
      return t.left(owedText(state, command.operation));
    default:
      return t.recorded(title);
  }
}
