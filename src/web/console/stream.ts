import type { ServerResponse } from "node:http";
import type { WebReply, WebRequest } from "../reply.ts";
import type { ChatLog } from "./chat-log.ts";
import type { ConsoleActivity } from "./store.ts";

/** Shorter than the idle limits of browsers and proxies, in milliseconds. */
const heartbeatMs = 15_000;

/** A page that has stopped reading is cut off at this many waiting bytes; it comes back and gets what it missed. */
const mostWaiting = 4 * 1024 * 1024;

/** Server-sent events: everything the page has not seen yet, then everything as it happens. */
export function eventStream(request: WebRequest, chat: ChatLog): WebReply {
  const seen = lastSeen(request);
  return {
    stream(response) {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write("retry: 1000\n\n");
      for (const activity of chat.since(seen)) write(response, activity);
      const stop = chat.watch((activity) => write(response, activity));
      const heartbeat = setInterval(() => response.write(": still here\n\n"), heartbeatMs);
      heartbeat.unref();
      response.on("close", () => {
        stop();
        clearInterval(heartbeat);
      });
    },
  };
}

/** The browser repeats the last id by itself after a lost connection; a page that opens anew gives it in the address. */
function lastSeen(request: WebRequest): number {
  const header = request.headers["last-event-id"];
  const seen = Number(typeof header === "string" ? header : (request.query.get("after") ?? 0));
  return Number.isFinite(seen) ? seen : 0;
}

function write(response: ServerResponse, activity: ConsoleActivity): void {
  if (response.writableLength > mostWaiting) return void response.destroy();
  response.write(`id: ${activity.change}\nevent: activity\ndata: ${JSON.stringify(activity)}\n\n`);
}
