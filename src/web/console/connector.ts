import { z } from "zod";
import type { CardJson } from "../../bot/message.ts";
import type { Person } from "../../drills/events.ts";
import { json } from "../reply.ts";
import type { Handle } from "../reply.ts";
import type { Guard, WebServer } from "../server.ts";
import { connectorPath, connectorSecretHeader, isConnectorSecret } from "./channel.ts";
import type { ConsoleChannel } from "./channel.ts";
import type { ChatLog } from "./chat-log.ts";

const cardSchema = z.record(z.string(), z.json());

const messageSchema = z.object({
  type: z.literal("message"),
  text: z.string().nullish(),
  summary: z.string().nullish(),
  attachments: z
    .array(z.object({ contentType: z.literal("application/vnd.microsoft.card.adaptive"), content: cardSchema }))
    .max(1)
    .nullish(),
});

/** The part of the Bot Framework's connector that the bot needs: post a message, edit a message, say who is there. */
export function serveConnector(server: WebServer, channel: ConsoleChannel, chat: ChatLog, people: readonly Person[], secret: string): void {
  const onlyTheBot = ((headers) =>
    isConnectorSecret(headers[connectorSecretHeader], secret) ? null : json(401, { error: "Only the bot may send." })) satisfies Guard;
  const activities = `${connectorPath}/v3/conversations/:conversation/activities`;

  const post: Handle = async ({ params, body }) => {
    const message = readMessage(body);
    if (params["conversation"] !== channel.conversationId) return json(404, { error: "No such conversation." });
    if (!message) return json(400, { error: "Not a message." });
    return json(201, { id: await chat.add({ from: channel.bot, fromBot: true, ...message }) });
  };
  const edit: Handle = async ({ params, body }) => {
    const message = readMessage(body);
    const { conversation, activity } = params;
    if (!message) return json(400, { error: "Not a message." });
    const done = conversation === channel.conversationId && activity !== undefined && (await chat.edit(activity, message));
    return done ? json(200, { id: activity }) : json(404, { error: "No such message." });
  };

  /** Everybody who rehearses is in the one conversation. */
  const members: Handle = ({ params, headers }) => {
    const refused = onlyTheBot(headers);
    if (refused !== null) return refused;
    if (params["conversation"] !== channel.conversationId) return json(404, { error: "No such conversation." });
    return json(200, { members: people.map(({ id, name }) => ({ id, name, aadObjectId: id })) });
  };

  server.get(`${connectorPath}/v3/conversations/:conversation/pagedmembers`, members);
  server.post(activities, post, onlyTheBot);
  server.post(`${activities}/:activity`, post, onlyTheBot);
  server.put(`${activities}/:activity`, edit, onlyTheBot);
}

function readMessage(body: unknown): { text: string; card: CardJson | null } | null {
  const parsed = messageSchema.safeParse(body);
  if (!parsed.success) return null;
  const { text, summary, attachments } = parsed.data;
  return { text: text ?? summary ?? "", card: attachments?.[0]?.content ?? null };
}
