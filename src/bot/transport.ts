import { setTimeout as delay } from "node:timers/promises";
import type { Activity, ConversationReference } from "botbuilder";
import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import { telemetry, type Telemetry } from "../tracing.ts";
import type { BotAdapter, ListedMember } from "./adapter.ts";
import { threadOf } from "./addresses.ts";
import { ConnectorForbidden, ConnectorRefused, ConnectorSilent } from "./connector-client.ts";
import type { Door } from "./door/door.ts";
import { fitted } from "./fit.ts";
import type { ChatOpening, Conversation, Member, MemberList, Outgoing, Transport } from "./message.ts";
import { withPictures, type KeptBytes } from "./pictures.ts";
import { createSendLimits } from "./send-limits.ts";
import { sendRefusals as t } from "../texts/notices.ts";

const updateAttempts = 3;
/** A team may have thousands; those who take part in a drill were heard or have a role. */
const mostMembers = 2_000;
const longestWaitMs = 10_000;
/** A chat is left alone for this long at most, whatever is asked. */
const longestPauseMs = 5 * 60_000;

const referenceSchema = z.object({
  serviceUrl: z.string().min(1),
  channelId: z.string().min(1),
  bot: z.object({ id: z.string(), name: z.string() }),
  conversation: z.looseObject({ id: z.string().min(1), isGroup: z.boolean() }),
});

type Reference = Partial<ConversationReference> & { readonly serviceUrl: string };

/** Time between two requests, for tests to turn. */
export type TransportTiming = {
  /** Takes milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>;
  /** Milliseconds from any beginning, but never back. */
  readonly now: () => number;
};

const usualTiming: TransportTiming = {
  wait: (ms) => delay(ms, undefined, { ref: false }),
  now: () => performance.now(),
};

/**
 * Sends and edits through the connector of whichever door is open, one request at a time in a conversation and within the
 * limits of Teams. A text that is too long is shortened; cards come in pages that fit.
 */
export function createTransport(
  adapter: Pick<BotAdapter, "post" | "put" | "members" | "openChat">,
  door: Pick<Door, "mayReach">,
  { wait, now }: TransportTiming = usualTiming,
  watch: Telemetry = telemetry(),
  kept: KeptBytes = async () => null,
): Transport & MemberList & ChatOpening {
  const limits = createSendLimits(now, wait);

  function heed(conversation: string, error: unknown): void {
    if (error instanceof ConnectorRefused && error.status === 429) limits.pause(conversation, Math.min(error.retryAfterMs ?? 1_000, longestPauseMs));
  }

  async function send(conversation: Conversation, reference: Reference, message: Outgoing): Promise<{ messageId: string }> {
    await limits.allow(conversation.id);
    try {
      return { messageId: await adapter.post(reference, activityOf(reference, await withPictures(fitted(message), kept))) };
    } catch (error) {
      heed(conversation.id, error);
      throw sendFailure(error);
    }
  }

  async function update(conversation: Conversation, reference: Reference, messageId: string, message: Outgoing): Promise<void> {
    const drawn = activityOf(reference, await withPictures(fitted(message), kept));
    for (let attempt = 1; ; attempt += 1) {
      await limits.allow(conversation.id);
      try {
        await adapter.put(reference, { ...drawn, id: messageId });
        return;
      } catch (error) {
        const pause = attempt < updateAttempts ? pauseBefore(error, attempt) : null;
        if (pause === null) {
          heed(conversation.id, error);
          throw failure(error);
        }
        await wait(pause);
      }
    }
  }

  async function watched<T>(what: "send" | "update" | "members" | "open", work: () => Promise<T>): Promise<T> {
    try {
      const done = await watch.span(`teams ${what}`, {}, work);
      watch.count("drillbook.sends", { what, outcome: "done" });
      return done;
    } catch (thrown) {
      watch.count("drillbook.sends", { what, outcome: thrown instanceof DrillbookError ? thrown.code : "internal" });
      throw thrown;
    }
  }

  async function openChat(reference: Reference, account: string, tenant: string): Promise<Conversation> {
    await limits.allow(account);
    try {
      return chatOfTwo(reference, await adapter.openChat(reference, account, tenant), tenant);
    } catch (error) {
      heed(account, error);
      throw sendFailure(error);
    }
  }

  /** In a channel every thread has the members of the channel, and only the channel can be asked. */
  async function members(reference: Reference): Promise<readonly Member[]> {
    const whole = { ...reference, ...(reference.conversation ? { conversation: { ...reference.conversation, id: threadOf(reference.conversation.id) } } : {}) };
    const found: Member[] = [];
    let from: string | undefined;
    do {
      const page = await adapter.members(whole, from);
      found.push(...page.members.flatMap((member) => memberOf(member, tenantIn(whole))));
      from = page.next === from ? undefined : page.next;
    } while (from !== undefined && from !== "" && found.length < mostMembers);
    return found.slice(0, mostMembers);
  }

  return {
    async members(conversation) {
      const reference = checkedReference(conversation, door);
      try {
        return await watched("members", () => members(reference));
      } catch (error) {
        heed(conversation.id, error);
        throw failure(error);
      }
    },
    async openChat(near, account) {
      const reference = checkedReference(near, door);
      const tenant = tenantIn(reference);
      if (tenant === undefined) throw new DrillbookError("not-allowed", ...t.badAddress);
      return watched("open", () => limits.inTurn(account, () => openChat(reference, account, tenant)));
    },
    async send(conversation, message) {
      const reference = checkedReference(conversation, door);
      return watched("send", () => limits.inTurn(conversation.id, () => send(conversation, reference, message)));
    },
    async update(conversation, messageId, message) {
      const reference = checkedReference(conversation, door);
      await watched("update", () => limits.inTurn(conversation.id, () => update(conversation, reference, messageId, message)));
    },
  };
}

