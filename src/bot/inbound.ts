import { z } from "zod";
import type { Person } from "../drills/events.ts";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { ArrivingActivity } from "./activity.ts";
import { filesOf, type FileSource } from "./files.ts";
import type { Conversation, Inbound, Mention } from "./message.ts";
import { readerOf } from "./reader.ts";
import { arrivalRefusals } from "../texts/notices.ts";

/** No command is longer; a longer text is refused whole, because half a reason is a wrong reason. */
export const maxTextLength = 1000;

const maxVerbLength = 100;

const executeValue = z.object({
  trigger: z.string().nullish(),
  action: z.object({ verb: z.string().max(maxVerbLength), data: z.json().optional() }),
});

const submitValue = z.looseObject({ verb: z.string().max(maxVerbLength).optional() });

export type Meaning = "message" | "press" | "welcome" | "installed" | "removed" | "nothing";

/** What an activity is to the rest of Drillbook. Typing, reactions, other members and whatever comes next: nothing. */
export function meaningOf(activity: ArrivingActivity): Meaning {
  if (activity.type === "message") return "message";
  if (activity.type === "invoke" && activity.name === "adaptiveCard/action") return "press";
  if (activity.type === "installationUpdate") return installed(activity.action ?? "");
  return activity.type === "conversationUpdate" && addsTheBot(activity) ? "welcome" : "nothing";
}

/** Teams says so when the app is added, removed or brought up to date: the best moment to learn where somebody is reached. */
function installed(action: string): Meaning {
  if (action === "add" || action === "add-upgrade") return "installed";
  return action === "remove" || action === "remove-upgrade" ? "removed" : "nothing";
}

/** Throws `bad-input` when what was said or pressed cannot be understood. */
export function inboundFrom(activity: ArrivingActivity, meaning: "message" | "press" | "welcome", person: Person, files: FileSource): Inbound {
  const who = { person, conversation: conversationOf(activity), account: activity.from.id, reader: readerOf(activity) };
  if (meaning === "welcome") return { ...who, kind: "text", text: "hello" };
  const offered = meaning === "message" ? filesOf(activity, files) : [];
  if (offered.length > 0) return { ...who, kind: "files", text: spokenText(activity), files: offered };
  const shownIn = activity.replyToId ?? null;
  if (meaning === "press") return { ...who, kind: "click", ...executed(activity.value), shownIn };
  return isSubmit(activity)
    ? { ...who, kind: "click", ...submitted(activity.value), shownIn }
    : { ...who, kind: "text", text: spokenText(activity), mentions: peopleIn(activity) };
}

/** Where answers to this activity go. */
export function conversationOf(activity: ArrivingActivity): Conversation {
  const { conversation, recipient } = activity;
  const reference: Json = {
    serviceUrl: activity.serviceUrl,
    channelId: activity.channelId,
    bot: { id: recipient?.id ?? "", name: recipient?.name ?? "" },
    conversation: {
      id: conversation.id,
      isGroup: conversation.isGroup ?? false,
      ...(conversation.conversationType ? { conversationType: conversation.conversationType } : {}),
      ...(conversation.tenantId ? { tenantId: conversation.tenantId } : {}),
    },
  };
  return { id: conversation.id, reference };
}

function isSubmit(activity: ArrivingActivity): boolean {
  return !activity.text && typeof activity.value === "object" && activity.value !== null;
}

function submitted(value: unknown): { verb: string; data: Json } {
  const parsed = submitValue.safeParse(value);
  const data = z.json().safeParse(value);
  if (!parsed.success || !data.success) throw notUnderstood();
  return { verb: parsed.data.verb ?? "submit", data: data.data };
}

/** A refresh is the client's doing, nobody's decision: whatever verb it carries, what does not say that a person pressed only asks for a view. */
function executed(value: unknown): { verb: string; data: Json } {
  const parsed = executeValue.safeParse(value);
  if (!parsed.success) throw notUnderstood();
  const { action, trigger } = parsed.data;
  return { verb: (trigger ?? "manual") === "manual" ? action.verb : "refresh", data: action.data ?? {} };
}

/** Mentions are read from the entities, never guessed from the text, which its sender can shape at will: the bot's go, people's become their names. */
function spokenText(activity: ArrivingActivity): string {
  let text = activity.text ?? "";
  if (text.length > maxTextLength * 4) throw tooLong();
  for (const { text: written, account, name } of mentionsIn(activity)) text = text.replaceAll(written, account === activity.recipient?.id ? " " : name);
  text = text.replaceAll("&nbsp;", " ").replaceAll("\u00a0", " ").trim();
  if (text.length > maxTextLength) throw tooLong();
  return text;
}

const mentionSchema = z.looseObject({ type: z.literal("mention"), text: z.string().min(1).max(400), mentioned: z.looseObject({ id: z.string().min(1).max(512), name: z.string().max(200).nullish() }) });

function mentionsIn(activity: ArrivingActivity): readonly (Mention & { readonly text: string })[] {
  return (activity.entities ?? []).flatMap((entity) => {
    const parsed = mentionSchema.safeParse(entity);
    if (!parsed.success) return [];
    const { text, mentioned } = parsed.data;
    // What is written may be a part of the name: that is what stands in the text, and the account says who is meant.
    return [{ text, account: mentioned.id, name: text.replaceAll(/<\/?at[^>]*>/gu, "").trim() || (mentioned.name ?? "") }];
  });
}

/** The people who are mentioned, as they are written in the text and as the channel calls them. */
function peopleIn(activity: ArrivingActivity): readonly Mention[] {
  return mentionsIn(activity).filter(({ account, name }) => account !== activity.recipient?.id && name !== "").map(({ account, name }) => ({ account, name }));
}

function addsTheBot(activity: ArrivingActivity): boolean {
  return (activity.membersAdded ?? []).some((member) => member.id === activity.recipient?.id);
}

function notUnderstood(): DrillbookError {
  return new DrillbookError("bad-input", ...arrivalRefusals.notUnderstood);
}

function tooLong(): DrillbookError {
  return new DrillbookError("bad-input", ...arrivalRefusals.tooLong(maxTextLength));
}
