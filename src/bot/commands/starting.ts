import { startedCard } from "../../dialogs/launch-cards.ts";
import type { DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { incidentTexts, launchRefusals } from "../../texts/launch.ts";
import { isChannel } from "../addresses.ts";
import type { Answer, Inbound } from "../message.ts";
import { shown } from "./answer.ts";
import type { Typed } from "./parse.ts";
import type { Chatting, Of } from "./parts.ts";

/**
 * An exercise by words: the form, then what would be touched, and only with `now` the start. Throws `not-now` in a thread that
 * another drill has, and what `Launching` throws.
 */
export async function answerStart(parts: Chatting, inbound: Inbound, typed: Extract<Typed, { type: "start" }>): Promise<Answer> {
  await parts.launching.requirePurpose(typed.runbook, "exercise");
  if (Object.keys(typed.params).length === 0 && !typed.now) return shown(await parts.launching.form(typed.runbook, {}));
  if (!typed.now) return shown(await parts.launching.preview(typed.runbook, typed.params));
  await ownThread(parts, inbound);
  const corrections = await parts.launching.corrections(typed.runbook, typed.params);
  if (corrections !== null) return shown(corrections);
  return started(await parts.launching.launch(typed.runbook, typed.params, null, inbound));
}

/**
 * A real incident has words of its own, and what confirms it never stands in the first message: the code comes with the card
 * that shows what is declared. Throws `bad-input` when the confirming word is missing, and what `Launching` throws.
 */
export async function answerIncident(parts: Chatting, inbound: Inbound, typed: Extract<Typed, { type: "incident" }>): Promise<Answer> {
  await parts.launching.requirePurpose(typed.runbook, "incident");
  const declares = isConfirming(typed.confirmed);
  if (declares && !(await parts.launching.wasShown(typed.runbook, typed.params, typed.code))) return shown(await parts.launching.preview(typed.runbook, typed.params));
  if (typed.confirmed === "") return shown(await (Object.keys(typed.params).length === 0 ? parts.launching.form(typed.runbook, {}) : parts.launching.preview(typed.runbook, typed.params)));
  return declare(parts, inbound, typed.runbook, null, { params: typed.params, confirm: typed.confirmed, criterion: typed.reason, disrupted: "", detected: "" });
}

/** The buttons of the cards before a drill; null for any other. Throws as `answerStart` and `answerIncident` do. */
export async function pressBefore(parts: Chatting, inbound: Of<"click">, data: { readonly [key: string]: Json }): Promise<Answer | null> {
  const word = (key: string): string => (typeof data[key] === "string" ? data[key].slice(0, 500) : "");
  const runbook = word("runbook");
  switch (inbound.verb) {
    case "form":
      await parts.launching.requirePurpose(runbook, "exercise");
      return shown(await parts.launching.form(runbook, {}));
    case "preview":
      return shown(await parts.launching.preview(runbook, inputs(data)));
    case "incident-preview":
      await parts.launching.requirePurpose(runbook, "incident");
      return shown(await parts.launching.preview(runbook, inputs(data)));
    case "declare": {
      const said = { params: strings(data["params"]), confirm: word("confirm"), criterion: word("criterion"), disrupted: word("disrupted"), detected: word("detected") };
      return declare(parts, inbound, runbook, word("version") || null, said);
    }
    case "launch":
      await ownThread(parts, inbound);
      return started(await parts.launching.launch(runbook, strings(data["params"]), word("version") || null, inbound));
    default:
      return null;
  }
}

/** In a channel every drill has a thread of its own, or nobody could tell whose cards are whose. A real incident never waits for that. Throws `not-now`. */
async function ownThread(parts: Chatting, { conversation }: Inbound): Promise<void> {
  const other = isChannel(conversation) ? await parts.open.newestIn(conversation.id) : null;
  if (other !== null) throw new DrillbookError("not-now", ...launchRefusals.threadTaken(other.id));
}

type Declared = { readonly params: Readonly<Record<string, string>>; readonly confirm: string; readonly criterion: string; readonly disrupted: string; readonly detected: string };

async function declare(parts: Chatting, inbound: Inbound, runbook: string, version: string | null, said: Declared): Promise<Answer> {
  if (!isConfirming(said.confirm)) {
    throw new DrillbookError("bad-input", ...incidentTexts.wordMissing(incidentTexts.confirmingWord));
  }
  const declaration = { criterion: said.criterion, disruptedAt: timeOfDay(said.disrupted, parts.clock()), detectedAt: timeOfDay(said.detected, parts.clock()) };
  return started(await parts.launching.launch(runbook, said.params, version, inbound, { declaration }));
}

function isConfirming(word: string): boolean {
  return word.trim().toUpperCase() === incidentTexts.confirmingWord;
}

/** `21:40` means the last time it was 21:40 UTC; anything else is left to whoever reads it. */
function timeOfDay(words: string, now: Date): string {
  if (!/^\d{1,2}:\d{2}$/.test(words.trim())) return words.trim();
  const today = new Date(`${now.toISOString().slice(0, 10)}T${words.trim().padStart(5, "0")}:00Z`);
  if (Number.isNaN(today.getTime())) return words.trim();
  return (today > now ? new Date(today.getTime() - 86_400_000) : today).toISOString();
}

function started(state: DrillState): Answer {
  return { ...shown(startedCard(state)), settled: true, forAll: true };
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
