import { randomBytes } from "node:crypto";
import type { Inbound } from "../../bot/message.ts";
import type { Person } from "../../drills/events.ts";
import type { Admission } from "../auditor/pages.ts";
import { isOwnHost, isOwnOrigin } from "../origins.ts";
import { html, json } from "../reply.ts";
import type { Handle, WebRequest } from "../reply.ts";
import type { WebServer } from "../server.ts";
import { channelOn, connectorSecretHeader } from "./channel.ts";
import type { ConsoleChannel } from "./channel.ts";
import { createChatLog } from "./chat-log.ts";
import { serveConnector } from "./connector.ts";
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
  /** Puts the auditor's pages on the server, for whoever is signed in to the console. */
  readonly openPages: (admit: Admission) => Promise<void>;
  readonly now: () => Date;
  /** Somebody has signed in: print this next address for another browser. */
  readonly onLinkUsed: (address: string) => void;
};

/** The console as the composition and the bot's door see it. */
export type RehearsalConsole = {
  /** The address that signs in the first browser to open it. */
  readonly link: () => string;
  /** What the console's door of the bot needs to know. */
  readonly door: {
    readonly people: readonly Person[];
    readonly channel: ConsoleChannel;
    readonly connectorHeaders: Readonly<Record<string, string>>;
    /** null: the request comes from our page, in a browser that is signed in. */
    check(headers: WebRequest["headers"]): { readonly status: 401 | 403; readonly reason: string } | null;
    /** Shows what a person said to everybody. */
    heard(inbound: Inbound): Promise<void>;
  };
};

/** Puts the local console on the server: its page, its connector and the drills' pages, all behind one session. */
export async function openConsole(options: ConsoleOptions): Promise<RehearsalConsole> {
  const { server, people, now } = options;
  const { index, assets } = await readPageFiles();
  const chat = await createChatLog(options.store, now);
  const link = createOneTimeLink(server.origin);
  const sessions = createSessions({ key: options.sessionKey, port: server.port, now });
  const connectorSecret = randomBytes(32).toString("base64url");
  const channel = channelOn(server);

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
  server.get("/console/people", signedIn(() => json(200, { people, channel })));
  server.get("/console/activities", signedIn(() => json(200, { activities: chat.since(0) })));
  server.get("/console/events", signedIn((request) => eventStream(request, chat)));
  serveConnector(server, channel, chat, people, connectorSecret);
  await options.openPages(({ headers }) => (sessions.isValid(headers["cookie"]) ? { reader: null } : { refused: signedOut() }));

  return {
    link: link.address,
    door: {
      people,
      channel,
      connectorHeaders: { [connectorSecretHeader]: connectorSecret },
      check(headers) {
        if (!isOwnHost(headers["host"], server.port)) return { status: 403, reason: "foreign host" };
        if (!isOwnOrigin(headers["origin"], headers["host"], server.port)) return { status: 403, reason: "foreign origin" };
        return sessions.isValid(headers["cookie"]) ? null : { status: 401, reason: "no session" };
      },
      /** A press of a button leaves no words, here as in Teams. */
      async heard(inbound) {
        if (inbound.kind === "click") return;
        const files = inbound.kind === "files" ? inbound.files.map((f) => `[${f.name}]`) : [];
        const text = [inbound.text, ...files].filter((words) => words !== "").join(" ");
        if (text !== "") await chat.add({ from: inbound.person, fromBot: false, text, card: null });
      },
    },
  };
}
