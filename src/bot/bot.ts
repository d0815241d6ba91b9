import { randomBytes } from "node:crypto";
import type { Person } from "../drills/events.ts";
import { DrillbookError } from "../errors.ts";
import type { Log } from "../telemetry.ts";
import { telemetry, type Telemetry } from "../tracing.ts";
import { BotAdapter, type Verified } from "./adapter.ts";
import { parseActivity } from "./activity.ts";
import type { ArrivingActivity } from "./activity.ts";
import { aboutOf } from "./about.ts";
import { apologyFor } from "./apology.ts";
import { createPace } from "./command-pace.ts";
import { headerOf } from "./door/door.ts";
import type { Arrival, Door, Refusal } from "./door/door.ts";
import { createFileSource } from "./file-source.ts";
import { paged } from "./fit.ts";
import { conversationOf, inboundFrom, meaningOf } from "./inbound.ts";
import { invokeReply } from "./invoke.ts";
import type { Answer, ChatOpening, Conversation, Inbound, MemberList, Outgoing, Transport } from "./message.ts";
import type { KeptBytes } from "./pictures.ts";
import { createRepeats } from "./repeats.ts";
import type { SurfaceStore } from "./surface-store.ts";
import { createTransport, type TransportTiming } from "./transport.ts";
import { within } from "./within.ts";
import { arrivalRefusals, deliveryTexts } from "../texts/notices.ts";

/** What the web server sends back to whoever posted; a null body is an empty one. */
export type Reply = { readonly status: number; readonly body: object | null };

/** The bot as the web server and the composition see it. */
export type Bot = {
  readonly transport: Transport & MemberList & ChatOpening;
  /** Verifies the token before a body is read; null lets the request go on to `receive`, with the same headers. Never throws. */
  readonly refuse: (headers: Arrival["headers"]) => Promise<Reply | null>;
  /** Handles one POST to /api/messages. Never throws. */
  readonly receive: (arrival: Arrival) => Promise<Reply>;
  /** Resolves when nothing that arrived is still being answered. */
  readonly idle: () => Promise<void>;
};

export type BotOptions = {
  readonly door: Door;
  readonly answer: (inbound: Inbound) => Promise<Answer>;
  readonly log: Log;
  readonly watch?: Telemetry;
  /** Told when somebody adds the app where they can be written to, or takes it away. */
  readonly onInstalled?: (person: Person, conversation: Conversation, there: boolean) => void;
  /** Remembers what has arrived. */
  readonly seen: Pick<SurfaceStore, "firstSeen" | "forgetSeen">;
  readonly clock: () => Date;
  /** The pictures that cards show. */
  readonly kept?: KeptBytes;
  /** How long whoever posted waits for a reply, in milliseconds; what takes longer is answered in the conversation. */
  readonly replyWithinMs?: number;
  /** How long a request to the connector may take, in milliseconds. */
  readonly deadlineMs?: number;
  /** How time passes between two requests to the connector. */
  readonly sendTiming?: TransportTiming;
  readonly newReference?: () => string;
};

