import { join } from "node:path";
import { consoleConversation, consoleDoor } from "./bot/door/console-door.ts";
import type { Door } from "./bot/door/door.ts";
import { openTeamsDoor, type TeamsDoorOptions } from "./bot/door/teams-door.ts";
import type { Conversation } from "./bot/message.ts";
import type { Config } from "./config.ts";
import type { Clock } from "./drills/ports.ts";
import { createMembership, type Membership } from "./people/membership.ts";
import { openConsoleStore } from "./storage/sqlite/console-store.ts";
import type { Log } from "./telemetry.ts";
import type { Admission } from "./web/auditor/pages.ts";
import { openConsole } from "./web/console/console.ts";
import { openSessionKey } from "./web/console/session-key.ts";
import type { WebServer } from "./web/server.ts";

/** Sign-ins and tokens go by the machine's clock, whatever time it is for drills. */
const wallClock = (): Date => new Date();

/** The console on this machine: its door, its one-time address, and the one conversation that everybody in it shares. */
export async function openLocalConsole(
  config: Config,
  server: WebServer,
  openPages: (admit: Admission) => Promise<void>,
  onLinkUsed: (next: string) => void,
  releases: (() => Promise<void> | void)[],
): Promise<{ readonly door: Door; readonly link: string; readonly conversation: Conversation }> {
  const store = openConsoleStore(join(config.data, "console.db"));
  releases.push(() => store.close());
  const roleOf = (id: string): string => Object.entries(config.people.groups).find(([, members]) => members.includes(id))?.[0] ?? "";
  const people = config.people.people.map((p) => ({ ...p, role: roleOf(p.id) }));
  const console = await openConsole({ server, people, store, sessionKey: openSessionKey(config.data), openPages, now: wallClock, onLinkUsed });
  return { door: consoleDoor(console.door), link: console.link(), conversation: consoleConversation(console.door) };
}

/** The door that Teams comes through. Throws when the configuration has no credentials of a bot. */
export async function teamsDoor(config: Config, teams: Partial<Pick<TeamsDoorOptions, "cloud" | "credentials">> = {}): Promise<Door> {
  if (config.bot === null) throw new TypeError("Teams needs the bot's credentials.");
  const registration = config.bot.appType === "SingleTenant" ? { ...config.bot, password: config.bot.password.reveal() } : config.bot;
  return openTeamsDoor({ registration, now: wallClock, foreign: config.people.foreign, ...teams });
}

/** How auditors sign in from outside, by OpenID Connect. */
export async function auditorSignIn({ publicUrl, appId, secret, tenantId }: NonNullable<Config["auditor"]>, data: string, server: WebServer, clock: Clock, log: Log): Promise<Admission> {
  const { openAuditorSignIn } = await import("./web/auditor/sign-in.ts");
  const issuer = new URL(`https://login.microsoftonline.com/${tenantId}/v2.0`);
  const key = openSessionKey(data, "auditor-session.key");
  return openAuditorSignIn(server, { issuer, tenantId, clientId: appId, clientSecret: secret, publicUrl, key, clock, log });
}

/** Microsoft Graph is only asked when a group of the people file wants it. */
export async function directoryOf(config: Config): Promise<Membership> {
  const listed = new Set(config.people.people.map((p) => p.id.toLowerCase()));
  if (Object.keys(config.people.directory).length === 0) return createMembership(async () => [], wallClock, listed);
  const cloud = config.azure.kind === "azure" ? config.azure.cloud : "public";
  const [{ graphGroups }, { realCredential }] = await Promise.all([import("./azure/graph-groups.ts"), import("./azure/credentials.ts")]);
  return createMembership(graphGroups({ credential: realCredential({ cloud }), cloud }), wallClock, listed);
}
