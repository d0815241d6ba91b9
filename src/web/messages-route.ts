import type { Bot, Reply } from "../bot/bot.ts";
import type { WebReply } from "./reply.ts";
import type { WebServer } from "./server.ts";

/** Serves the Bot Framework's messaging endpoint; the guard is the bot's own door. */
export function serveMessages(server: WebServer, bot: Pick<Bot, "refuse" | "receive">): void {
  server.post(
    "/api/messages",
    async ({ headers, body }) => webReply(await bot.receive({ headers, body })),
    (headers) => {
      const refusal = bot.refuse(headers);
      return refusal && webReply(refusal);
    },
  );
}

function webReply({ status, body }: Reply): WebReply {
  return { status, type: "application/json; charset=utf-8", body: body === null ? "" : JSON.stringify(body) };
}
