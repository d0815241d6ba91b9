import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { commandOfClick } from "../../dialogs/answers.ts";
import { plain, wordsOf, type Shown } from "../../dialogs/card.ts";
import { abortForm, startedCard } from "../../dialogs/launch-cards.ts";
import { drillsCard, helpCard, runbooksCard } from "../../dialogs/lists.ts";
import type { CoverageRow } from "../../coverage/coverage.ts";
import { coverageCard } from "../../dialogs/coverage-card.ts";
import { stepOfFile } from "../../dialogs/meant-step.ts";
import { liveCard, waitingFor } from "../../dialogs/live-card.ts";
import { draw } from "../../dialogs/surfaces.ts";
import type { PersonCommand } from "../../drills/commands.ts";
import type { Person } from "../../drills/events.ts";
import { denied, later, type Refusal } from "../../drills/refusal.ts";
import type { DrillSummary } from "../../drills/ports.ts";
import type { Runner } from "../../drills/runner.ts";
import { openDebts, openSteps, stepOf, type DrillState, type StepState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { mayNow, waitsFor } from "../../people/may-now.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { isPersonal, threadOf } from "../addresses.ts";
import { mediaTypeOf } from "../files.ts";
import type { Answer, Inbound, OfferedFile, Outgoing } from "../message.ts";
import { stamped } from "../stamp.ts";
import type { SurfaceRow, SurfaceStore } from "../surface-store.ts";
import { commandOfWords } from "./drill-words.ts";
import type { Launching } from "./launching.ts";
import { drillNamed, parse, type Typed } from "./parse.ts";
import { chatRefusals, chatTexts as t, fileTexts } from "../../texts/chat.ts";
import { incidentTexts } from "../../texts/launch.ts";
import { drillListTexts, helpTexts } from "../../texts/lists.ts";

export type ChatParts = {
  readonly runner: Runner;
  readonly drills: () => Promise<readonly DrillSummary[]>;
  readonly launching: Launching;
  readonly surfaces: SurfaceStore;
  readonly coverage: () => Promise<readonly CoverageRow[]>;
  readonly clock: () => Date;
  readonly transcriptUrl: (drill: string) => string | null;
};

/** Answers what people write and click. Every change goes through the runner, whose checks are the only ones that count. */
export function createChat(parts: ChatParts): (inbound: Inbound) => Promise<Answer> {
  return async (inbound) => {
    try {
      const answer = await answerTo(parts, inbound);
      return { ...answer, messages: answer.messages.map((m) => (m.card === null ? m : { ...m, text: wordsOf(m.card, inbound.reader) })) };
    } catch (thrown) {
      if (thrown instanceof DrillbookError) return said(`${thrown.message} ${thrown.suggestion}`.trim());
      throw thrown;
    }
  };
}

function answerTo(parts: ChatParts, inbound: Inbound): Promise<Answer> {
  if (inbound.kind === "files") return answerFiles(parts, inbound);
  return inbound.kind === "text" ? answerText(parts, inbound) : answerClick(parts, inbound);
}

type Of<K extends Inbound["kind"]> = Extract<Inbound, { kind: K }>;

async function answerText(parts: ChatParts, inbound: Of<"text">): Promise<Answer> {
  const typed = parse(inbound.text);
  switch (typed.type) {
    case "help":
      return shown(helpCard(...(await moment(parts, inbound))));
    case "help-all":
      return shown(helpCard(helpTexts.allOfIt));
    case "runbooks":
      return shown(runbooksCard(await parts.launching.list()));
    case "drills":
      return shown(drillsCard((await newestFirst(parts)).slice(0, 20).map((d) => ({ ...d, state: d.result ?? drillListTexts.underWay }))));
    case "status": {
      const state = await drillHere(parts, inbound, null);
      return shown(liveCard(state, parts.clock(), parts.transcriptUrl(state.id)));
    }
    case "start":
      return answerStart(parts, inbound, typed);
    case "incident":
      return answerIncident(parts, inbound, typed);
    case "verb":
    case "values":
    case "note": {
      const state = await drillHere(parts, inbound, typed.drill);
      return give(parts, state, commandOfWords(state, inbound.person, typed));
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

/** A real incident has words of its own, and the word that confirms it never stands in the first message. */
async function answerIncident(parts: ChatParts, inbound: Inbound, typed: Extract<Typed, { type: "incident" }>): Promise<Answer> {
  await parts.launching.requirePurpose(typed.runbook, "incident");
  if (typed.confirmed === "") return shown(await (Object.keys(typed.params).length === 0 ? parts.launching.form(typed.runbook, {}) : parts.launching.preview(typed.runbook, typed.params)));
  return declare(parts, inbound, typed.runbook, null, { params: typed.params, confirm: typed.confirmed, criterion: typed.reason, disrupted: "", detected: "" });
}

type Declared = { readonly params: Readonly<Record<string, string>>; readonly confirm: string; readonly criterion: string; readonly disrupted: string; readonly detected: string };

async function declare(parts: ChatParts, inbound: Inbound, runbook: string, version: string | null, said: Declared): Promise<Answer> {
  if (said.confirm.trim().toUpperCase() !== incidentTexts.confirmingWord) {
    throw new DrillbookError("bad-input", ...incidentTexts.wordMissing(incidentTexts.confirmingWord));
  }
  const declaration = { criterion: said.criterion, disruptedAt: timeOfDay(said.disrupted, parts.clock()), detectedAt: timeOfDay(said.detected, parts.clock()) };
  return started(await parts.launching.launch(runbook, said.params, version, inbound, declaration));
}

/** `21:40` means the last time it was 21:40 UTC; anything else is left to whoever reads it. */
function timeOfDay(words: string, now: Date): string {
  if (!/^\d{1,2}:\d{2}$/.test(words.trim())) return words.trim();
  const today = new Date(`${now.toISOString().slice(0, 10)}T${words.trim().padStart(5, "0")}:00Z`);
  if (Number.isNaN(today.getTime())) return words.trim();
  return (today > now ? new Date(today.getTime() - 86_400_000) : today).toISOString();
}

async function answerStart(parts: ChatParts, inbound: Inbound, typed: Extract<Typed, { type: "start" }>): Promise<Answer> {
  await parts.launching.requirePurpose(typed.runbook, "exercise");
  if (Object.keys(typed.params).length === 0 && !typed.now) return shown(await parts.launching.form(typed.runbook, {}));
  if (!typed.now) return shown(await parts.launching.preview(typed.runbook, typed.params));
  return started(await parts.launching.launch(typed.runbook, typed.params, null, inbound));
}

async function answerClick(parts: ChatParts, inbound: Of<"click">): Promise<Answer> {
  const data = isRecord(inbound.data) ? inbound.data : {};
  const runbook = typeof data["runbook"] === "string" ? data["runbook"] : "";
  switch (inbound.verb) {
    case "refresh":
      return viewOf(parts, inbound, data);
    case "form":
      await parts.launching.requirePurpose(runbook, "exercise");
      return shown(await parts.launching.form(runbook, {}));
    case "preview":
      return shown(await parts.launching.preview(runbook, inputs(data)));
    case "incident-preview":
      await parts.launching.requirePurpose(runbook, "incident");
      return shown(await parts.launching.preview(runbook, inputs(data)));
    case "declare": {
      const word = (key: string): string => (typeof data[key] === "string" ? data[key].slice(0, 500) : "");
      const said = { params: strings(data["params"]), confirm: word("confirm"), criterion: word("criterion"), disrupted: word("disrupted"), detected: word("detected") };
      return declare(parts, inbound, runbook, word("version") || null, said);
    }
    case "launch": {
      const version = typeof data["version"] === "string" ? data["version"] : null;
      return started(await parts.launching.launch(runbook, strings(data["params"]), version, inbound));
    }
  }
  const state = await parts.runner.state(typeof data["drill"] === "string" ? data["drill"].slice(0, 40) : "");
  const command = commandOfClick(state, inbound.person, inbound.verb, data);
  const misplaced = state.status === "ended" ? null : await misplacedPress(parts, state, inbound, data);
  if (misplaced !== null) {
    if (command !== null) await parts.runner.refuse(state.id, command, misplaced);
    return said(`${misplaced.message} ${misplaced.suggestion}`);
  }
  if (inbound.verb === "ask-abort") return shown(abortForm(state.id, state.runbook.title, openDebts(state).length));
  if (command === null) throw new DrillbookError("bad-input", ...chatRefusals.notOurButton);
  return give(parts, state, command);
}

/** Every file becomes an attachment of the drill that is meant, hashed as it was received. */
async function answerFiles(parts: ChatParts, inbound: Of<"files">): Promise<Answer> {
  const typed = parse(inbound.text);
  const state = await drillHere(parts, inbound, "drill" in typed ? typed.drill : drillNamed(inbound.text));
  const lines: string[] = [];
  const step = stepOfFile(state, inbound.person, inbound.text);
  for (const file of inbound.files) lines.push(await attach(parts, state, step, inbound.person, file));
  return { ...said(lines.join("\n")), settled: true };
}

async function attach(parts: ChatParts, state: DrillState, step: StepState | null, by: Person, file: OfferedFile): Promise<string> {
  const name = plain(file.name, 100);
  const bytes = await file.read();
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === null) return fileTexts.notKept(name);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const command = { type: "attach", by, step: step?.step.id ?? null, name: file.name, mediaType, size: bytes.length, sha256 } as const;
  const { refused } = await parts.runner.command(state.id, command, [bytes]);
  if (refused !== null) return fileTexts.refused(name, `${refused.message} ${refused.suggestion}`.trim());
  const where = step === null ? state.id : fileTexts.atStep(plain(step.step.title), state.id);
  return fileTexts.kept(name, where, Math.ceil(bytes.length / 1024), mediaType, sha256.slice(0, 12));
}

/** The card as this person sees it. Changes nothing, whoever asks. */
async function viewOf(parts: ChatParts, { person }: Inbound, data: { readonly [key: string]: Json }): Promise<Answer> {
  const [drill, surface] = [data["drill"], data["surface"]];
  if (typeof drill !== "string" || typeof surface !== "string") return { messages: [] };
  const state = await parts.runner.state(drill.slice(0, 40));
  const row = (await parts.surfaces.surfaces(state.id)).find((r) => r.surface === surface);
  const drawn = draw(surface, state, parts.clock(), parts.transcriptUrl(state.id), person);
  if (drawn === null || row === undefined || row.generation !== data["generation"]) return { messages: [] };
  return shown({ ...drawn, card: stamped(drawn.card, row, []) });
}

/**
 * A card whose sending got lost may still exist somewhere, and a card can be forwarded: a button counts only on the newest
 * posting of its surface. A decision of an approver counts only in that very message of that very chat.
 */
async function misplacedPress(parts: ChatParts, state: DrillState, inbound: Of<"click">, data: { readonly [key: string]: Json }): Promise<Refusal | null> {
  const decides = inbound.verb === "approve" || inbound.verb === "reject";
  if (typeof data["surface"] !== "string" && !decides) return null;
  const row = await postedRow(parts, state.id, String(data["surface"]));
  if (row === undefined || row.generation !== data["generation"]) {
    return later(...chatRefusals.replaced);
  }
  const id = isRecord(row.conversation) ? row.conversation["id"] : null;
  const here = typeof id === "string" && threadOf(id) === threadOf(inbound.conversation.id) && inbound.shownIn === row.messageId;
  if (!decides || here) return null;
  return denied(...chatRefusals.elsewhere);
}

/** A card can be pressed a moment before it is on record where it stands: that moment is waited for. */
async function postedRow(parts: ChatParts, drill: string, surface: string): Promise<SurfaceRow | undefined> {
  for (let looks = 1; ; looks += 1) {
    const row = (await parts.surfaces.surfaces(drill)).find((r) => r.surface === surface);
    if (row?.state !== "posting" || looks === 20) return row;
    await delay(100);
  }
}

async function give(parts: ChatParts, state: DrillState, command: PersonCommand): Promise<Answer> {
  const { refused, state: after } = await parts.runner.command(state.id, command);
  if (refused !== null) return said(`${refused.message} ${refused.suggestion}`.trim());
  const waits = waitingFor(after, parts.clock());
  const next = after.status === "ended" ? t.hasEnded(after.id, after.result ?? "") : waits === null ? "" : t.waitingFor(waits);
  return { ...said(`${recorded(state, command)} ${next}`.trim()), settled: true };
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
    default:
      return t.recorded(title);
  }
}

/** The drill that somebody means: the one they named, else the newest of this conversation that has not ended. Throws `not-found`. */
async function drillHere(parts: ChatParts, inbound: Inbound, named: string | null): Promise<DrillState> {
  const { conversation, person } = inbound;
  const waiting: DrillState[] = [];
  if (named !== null) return parts.runner.state(named);
  for (const summary of await newestFirst(parts)) {
    if (summary.endedAt !== null) continue;
    const state = await parts.runner.state(summary.id);
    if (isRecord(state.conversation) && state.conversation["id"] === conversation.id) return state;
    if (isPersonal(conversation) && waitsFor(state, person, parts.clock()).length > 0) waiting.push(state);
  }
  // In person there is no drill of the chat: the one that waits for this person is meant, when it is only one.
  const [only, ...others] = waiting;
  if (only !== undefined && others.length === 0) return only;
  throw new DrillbookError("not-found", ...chatRefusals.noDrillHere);
}

async function newestFirst(parts: ChatParts): Promise<readonly DrillSummary[]> {
  return (await parts.drills()).toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** What there is to do now, for whoever asks, in words and as the commands that fit: in this chat, and wherever else a drill waits for them. */
async function moment(parts: ChatParts, inbound: Inbound): Promise<readonly [string, readonly string[]]> {
  const state = await drillHere(parts, inbound, null).catch(() => null);
  if (state === null) {
    const elsewhere = await waitingLines(parts, inbound.person);
    return [elsewhere.length === 0 ? t.nothingElsewhere : t.elsewhere(elsewhere), []];
  }
  const words = mayNow(state, inbound.person, parts.clock());
  const may = words.length === 0 ? t.noRole : t.youCanType(words);
  return [t.underWay(state.id, waitingFor(state, parts.clock()) ?? t.nobody, may), words.map((word) => (word.startsWith("sign") ? "sign" : word))];
}

async function waitingForMe(parts: ChatParts, inbound: Inbound): Promise<string> {
  const lines = await waitingLines(parts, inbound.person);
  if (lines.length === 0) return t.nothingWaits;
  return t.theseWait(lines);
}

async function waitingLines(parts: ChatParts, person: Person): Promise<readonly string[]> {
  const open = (await newestFirst(parts)).filter((d) => d.endedAt === null).slice(0, 200);
  const states = await Promise.all(open.map((d) => parts.runner.state(d.id)));
  return states.flatMap((state) => {
    const words = waitsFor(state, person, parts.clock());
    const title = openSteps(state).map((s) => s.step.title).join("; ") || state.runbook.title;
    return words.length === 0 ? [] : [t.waitsLine(state.id, plain(title), words)];
  });
}

function started(state: DrillState): Answer {
  return { ...shown(startedCard(state.id, state.runbook.title)), settled: true, forAll: true };
}

function shown(what: Shown): Answer {
  return { messages: [{ text: what.text, card: what.card }] };
}

function said(text: string): Answer {
  const message: Outgoing = { text, card: null };
  return { messages: [message] };
}

/** The form's inputs carry a prefix, so that a parameter cannot be named like a field of ours. */
function inputs(data: { readonly [key: string]: Json }): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => (key.startsWith("p_") && typeof value === "string" ? [[key.slice(2), value]] : [])),
  );
}

function strings(data: Json | undefined): Readonly<Record<string, string>> {
  if (data === undefined || !isRecord(data)) return {};
  return Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