function tenantIn({ conversation }: Reference): string | undefined {
  const tenant = conversation === undefined ? undefined : conversation.tenantId;
  return typeof tenant === "string" && tenant !== "" ? tenant : undefined;
}

/** An app in the chat, or a guest without an object id, is nobody who could act here. */
function memberOf({ id, aadObjectId, objectId, tenantId }: ListedMember, ofConversation: string | undefined): readonly Member[] {
  const person = (aadObjectId ?? objectId ?? "").toLowerCase();
  const tenant = tenantId ?? ofConversation;
  return id === undefined || id === "" || person === "" ? [] : [{ person, account: id, ...(tenant === undefined ? {} : { tenant }) }];
}

/** Throws `not-allowed` for an id that is none of a chat of two: what is meant for one person must not come into a group. */
function chatOfTwo({ serviceUrl, channelId, bot }: Reference, id: string, tenantId: string): Conversation {
  if (id === "" || id.length > 1024 || id.includes("@thread")) throw new DrillbookError("not-allowed", ...t.noChat);
  const conversation = { id, isGroup: false, conversationType: "personal", tenantId };
  return { id, reference: { serviceUrl, channelId: channelId ?? "", bot: { id: bot?.id ?? "", name: bot?.name ?? "" }, conversation } };
}

/** A stored reference comes back from a database: a changed row must not send the bot's token to another host. */
function checkedReference(conversation: Conversation, door: Pick<Door, "mayReach">): Reference {
  const parsed = referenceSchema.safeParse(conversation.reference);
  if (!parsed.success || !door.mayReach(parsed.data.serviceUrl)) {
    throw new DrillbookError("not-allowed", ...t.badAddress);
  }
  const { serviceUrl, channelId, bot, conversation: where } = parsed.data;
  return {
    serviceUrl,
    channelId,
    bot,
    conversation: { name: "", conversationType: "", ...where },
  };
}

/** Text and card are never in one message: Teams splits such a message in two and returns no id that can be edited. */
function activityOf(reference: Reference, message: Outgoing): Partial<Activity> {
  const common: Partial<Activity> = {
    type: "message",
    serviceUrl: reference.serviceUrl,
    ...(reference.channelId ? { channelId: reference.channelId } : {}),
    ...(reference.bot ? { from: reference.bot } : {}),
    ...(reference.conversation ? { conversation: reference.conversation } : {}),
  };
  if (!message.card) return { ...common, text: message.text, textFormat: "markdown" };
  return {
    ...common,
    summary: message.text,
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: message.card }],
  };
}

/** How long to wait before the same PUT is sent again, in milliseconds; null when repeating it cannot help. */
function pauseBefore(error: unknown, attempt: number): number | null {
  const backoff = 500 * 2 ** (attempt - 1);
  if (error instanceof ConnectorSilent) return backoff;
  if (!(error instanceof ConnectorRefused)) return null;
  if (error.status !== 412 && error.status !== 429 && error.status < 500) return null;
  return Math.min(error.retryAfterMs ?? backoff, longestWaitMs);
}

function sendFailure(error: unknown): DrillbookError {
  const lost = (error instanceof ConnectorSilent && error.sent) || (error instanceof ConnectorRefused && error.status >= 500);
  if (!lost) return failure(error);
  return new DrillbookError("outcome-unknown", ...t.unknown, { cause: error });
}

function failure(error: unknown): DrillbookError {
  if (error instanceof DrillbookError) return error;
  if (error instanceof ConnectorForbidden) {
    return new DrillbookError("not-allowed", ...t.forbidden, { cause: error });
  }
  if (error instanceof ConnectorRefused) return refusal(error);
  return new DrillbookError("not-now", ...t.unreachable, { cause: error });
}

function refusal(error: ConnectorRefused): DrillbookError {
  const options = { cause: error };
  switch (error.status) {
    case 404:
      return new DrillbookError("not-found", ...t.gone, options);
    case 401:
    case 403:
      return new DrillbookError("not-allowed", ...t.notAllowed, options);
    case 400:
    case 413:
      return new DrillbookError("bad-input", ...t.notTaken, options);
    default:
      return new DrillbookError("not-now", ...t.answered(error.status), options);
  }
}
