import type { WebReply, WebRequest } from "./reply.ts";
import type { WebServer } from "./server.ts";

type Reply = { readonly status: number; readonly body: object | null };

/** What answers the messaging endpoint; the bot is one. */
export type Messaging = {
  /** Refuses by the headers alone, before a body is read. */
  refuse(headers: WebRequest["headers"]): Promise<Reply | null>;
  receive(arrival: { readonly headers: WebRequest["headers"]; readonly body: unknown }): Promise<Reply>;
};

/** Serves the Bot Framework's messaging endpoint; the guard is the bot's own door. */
export function serveMessages(server: WebServer, bot: Messaging): void {
  server.post(
    "/api/messages",
    async ({ headers, body }) => webReply(await bot.receive({ headers, body })),
    async (headers) => {
      const refusal = await bot.refuse(headers);
      return refusal && webReply(refusal);
    },
  );
}

function webReply({ status, body }: Reply): WebReply {
  return { status, type: "application/json; charset=utf-8", body: body === null ? "" : JSON.stringify(body) };
}
