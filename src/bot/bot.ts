import { randomBytes } from "node:crypto";
import type { Log } from "../telemetry.ts";
import { BotAdapter } from "./adapter.ts";
import { parseActivity } from "./activity.ts";
import type { ArrivingActivity } from "./activity.ts";
import { apologyFor } from "./apology.ts";
import { headerOf } from "./door/door.ts";
import type { Arrival, Door, Refusal } from "./door/door.ts";
import { conversationOf, inboundFrom, meaningOf } from "./inbound.ts";
import { invokeReply } from "./invoke.ts";
import type { Answer, Conversation, Inbound, Outgoing, Transport } from "./message.ts";
import { createTransport } from "./transport.ts";

/** What the web server sends back to whoever posted; a null body is an empty one. */
export type Reply = { readonly status: number; readonly body: object | null };

export type Bot = {
  readonly transport: Transport;
  /** Refuses by the headers alone, before a body is read; null lets the request go on to `receive`. */
  readonly refuse: (headers: Arrival["headers"]) => Reply | null;
  /** Handles one POST to /api/messages. Never throws. */
  readonly receive: (arrival: Arrival) => Promise<Reply>;
};

export type BotOptions = {
  readonly door: Door;
  readonly answer: (inbound: Inbound) => Promise<Answer>;
  readonly log: Log;
  /** How long a request to the connector may take, in milliseconds. */
  readonly deadlineMs?: number;
  readonly newReference?: () => string;
};

/** The bot over botbuilder's CloudAdapter: what arrives goes through the door to `answer`, what leaves through `transport`. */
export function createBot({ door, answer, log, deadlineMs = 10_000, newReference = shortReference }: BotOptions): Bot {
  const adapter = new BotAdapter(door, deadlineMs);
  adapter.onTurnError = async (_context, error) => log.error({ err: error }, "a turn failed outside our own handling");
  const transport = createTransport(adapter, door);

  function refuse(headers: Arrival["headers"]): Reply | null {
    const refusal = door.admitHeaders(headers);
    return refusal && refused(refusal);
  }

  async function receive(arrival: Arrival): Promise<Reply> {
    const early = refuse(arrival.headers);
    if (early) return early;
    const activity = parseActivity(arrival.body);
    if (!activity) return refused({ status: 400, reason: "no activity" });
    const refusal = door.admit(arrival, activity);
    if (refusal) return refused(refusal);

    const turns: Reply[] = [];
    try {
      await adapter.receive(headerOf(arrival.headers, "authorization") ?? "", activity, async () => {
        turns.push(await turn(activity));
      });
    } catch (error) {
      return refused(verificationRefusal(error));
    }
    return turns[0] ?? { status: 500, body: { error: "The request could not be handled." } };
  }

  async function turn(activity: ArrivingActivity): Promise<Reply> {
    const meaning = meaningOf(activity);
    if (meaning === "nothing") return activity.type === "invoke" ? { status: 501, body: null } : accepted;
    const conversation = conversationOf(activity);
    try {
      const person = door.identify(activity);
      if ("reason" in person) return meaning === "welcome" ? accepted : refused(person);
      const inbound = inboundFrom(activity, meaning, person);
      if (meaning === "message") await door.heard?.(inbound);
      const { messages } = await answer(inbound);
      return await deliver(activity, conversation, messages);
    } catch (error) {
      return await deliver(activity, conversation, [{ text: apologyFor(error, log, newReference), card: null }]);
    }
  }

  /** An invoke is answered in its own reply, because whoever clicked waits for that; the rest goes to the conversation. */
  async function deliver(activity: ArrivingActivity, conversation: Conversation, messages: readonly Outgoing[]): Promise<Reply> {
    const isInvoke = activity.type === "invoke";
    for (const message of isInvoke ? messages.slice(1) : messages) {
      try {
        await transport.send(conversation, message);
      } catch (error) {
        log.warn({ err: error, conversation: conversation.id }, "an answer could not be sent");
        break;
      }
    }
    return isInvoke ? { status: 200, body: invokeReply(messages[0]) } : accepted;
  }

  function refused(refusal: Refusal): Reply {
    log.warn({ status: refusal.status, reason: refusal.reason }, "a request to the messaging endpoint was refused");
    return { status: refusal.status, body: { error: "The request was not accepted." } };
  }

  return { transport, refuse, receive };
}

const accepted: Reply = { status: 200, body: null };

const tokenErrors = new Set(["JsonWebTokenError", "TokenExpiredError", "NotBeforeError"]);

/** Only a verified token gets further, whatever went wrong; 503 asks the channel to try again when we could not verify. */
function verificationRefusal(error: unknown): Refusal {
  const statusCode = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : null;
  const reason = error instanceof Error ? error.message : "verification failed";
  const isTokensFault = statusCode === 401 || (error instanceof Error && tokenErrors.has(error.name));
  return { status: isTokensFault ? 401 : 503, reason };
}

function shortReference(): string {
  return randomBytes(4).toString("hex");
}