/** The bot over botbuilder's CloudAdapter: what arrives goes through the door to `answer`, what leaves through `transport`. */
export function createBot(options: BotOptions): Bot {
  const { door, answer, log, watch = telemetry(), seen, clock, replyWithinMs = usualReplyMs, deadlineMs = 10_000, newReference = shortReference } = options;
  const repeats = createRepeats(seen, clock);
  const pace = createPace(() => clock().getTime());
  const underWay = new Set<Promise<unknown>>();
  const adapter = new BotAdapter(door, deadlineMs);
  adapter.onTurnError = async (_context, error) => log.error({ err: error }, "a turn failed outside our own handling");
  const transport = createTransport(adapter, door, options.sendTiming, watch, options.kept);
  const files = createFileSource(door, () => adapter.sign(), deadlineMs);

  /** What was verified, by the very headers it came with. */
  const verified = new WeakMap<Arrival["headers"], Verified>();

  async function refuse(headers: Arrival["headers"]): Promise<Reply | null> {
    const refusal = door.admitHeaders(headers);
    if (refusal) return refused(refusal);
    try {
      verified.set(headers, await adapter.verify(headerOf(headers, "authorization") ?? "", door.tokenUse(headers)));
      return null;
    } catch (error) {
      return refused(verificationRefusal(error));
    }
  }

  async function receive(arrival: Arrival): Promise<Reply> {
    const known = verified.has(arrival.headers) ? null : await refuse(arrival.headers);
    if (known) return known;
    const proof = verified.get(arrival.headers);
    if (proof === undefined) return refused({ status: 401, reason: "unverified" });
    const activity = parseActivity(arrival.body);
    if (!activity) return refused({ status: 400, reason: "no activity" });
    const refusal = door.admit(arrival, activity);
    if (refusal) return refused(refusal);

    const turns: Reply[] = [];
    const began = performance.now();
    try {
      await adapter.receive(proof, activity, async () => {
        turns.push(await watch.span(`arrival ${meaningOf(activity)}`, aboutOf(activity), () => turn(activity)));
      });
      watch.took("drillbook.reply.duration", performance.now() - began, { kind: meaningOf(activity) });
    } catch (error) {
      return refused(verificationRefusal(error));
    }
    return turns[0] ?? { status: 500, body: { error: "The request could not be handled." } };
  }

  async function turn(activity: ArrivingActivity): Promise<Reply> {
    const meaning = meaningOf(activity);
    if (meaning === "nothing") return activity.type === "invoke" ? { status: 501, body: null } : accepted;
    try {
      const person = door.identify(activity);
      if ("reason" in person) return meaning === "message" || meaning === "press" ? refused(person) : accepted;
      if (meaning === "installed" || meaning === "removed") {
        options.onInstalled?.(person, conversationOf(activity), meaning === "installed");
        return accepted;
      }
      const inbound = withoutFiles(inboundFrom(activity, meaning, person, files));
      const { first, answer: made } = repeats.once(activity, inbound, async () => {
        if (meaning === "message") await door.heard?.(inbound);
        const tooFast = door.paced ? refusedPace(inbound) : null;
        if (tooFast !== null) return tooFast;
        const given = await answer(inbound).catch(apology);
        noteNotTaken(activity, given.notTaken);
        return given;
      });
      return await reply(activity, first, made.catch(apology));
    } catch (error) {
      if (error instanceof DrillbookError) noteNotTaken(activity, error.code);
      const { first, answer: made } = repeats.once(activity, null, async () => apology(error));
      return await reply(activity, first, made.catch(apology));
    }
  }

  /** Who tries what is kept: by the drill that refused it, or here. A typing error of somebody's is no try. */
  function noteNotTaken(activity: ArrivingActivity, code: string | undefined): void {
    const isPress = activity.type === "invoke" || (activity.text ?? "") === "";
    if (code === undefined || (!isPress && code !== "not-allowed")) return;
    log.warn({ person: activity.from.aadObjectId ?? null, conversation: activity.conversation.id, code, ...aboutOf(activity) }, `${isPress ? "a press was" : "words were"} not taken`);
  }

  /** Where files are not taken, what was said with them still counts. */
  function withoutFiles(inbound: Inbound): Inbound {
    if (inbound.kind !== "files" || door.takesFiles(inbound.conversation)) return inbound;
    const { files: _, ...said } = inbound;
    if (said.text !== "") return { ...said, kind: "text" };
    throw new DrillbookError("not-allowed", ...arrivalRefusals.filesInPersonOnly);
  }

  function refusedPace(inbound: Inbound): Answer | null {
    const { waitMs, told } = pace.admit(inbound.person.id, paceOf(inbound));
    if (waitMs === 0) return null;
    const text = deliveryTexts.tooFast(Math.ceil(waitMs / 1000));
    // One answer is enough: answering a flood in the chat would be one itself.
    return { messages: inbound.kind !== "click" && told ? [] : [{ text, card: null }] };
  }

  const apology = (error: unknown): Answer => ({ messages: [{ text: apologyFor(error, log, newReference), card: null }] });

  /** Whoever posted gets a reply in time; what is not ready then goes to the conversation, and a repetition sends nothing. */
  async function reply(activity: ArrivingActivity, first: boolean, made: Promise<Answer>): Promise<Reply> {
    const conversation = conversationOf(activity);
    if (activity.type !== "invoke") {
      if (first) await within(replyWithinMs, kept(made.then(({ messages }) => deliver(conversation, messages))));
      return accepted;
    }
    const ready = await within(replyWithinMs, kept(made));
    if (first) kept(made.then(({ messages }) => deliver(conversation, ready === null ? messages : messages.slice(1))));
    if (first) kept(made.then((answer) => replaceForAll(conversation, activity.replyToId ?? null, answer)));
    return { status: 200, body: await invokeReply(ready === null ? stillWorking : ready.messages[0], options.kept ?? (async () => null)) };
  }

  function kept<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    work.finally(() => underWay.delete(work)).catch((error: unknown) => log.error({ err: error }, "an answer failed outside our own handling"));
    return work;
  }

  /** The answer to a press changes the presser's view alone: others would keep a form that has been sent. */
  async function replaceForAll(conversation: Conversation, pressed: string | null, { messages, forAll }: Answer): Promise<void> {
    const [message] = messages;
    if (forAll !== true || pressed === null || message === undefined) return;
    try {
      await transport.update(conversation, pressed, message);
    } catch (error) {
      log.warn({ err: error, conversation: conversation.id }, "a pressed card could not be replaced for everybody");
    }
  }

  async function deliver(conversation: Conversation, messages: readonly Outgoing[]): Promise<void> {
    for (const message of messages.flatMap(paged)) {
      try {
        await transport.send(conversation, message);
      } catch (error) {
        log.warn({ err: error, conversation: conversation.id }, "an answer could not be sent");
        return;
      }
    }
  }

  function refused(refusal: Refusal): Reply {
    watch.count("drillbook.refusals", { status: refusal.status, reason: refusal.reason });
    log.warn({ status: refusal.status, reason: refusal.reason }, "a request to the messaging endpoint was refused");
    return { status: refusal.status, body: { error: "The request was not accepted." } };
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  }

  return { transport, refuse, receive, idle };
}

/** Teams gives up on a press after some ten seconds, and on a form after five. */
const usualReplyMs = 4_000;

const stillWorking: Outgoing = { text: deliveryTexts.stillWorking, card: null };

function paceOf(inbound: Inbound): "text" | "click" | "refresh" {
  if (inbound.kind !== "click") return "text";
  return inbound.verb === "refresh" ? "refresh" : "click";
}

const accepted: Reply = { status: 200, body: null };

const tokenErrors = new Set(["JsonWebTokenError", "TokenExpiredError", "NotBeforeError"]);

/** Only a verified token gets further, whatever went wrong; 503 asks the channel to try again when we could not verify. */
function verificationRefusal(error: unknown): Refusal {
  const statusCode = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : null;
  const reason = error instanceof Error ? error.message : "unverified";
  const isTokensFault = statusCode === 401 || (error instanceof Error && tokenErrors.has(error.name));
  return { status: isTokensFault ? 401 : 503, reason };
}

function shortReference(): string {
  return randomBytes(4).toString("hex");
}
