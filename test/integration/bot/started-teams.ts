import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../../src/config.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { start, type Running, type StartOptions } from "../../../src/main.ts";
import { openStore } from "../../../src/storage/open.ts";
import { createLog } from "../../../src/telemetry.ts";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { botCredentials } from "./bot-credentials.ts";
import { chatOfAccount, type FakeConnector } from "./fake-connector.ts";
import { rawRequest, type RawResponse } from "./raw-request.ts";
import { shownIn, untilShown, type Shown } from "./shown-in-teams.ts";
import { appId as usualAppId, startTenant, tenantId, type TeamsPerson, type Tenant } from "./tenant.ts";

const ofBot = "token-of-the-bot-5c8a1f";
/** The drill's group chat, as the channel names it. */
export const groupChat = "19:drills@thread.v2";

/** Somebody's own chat, the group chat of the drill, or a thread of a channel. */
export type TeamsChat = "personal" | "group" | `thread ${number}`;

export type StartedTeams = {
  /** Posts one activity as Teams does. */
  readonly arrive: (from: TeamsPerson, activity: object, chat?: TeamsChat) => Promise<number>;
  /** The same, and what the poster is answered. Whatever the activity says stands in the place of what is usual. */
  readonly post: (from: TeamsPerson, activity: object, chat?: TeamsChat) => Promise<RawResponse>;
  /** Writes, and gives the newest of what was said there since that fits, once there is something. */
  readonly says: (who: TeamsPerson, text: string, wanted: RegExp, chat?: TeamsChat, activity?: object) => Promise<Shown>;
  /** Presses a button of a posted card; the reply as the protocol has it. */
  readonly press: (from: TeamsPerson, on: string, verb: string, data: Json, chat?: TeamsChat) => Promise<{ readonly type: string; readonly value: string | CardJson }>;
  /** What is on record of a drill, read beside the running bot. */
  readonly events: (drill: string) => Promise<readonly DrillEvent[]>;
  /** What the bot sent, and what the channel answers. */
  readonly connector: FakeConnector;
  /** Ends the process's Drillbook and starts it anew in the same folder. */
  readonly restart: () => Promise<void>;
  /** Ends it, and all that was around it. */
  readonly close: () => Promise<void>;
  readonly port: number;
  /** What Teams signs its requests with, and what the bot signs its own with. */
  readonly tokens: { readonly ofTeams: string; readonly ofBot: string };
};

export type TeamsOptions = {
  readonly operators: readonly TeamsPerson[];
  readonly approvers: readonly TeamsPerson[];
  /** What the runbook `approve-it` says. */
  readonly runbook: string;
  /** Further runbooks, by the names of their files. */
  readonly others?: Readonly<Record<string, string>>;
  /** Further people of the people file. */
  readonly people?: readonly TeamsPerson[];
  /** Who is listed in every conversation; unless said, everybody of the people file. */
  readonly members?: readonly TeamsPerson[];
  /** Whom the tokens and activities are for. */
  readonly appId?: string;
  /** Settings beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Groups of the people file beside the usual ones, or in their place. */
  readonly groups?: Readonly<Record<string, readonly string[] | { readonly entra: string }>>;
  /** What else the composition may be given. */
  readonly more?: Partial<StartOptions>;
};

function conversationOf(chat: TeamsChat, from: TeamsPerson): object {
  const id = chatIdOf(chat, from);
  if (chat === "personal") return { id, conversationType: "personal", tenantId };
  return { id, isGroup: true, conversationType: chat === "group" ? "groupChat" : "channel", tenantId };
}

/** How the channel names this chat; somebody's own is another one for each person. */
export function chatIdOf(chat: TeamsChat, { account }: Pick<TeamsPerson, "account">): string {
  if (chat === "personal") return chatOfAccount(account);
  return chat === "group" ? groupChat : `19:channel@thread.tacv2;messageid=${chat.slice("thread ".length)}`;
}

