import type { Arrival } from "../bot/door/door.ts";
import type { Reply } from "../bot/bot.ts";
import type { Guard, WebServer } from "./server.ts";

/** The guard is the bot's own door: it sees the headers together with the activity. */
const doorDecides: Guard = () => null;

/** Serves the Bot Framework's messaging endpoint. */
export function serveMessages(server: WebServer, receive: (arrival: Arrival) => Promise<Reply>): void {
  server.post(
    "/api/messages",
    async ({ headers, body }) => {
      const reply = await receive({ headers, body });
      return {
        status: reply.status,
        type: "application/json; charset=utf-8",
        body: reply.body === null ? "" : JSON.stringify(reply.body),
      };
    },
    doorDecides,
  );
}
