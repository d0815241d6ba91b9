import { commandOfClick } from "../../dialogs/answers.ts";
import { plain, wordsOf } from "../../dialogs/card.ts";
import { coverageCard } from "../../dialogs/coverage-card.ts";
import { abortForm } from "../../dialogs/launch-cards.ts";
import { drillsCard, helpCard, runbooksCard } from "../../dialogs/lists.ts";
import { liveCard } from "../../dialogs/live-card.ts";
import { DrillbookError } from "../../errors.ts";
import { isRecord } from "../../runbooks/json.ts";
import { chatRefusals, chatTexts as t } from "../../texts/chat.ts";
import { drillListTexts, helpTexts } from "../../texts/lists.ts";
import type { Answer, Inbound } from "../message.ts";
import { said, shown } from "./answer.ts";
import { commandOfWords } from "./drill-words.ts";
import { give } from "./giving.ts";
import { drillMeant, moment, waitingForMe } from "./meant-drill.ts";
import { openDrills } from "./open-drills.ts";
import { withPeople } from "./mentioned.ts";
import { parse } from "./parse.ts";
import type { ChatParts, Chatting, Of } from "./parts.ts";
import { misplacedPress, viewOf } from "./pressed-card.ts";
import { answerFiles } from "./received-files.ts";
import { answerIncident, answerStart, pressBefore } from "./starting.ts";

/** Answers what people write and click. Every change goes through the runner, whose checks are the only ones that count. */
export function createChat(parts: ChatParts): (inbound: Inbound) => Promise<Answer> {
  const chatting: Chatting = { ...parts, open: openDrills(parts.drills, (drill) => parts.runner.state(drill)) };
  return async (inbound) => {
    try {
      const answer = await answerTo(chatting, inbound);
      return { ...answer, messages: answer.messages.map((m) => (m.card === null ? m : { ...m, text: wordsOf(m.card, inbound.reader) })) };
    } catch (thrown) {
      if (thrown instanceof DrillbookError) return said(`${thrown.message} ${thrown.suggestion}`.trim());
      throw thrown;
    }
  };
}

function answerTo(parts: Chatting, inbound: Inbound): Promise<Answer> {
  if (inbound.kind === "files") return answerFiles(parts, inbound);
  return inbound.kind === "text" ? answerText(parts, inbound) : answerClick(parts, inbound);
}

async function answerText(parts: Chatting, inbound: Of<"text">): Promise<Answer> {
  const typed = parse(inbound.text);
  switch (typed.type) {
    case "help":
      return shown(helpCard(...(await moment(parts, inbound))));
    case "help-all":
      return shown(helpCard(helpTexts.allOfIt));
    case "runbooks":
      return shown(runbooksCard(await parts.launching.list(), typed.page));
    case "drills":
      return shown(drillsCard((await parts.drills()).toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).map((d) => ({ ...d, state: d.result ?? drillListTexts.underWay })), typed.page));
    case "status": {
      const state = await drillMeant(parts, inbound, typed.drill ?? null);
      return shown(liveCard(state, parts.clock(), parts.transcriptUrl(state.id)));
    }
    case "start":
      return answerStart(parts, inbound, typed);
    case "incident":
      return answerIncident(parts, inbound, typed);
    case "verb":
    case "values":
    case "note": {
      const state = await drillMeant(parts, inbound, typed.drill);
      return give(parts, state, commandOfWords(state, inbound.person, withPeople(parts, inbound, typed)));
    }
    case "coverage":
      return shown(coverageCard(await parts.coverage()));
    case "waiting":
      return said(await waitingForMe(parts, inbound));
    case "unknown": {
      const words = plain(typed.text, 80);
      if (typed.near === null) return said(t.notKnown(words));
      return said(t.didYouMean(typed.near, words));
    }
  }
}

async function answerClick(parts: Chatting, inbound: Of<"click">): Promise<Answer> {
  const data = isRecord(inbound.data) ? inbound.data : {};
  if (inbound.verb === "refresh") return viewOf(parts, inbound, data);
  const before = await pressBefore(parts, inbound, data);
  if (before !== null) return before;
  const state = await parts.runner.state(typeof data["drill"] === "string" ? data["drill"].slice(0, 40) : "");
  const command = commandOfClick(state, inbound.person, inbound.verb, data);
  const misplaced = state.status === "ended" ? null : await misplacedPress(parts, state, inbound, data);
  if (misplaced !== null) {
    if (command !== null) await parts.runner.refuse(state.id, command, misplaced);
    return said(`${misplaced.message} ${misplaced.suggestion}`);
  }
  if (inbound.verb === "ask-abort") return shown(abortForm(state));
  if (command === null) throw new DrillbookError("bad-input", ...chatRefusals.notOurButton);
  return give(parts, state, command);
}