/** The whole of Drillbook for Teams in this process, with the door's real token verification on, and all that is around it. Leaves nothing behind when it does not start. */
export async function startTeams(options: TeamsOptions): Promise<StartedTeams> {
  const { operators, approvers, people = [], members = [...operators, ...approvers, ...people] } = options;
  const tenant = await startTenant(members);
  try {
    return await startIn(tenant, options);
  } catch (fault) {
    await tenant.close();
    throw fault;
  }
}

async function startIn({ connector, issuer, data, close }: Tenant, { appId = usualAppId, more = {}, ...options }: TeamsOptions): Promise<StartedTeams> {
  const config = readConfig({ ...writtenTo(data, options), DRILLBOOK_BOT_APP_ID: appId, ...options.env });
  const begin = (): Promise<Running> => start({ config, log: createLog("silent", []), onLinkUsed: () => undefined, teams: { cloud: issuer.cloud, credentials: botCredentials(ofBot, { appId }) }, editEveryMs: 20, ...more });
  let running: Running | null = await begin();
  const end = async (): Promise<void> => {
    const ended = running;
    running = null;
    await ended?.stop();
  };
  const port = (): number => running?.server.port ?? assert.fail("Drillbook does not run");

  const serviceUrl = `${connector.origin}/emea/`;
  const now = Math.floor(Date.now() / 1000);
  const token = issuer.sign({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, nbf: now - 60, exp: now + 3600 });
  async function post(from: TeamsPerson, activity: object, chat: TeamsChat = "group"): Promise<RawResponse> {
    const body = {
      id: randomUUID(), timestamp: new Date().toISOString(), channelId: "msteams", serviceUrl, conversation: conversationOf(chat, from), channelData: { tenant: { id: tenantId } },
      from: { id: from.account, name: from.name, aadObjectId: from.id }, recipient: { id: `28:${appId}`, name: "Drillbook" }, ...activity,
    };
    return rawRequest({ port: port(), method: "POST", path: "/api/messages", headers: { "content-type": "application/json", authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  }
  const arrive: StartedTeams["arrive"] = async (from, activity, chat) => (await post(from, activity, chat)).status;

  return {
    connector,
    arrive,
    post,
    async says(who, text, wanted, chat = "group", activity = {}) {
      const before = new Set(shownIn(connector).map(({ id }) => id));
      assert.equal(await arrive(who, { type: "message", text, ...activity }, chat), 200);
      return untilShown(connector, `${wanted} for "${text}"`, (m) => !before.has(m.id) && m.conversation === chatIdOf(chat, who) && wanted.test(m.text));
    },
    async press(from, on, verb, data, chat) {
      const value = { action: { type: "Action.Execute", verb, data }, trigger: verb === "refresh" ? "automatic" : "manual" };
      return JSON.parse((await post(from, { type: "invoke", name: "adaptiveCard/action", replyToId: on, value }, chat)).body);
    },
    async events(drill) {
      const store = await openStore(config, { readOnly: true });
      try {
        return (await store.read(drill, 0, 1_000)).map(({ event }) => event);
      } finally {
        await store.close();
      }
    },
    async restart() {
      await end();
      running = await begin();
    },
    async close() {
      await end().finally(close);
    },
    get port() {
      return port();
    },
    tokens: { ofTeams: token, ofBot },
  };
}

/** The runbooks and the people file, and the settings that name them. */
function writtenTo(data: string, { runbook, others = {}, operators, approvers, people = [], groups = {} }: TeamsOptions): Readonly<Record<string, string>> {
  const runbooks = join(data, "runbooks");
  mkdirSync(runbooks);
  for (const [name, text] of Object.entries({ "approve-it.md": runbook, ...others })) writeFileSync(join(runbooks, name), text);
  const listed = [...operators, ...approvers, ...people].map(({ id, name }) => ({ id, name }));
  const filled = { "dr-operators": operators.map(({ id }) => id), "service-owners": approvers.map(({ id }) => id), auditors: approvers.map(({ id }) => id), ...groups };
  // JSON is YAML too.
  writeFileSync(join(data, "people.yaml"), JSON.stringify({ people: listed, groups: filled }));
  return { PORT: "0", DRILLBOOK_DATA: data, DRILLBOOK_RUNBOOKS: runbooks, DRILLBOOK_PEOPLE: join(data, "people.yaml"), DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" };
}
