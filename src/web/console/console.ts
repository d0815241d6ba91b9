import { randomBytes } from "node:crypto";
import type { ArrivingActivity } from "../../bot/activity.ts";
import { consoleChannel } from "../../bot/door/console-door.ts";
import type { ConsoleDoorOptions } from "../../bot/door/console-door.ts";
import type { Person } from "../../drills/events.ts";
import { serveDrillPages } from "../drill-pages.ts";
import type { DrillPages } from "../drill-pages.ts";
import { isOwnHost, isOwnOrigin } from "../origins.ts";
import { html, json } from "../reply.ts";
import type { Handle } from "../reply.ts";
import type { WebServer } from "../server.ts";
import { createChatLog } from "./chat-log.ts";
import { connectorPath, serveConnector } from "./connector.ts";
import { createOneTimeLink } from "./link.ts";
import { readPageFiles } from "./page-files.ts";
import { createSessions } from "./session.ts";
import { signedOut, signIn } from "./sign-in.ts";
import type { ConsoleStore } from "./store.ts";
import { eventStream } from "./stream.ts";

/** A person of a rehearsal; `role` is shown beside the name and gives no right. */
export type RehearsalPerson = Person & { readonly role: string };

export type ConsoleOptions = {
  readonly server: WebServer;
  readonly people: readonly RehearsalPerson[];
  readonly store: ConsoleStore;
  readonly sessionKey: Buffer;
  readonly pages: DrillPages;
  readonly now: () => Date;
  /** Somebody has signed in: print this next address for another browser. */
  readonly onLinkUsed: (address: string) => void;
};

export type RehearsalConsole = {
  /** The address that signs in the first browser to open it. */
  readonly link: () => string;
  /** What the console's door of the bot needs to know. */
  readonly door: ConsoleDoorOptions;
};

/** Puts the local console on the server: its page, its connector and the drills' pages, all behind one session. */
export async function openConsole(options: ConsoleOptions): Promise<RehearsalConsole> {
  const { server, people, pages, now } = options;
  const { index, assets } = await readPageFiles();
  const chat = await createChatLog(options.store, now);
  const link = createOneTimeLink(server.origin);
  const sessions = createSessions({ key: options.sessionKey, port: server.port, now });
  const connectorSecret = randomBytes(32).toString("base64url");
  const serviceUrl = `${server.origin}${connectorPath}`;

  const signedIn =
    (handle: Handle): Handle =>
    (request) =>
      sessions.isValid(request.headers["cookie"]) ? handle(request) : json(401, { error: "Open the link from the terminal." });
  const page =
    (handle: Handle): Handle =>
    (request) =>
      sessions.isValid(request.headers["cookie"]) ? handle(request) : signedOut();

  server.get("/", signIn(link, sessions, options.onLinkUsed));
  server.get("/console", page(() => html(200, index)));
  server.get("/console/assets/:name", signedIn(({ params }) => {
    const file = assets.get(params["name"] ?? "");
    return file ? { status: 200, ...file } : json(404, { error: "No such file." });
  }));
  server.get("/console/people", signedIn(() => json(200, { people, channel: { ...consoleChannel, serviceUrl } })));
  server.get("/console/activities", signedIn(() => json(200, { activities: chat.since(0) })));
  server.get("/console/events", signedIn((request) => eventStream(request, chat)));
  serveConnector(server, chat, connectorSecret);
  serveDrillPages(server, pages, page);

  return {
    link: link.address,
    door: {
      people,
      serviceUrl,
      connectorSecret,
      check(headers) {
        if (!isOwnHost(headers["host"], server.port)) return { status: 403, reason: "foreign host" };
        if (!isOwnOrigin(headers["origin"], headers["host"], server.port)) return { status: 403, reason: "foreign origin" };
        return sessions.isValid(headers["cookie"]) ? null : { status: 401, reason: "no session" };
      },
      heard: (activity, person) => keepWords(activity, person),
    },
  };

  /** A press of a button leaves no words, here as in Teams; a greeting is the page's, nobody said it. */
  async function keepWords(activity: ArrivingActivity, person: Person): Promise<void> {
    if (activity.type !== "message" || !activity.text) return;
    await chat.add({ from: { id: person.id, name: person.name }, fromBot: false, text: activity.text, card: null });
  }
}
