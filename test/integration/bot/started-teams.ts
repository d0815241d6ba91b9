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
import { chatOfAccount, type FakeConnector } from "./fake-connector.ts";
import type { Issuer } from "./local-issuer.ts";
import { rawRequest, type RawResponse } from "./raw-request.ts";

const ofBot = "token-of-the-bot-5c8a1f";
const usualAppId = "11111111-2222-4333-8444-555555555555";
export const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

/** Somebody of the tenant: who they are to Entra, and what the channel calls them. */
export type TeamsPerson = { readonly id: string; readonly name: string; readonly account: string };
export const teamsPerson = (name: string): TeamsPerson => ({ id: randomUUID(), name, account: `29:${name.toLowerCase()}` });

/** Somebody's own chat, the group chat of the drill, or a thread of a channel. */
export type TeamsChat = "personal" | "group" | `thread ${number}`;

export type StartedTeams = {
  /** Posts one activity as Teams does. */
  readonly arrive: (from: TeamsPerson, activity: object, chat?: TeamsChat) => Promise<number>;
  /** The same, and what the poster is answered. Whatever the activity says stands in the place of what is usual. */
  readonly post: (from: TeamsPerson, activity: object, chat?: TeamsChat) => Promise<RawResponse>;
  /** Presses a button of a posted card; the reply as the protocol has it. */
  readonly press: (from: TeamsPerson, on: string, verb: string, data: Json, chat?: TeamsChat) => Promise<{ readonly type: string; readonly value: string | CardJson }>;
  /** What is on record of a drill, read beside the running bot. */
  readonly events: (drill: string) => Promise<readonly DrillEvent[]>;
  readonly stop: () => Promise<void>;
  readonly port: number;
  /** What Teams signs its requests with, and what the bot signs its own with. */
  readonly tokens: { readonly ofTeams: string; readonly ofBot: string };
};

export type TeamsOptions = {
  readonly connector: FakeConnector;
  readonly issuer: Issuer;
  /** The data folder: whoever made it removes it. */
  readonly data: string;
  readonly operators: readonly TeamsPerson[];
  readonly approvers: readonly TeamsPerson[];
  /** What the runbook `approve-it` says. */
  readonly runbook: string;
  /** Further runbooks, by the names of their files. */
  readonly others?: Readonly<Record<string, string>>;
  /** Further people of the people file. */
  readonly people?: readonly TeamsPerson[];
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
  if (chat === "personal") return { id: chatOfAccount(from.account), conversationType: "personal", tenantId };
  if (chat === "group") return { id: "19:drills@thread.v2", isGroup: true, conversationType: "groupChat", tenantId };
  return { id: `19:channel@thread.tacv2;messageid=${chat.slice("thread ".length)}`, isGroup: true, conversationType: "channel", tenantId };
}

/** The whole of Drillbook for Teams in this process, with the door's real token verification on and a connector of the test's. */
export async function startTeams({ connector, issuer, data, operators, approvers, runbook, others = {}, people: further = [], appId = usualAppId, env: settings = {}, groups: otherGroups = {}, more = {} }: TeamsOptions): Promise<StartedTeams> {
  const runbooks = join(data, "runbooks");
  mkdirSync(runbooks, { recursive: true });
  writeFileSync(join(runbooks, "approve-it.md"), runbook);
  for (const [name, text] of Object.entries(others)) writeFileSync(join(runbooks, name), text);
  const people = [...operators, ...approvers, ...further].map(({ id, name }) => ({ id, name }));
  const groups = { "dr-operators": operators.map(({ id }) => id), "service-owners": approvers.map(({ id }) => id), auditors: approvers.map(({ id }) => id), ...otherGroups };
  // JSON is YAML too.
  writeFileSync(join(data, "people.yaml"), JSON.stringify({ people, groups }));
  const env = { PORT: "0", DRILLBOOK_DATA: data, DRILLBOOK_RUNBOOKS: runbooks, DRILLBOOK_PEOPLE: join(data, "people.yaml"), DRILLBOOK_BOT_APP_ID: appId, DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI", ...settings };
  const credentials = {
    isValidAppId: async () => true,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest<T extends { readonly headers: { set(name: string, value: string): void } }>(outgoing: T) {
        outgoing.headers.set("authorization", `Bearer ${ofBot}`);
        return outgoing;
      },
    }),
  };
  const config = readConfig(env);
  const running: Running = await start({ config, log: createLog("silent", []), onLinkUsed: () => undefined, teams: { cloud: issuer.cloud, credentials }, editEveryMs: 20, ...more });
  const serviceUrl = `${connector.origin}/emea/`;
  const now = Math.floor(Date.now() / 1000);
  const token = issuer.sign({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, nbf: now - 60, exp: now + 3600 });
  async function post(from: TeamsPerson, activity: object, chat: TeamsChat): Promise<RawResponse> {
    const conversation = conversationOf(chat, from);
    const body = {
      id: randomUUID(), timestamp: new Date().toISOString(), channelId: "msteams", serviceUrl, conversation, channelData: { tenant: { id: tenantId } },
      from: { id: from.account, name: from.name, aadObjectId: from.id }, recipient: { id: `28:${appId}`, name: "Drillbook" }, ...activity,
    };
    return rawRequest({ port: running.server.port, method: "POST", path: "/api/messages", headers: { "content-type": "application/json", authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  }

  return {
    arrive: async (from, activity, chat = "group") => (await post(from, activity, chat)).status,
    async press(from, on, verb, data, chat = "group") {
      const value = { action: { type: "Action.Execute", verb, data }, trigger: verb === "refresh" ? "automatic" : "manual" };
      return JSON.parse((await post(from, { type: "invoke", name: "adaptiveCard/action", replyToId: on, value }, chat)).body);
    },
    post: (from, activity, chat = "group") => post(from, activity, chat),
    async events(drill) {
      const store = await openStore(config, { readOnly: true });
      try {
        return (await store.read(drill, 0, 1_000)).map(({ event }) => event);
      } finally {
        await store.close();
      }
    },
    stop: () => running.stop(),
    port: running.server.port,
    tokens: { ofTeams: token, ofBot },
  };
}
