import { commandOfClick } from "../../dialogs/answers.ts";
import { plain, wordsOf } from "../../dialogs/card.ts";
import { coverageCard } from "../../dialogs/coverage-card.ts";
import { drillsCard, helpCard, runbooksCard } from "../../dialogs/lists.ts";
import { liveCard } from "../../dialogs/live-card.ts";
import { stepOf } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { chatRefusals, chatTexts as t } from "../../texts/chat.ts";
import { drillListTexts, helpTexts } from "../../texts/lists.ts";
import type { Answer, Inbound, Outgoing } from "../message.ts";
import { pageOf } from "../pages.ts";
import { abortByForm, askAbort, keepGoing } from "./aborting.ts";
import { said, shown, told } from "./answer.ts";
import { commandOfWords, whatIsAsked } from "./drill-words.ts";
import { give } from "./giving.ts";
import { drillMeant, moment, waitingForMe } from "./meant-drill.ts";
import { openDrills } from "./open-drills.ts";
import { withPeople } from "./mentioned.ts";
import { parse } from "./parse.ts";
import type { ChatParts, Chatting, Of } from "./parts.ts";
import { misplacedPress, viewOf } from "./pressed-card.ts";
import { answerFiles } from "./received-files.ts";
import { answerIncident, answerStart, pressBefore } from "./starting.ts";
import { askedAgain, pageAsked, turnOfAnswer } from "./turning.ts";
import { wholeCard } from "./whole-card.ts";

/** Answers what people write and click. Every change goes through the runner, whose checks are the only ones that count. */
export function createChat(parts: ChatParts): (inbound: Inbound) => Promise<Answer> {
  const chatting: Chatting = { ...parts, open: openDrills(parts.drills, (drill) => parts.runner.state(drill)) };
  return async (inbound) => {
    try {
      const answer = await answerTo(chatting, inbound);
      return { ...answer, messages: answer.messages.map((message) => onePage(message, inbound)) };
    } catch (thrown) {
      if (thrown instanceof DrillbookError) return { ...told(thrown), notTaken: thrown.code };
      throw thrown;
    }
  };
}

/** Answers are drawn whole; what goes out is the page that was asked for. */
function onePage(message: Outgoing, inbound: Inbound): Outgoing {
  if (message.card === null) return message;
  const { card } = pageOf(message.card, pageAsked(inbound), turnOfAnswer(inbound));
  return { text: wordsOf(card, inbound.reader), card };
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
      const command = commandOfWords(state, inbound.person, withPeople(parts, inbound, typed));
      const answer = await give(parts, state, command);
      const found = command.type === "decide" && answer.settled !== true ? stepOf(state, command.step) : undefined;
      const asked = command.type === "decide" && command.code !== found?.approval?.code ? whatIsAsked(state, found) : null;
      return asked === null ? answer : { messages: [...answer.messages, { text: asked.join(""), card: null }] };
    }
    case "card":
      return said(wholeCard(parts, await drillMeant(parts, inbound, typed.drill ?? null), inbound, typed.on ?? ""));
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
  if (inbound.verb === "refresh") return (await viewOf(parts, inbound, data)) ?? { messages: [] };
  if (inbound.verb === "page") return turnPage(parts, inbound, data);
  const before = await pressBefore(parts, inbound, data);
  if (before !== null) return before;
  const state = await parts.runner.state(typeof data["drill"] === "string" ? data["drill"].slice(0, 40) : "");
  const command = commandOfClick(state, inbound.person, inbound.verb, data);
  const misplaced = state.status === "ended" ? null : await misplacedPress(parts, state, inbound, data);
  if (misplaced !== null) {
    if (command !== null) await parts.runner.refuse(state.id, command, misplaced);
    return told(misplaced);
  }
  if (inbound.verb === "ask-abort") return askAbort(parts, state, inbound.person);
  if (inbound.verb === "do-not-abort") return keepGoing(state, inbound.person);
  if (command === null) throw new DrillbookError("bad-input", ...chatRefusals.notOurButton);
  return command.type === "abort" ? abortByForm(parts, state, command) : give(parts, state, command);
}

/** A page changes nothing and is not recorded: a posted card is drawn again, an answer is asked for again. */
async function turnPage(parts: Chatting, inbound: Of<"click">, data: { readonly [key: string]: Json }): Promise<Answer> {
  const posted = typeof data["surface"] === "string";
  const again = posted ? null : askedAgain(inbound, data);
  if (!posted && again === null) throw new DrillbookError("bad-input", ...chatRefusals.notOurButton);
  const answer = again === null ? await viewOf(parts, inbound, data) : await answerTo(parts, again);
  if (answer === null) throw new DrillbookError("not-now", ...chatRefusals.replaced);
  if (again === null) return answer;
  return { messages: answer.messages.map((m) => (m.card === null ? m : { ...m, card: pageOf(m.card, pageAsked(inbound), turnOfAnswer(again)).card })) };
}
