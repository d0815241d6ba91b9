import { waitingFor } from "../../dialogs/live-card.ts";
import { plain } from "../../dialogs/card.ts";
import type { Person } from "../../drills/events.ts";
import { openSteps, type DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { mayNow, waitsFor } from "../../people/may-now.ts";
import { chatRefusals, chatTexts as t } from "../../texts/chat.ts";
import { isChannel, isPersonal } from "../addresses.ts";
import type { Conversation, Inbound } from "../message.ts";
import type { Chatting } from "./parts.ts";

/** The drill that somebody means: the one they named, else the newest of this conversation that has not ended. Throws `not-found`. */
export async function drillMeant(parts: Chatting, { conversation, person }: Inbound, named: string | null): Promise<DrillState> {
  if (named !== null) return parts.runner.state(named);
  const here = await parts.open.newestIn(conversation.id);
  if (here !== null) return here;
  const [only, ...others] = await near(parts, conversation, person);
  if (only !== undefined && others.length === 0) return only;
  throw new DrillbookError("not-found", ...chatRefusals.noDrillHere);
}

/** Where no drill began: of a channel, those of its threads, for a question may be asked in a post of its own; in person, those that wait for this person. */
async function near(parts: Chatting, conversation: Conversation, person: Person): Promise<readonly DrillState[]> {
  if (isChannel(conversation)) return parts.open.inChannel(conversation.id);
  return isPersonal(conversation) ? (await parts.open.ofPerson(person.id)).filter((state) => waitsFor(state, person, parts.clock()).length > 0) : [];
}

/** What there is to do now, for whoever asks, in words and as the commands that fit: in this chat, and wherever else a drill waits for them. */
export async function moment(parts: Chatting, inbound: Inbound): Promise<readonly [string, readonly string[]]> {
  const state = await drillMeant(parts, inbound, null).catch(() => null);
  if (state === null) {
    const elsewhere = await waitingLines(parts, inbound.person);
    return [elsewhere.length === 0 ? t.nothingElsewhere : t.elsewhere(elsewhere), []];
  }
  const words = mayNow(state, inbound.person, parts.clock());
  const may = words.length === 0 ? t.noRole : t.youCanType(words);
  return [t.underWay(state.id, waitingFor(state, parts.clock()) ?? t.nobody, may), words.map((word) => (word.startsWith("sign") ? "sign" : word))];
}

/** What waits for this person, in every drill. */
export async function waitingForMe(parts: Chatting, inbound: Inbound): Promise<string> {
  const lines = await waitingLines(parts, inbound.person);
  if (lines.length === 0) return t.nothingWaits;
  return t.theseWait(lines);
}

async function waitingLines(parts: Chatting, person: Person): Promise<readonly string[]> {
  return (await parts.open.ofPerson(person.id)).flatMap((state) => {
    const words = waitsFor(state, person, parts.clock());
    const title = openSteps(state).map((s) => s.step.title).join("; ") || state.runbook.title;
    return words.length === 0 ? [] : [t.waitsLine(state.id, plain(title), words)];
  });
}
