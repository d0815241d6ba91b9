import { randomBytes } from "node:crypto";
import { createBot } from "../../../src/bot/bot.ts";
import { consoleDoor } from "../../../src/bot/door/console-door.ts";
import type { Answer, Inbound, Transport } from "../../../src/bot/message.ts";
import { openConsole } from "../../../src/web/console/console.ts";
import { consoleStore } from "../../fakes/console-store.ts";
import type { ConsoleStore } from "../../../src/web/console/store.ts";
import { serveAuditorPages, type Admission } from "../../../src/web/auditor/pages.ts";
import { serveMessages } from "../../../src/web/messages-route.ts";
import { openServer, type WebServer } from "../../../src/web/server.ts";
import { memoryStore } from "../../fakes/memory-store.ts";
import { memorySeen } from "../../fakes/seen.ts";
import { keptLog } from "./kept-log.ts";
import type { Written } from "./kept-log.ts";

const people = [
  { id: "olivia", name: "Olivia Okafor", role: "operator" },
  { id: "amir", name: "Amir Haddad", role: "approver" },
  { id: "bea", name: "Bea Lind", role: "approver" },
  { id: "ravi", name: "Ravi Menon", role: "auditor" },
] as const;

export type StartedConsole = {
  readonly origin: string;
  readonly port: number;
  readonly serviceUrl: string;
  readonly transport: Transport;
  readonly link: () => string;
  readonly linksUsed: string[];
  readonly log: readonly Written[];
  /** Signs in with the link, as a browser would; returns the Cookie header. */
  readonly signIn: () => Promise<string>;
  /** Resolves when nothing is still being answered. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type StartOptions = {
  readonly port?: number;
  readonly store?: ConsoleStore;
  readonly sessionKey?: Buffer;
  readonly openPages?: (server: WebServer, admit: Admission) => Promise<void>;
  readonly ready?: () => boolean;
  readonly replyWithinMs?: number;
  /** Hears of every route that is put on the server. */
  readonly onRoute?: (method: "GET" | "POST" | "PUT", path: string) => void;
};

/** The same server, which tells of every route that is put on it. */
export function overheard(server: WebServer, onRoute: NonNullable<StartOptions["onRoute"]>): WebServer {
  return {
    ...server,
    get: (path, handle) => { onRoute("GET", path); server.get(path, handle); },
    post: (path, handle, guard) => { onRoute("POST", path); server.post(path, handle, guard); },
    put: (path, handle, guard) => { onRoute("PUT", path); server.put(path, handle, guard); },
  };
}

/** The auditor's pages, of no drill. */
export function emptyPages(server: WebServer, admit: Admission): Promise<void> {
  const source = { ...memoryStore(), log: { entries: async () => [], lastCheckpoint: async () => null } };
  const none = async (): Promise<never> => Promise.reject(new Error("there is no drill"));
  return serveAuditorPages(server, { source, report: none, bundle: none, verify: async () => null, clock: () => new Date(), logRead: () => undefined }, admit);
}

/** The whole console over real HTTP, with a bot that answers what the test says. */
export async function startConsole(answer: (inbound: Inbound) => Promise<Answer>, options: StartOptions = {}): Promise<StartedConsole> {
  const { log, written } = keptLog();
  const linksUsed: string[] = [];
  const server = overheard(await openServer({ host: "127.0.0.1", port: options.port ?? 0, access: "loopback", ready: options.ready ?? (() => true), log }), options.onRoute ?? (() => undefined));
  const rehearsal = await openConsole({
    server,
    people,
    store: options.store ?? consoleStore(),
    sessionKey: options.sessionKey ?? randomBytes(32),
    openPages: (admit) => (options.openPages ?? emptyPages)(server, admit),
    now: () => new Date(),
    onLinkUsed: (address) => void linksUsed.push(address),
  });
  const bot = createBot({
    door: consoleDoor(rehearsal.door),
    answer,
    log,
    seen: memorySeen(),
    clock: () => new Date(),
    ...(options.replyWithinMs === undefined ? {} : { replyWithinMs: options.replyWithinMs }),
  });
  serveMessages(server, bot);
  return {
    origin: server.origin,
    port: server.port,
    serviceUrl: rehearsal.door.channel.serviceUrl,
    transport: bot.transport,
    link: rehearsal.link,
    linksUsed,
    log: written,
    idle: bot.idle,
    async signIn() {
      const response = await fetch(rehearsal.link(), { redirect: "manual" });
      return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    },
    close: () => server.close(),
  };
}
