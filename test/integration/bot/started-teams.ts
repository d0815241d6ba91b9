import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readConfig } from "../../../src/config.ts";
import type { CardJson } from "../../../src/dialogs/card.ts";
import { start } from "../../../src/main.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { createLog } from "../../../src/telemetry.ts";
import { startConnector, type FakeConnector } from "./fake-connector.ts";
import { startIssuer } from "./local-issuer.ts";
import { rawRequest } from "./raw-request.ts";

const appId = "11111111-2222-4333-8444-555555555555";
const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const serviceRole = { isValidAppId: async () => true, isAuthenticationDisabled: async () => false, createCredentials: async () => ({ signRequest: async <T>(outgoing: T) => outgoing }) };

export const staff = { olivia: "0c0ffee0-0000-4222-8333-000000000001", amir: "0c0ffee0-0000-4222-8333-000000000002", bea: "0c0ffee0-0000-4222-8333-000000000003", eve: "0c0ffee0-0000-4222-8333-000000000009" } as const;
export type Staff = keyof typeof staff;

export type Shown = { readonly id: string; readonly text: string; readonly card: CardJson | null; readonly conversation: string };
export type Pressed = { readonly type: string; readonly value: string | CardJson };

export type StartedTeams = {
  readonly connector: FakeConnector;
  /** What Teams shows now: each message as it was last edited, in the order of posting. */
  shown(): readonly Shown[];
  /** Waits for a message that fits. Throws with what is shown instead. */
  until(fits: (message: Shown) => boolean): Promise<Shown>;
  say(who: Staff, text: string, conversation?: string): Promise<void>;
  press(who: Staff, on: Shown, verb: string, data: Json, conversation?: string): Promise<Pressed>;
  close(): Promise<void>;
};

/** The whole of Drillbook behind the real Teams door, with a token issuer and a connector of the test's, and simulated Azure. */
export async function startTeams(runbooks: Readonly<Record<string, string>>): Promise<StartedTeams> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-teams-"));
  const people = Object.entries(staff).map(([name, id]) => `  - { id: ${id}, name: ${name[0]?.toUpperCase()}${name.slice(1)} }`).join("\n");
  const groups = `  dr-operators: [${staff.olivia}]\n  service-owners: [${staff.amir}, ${staff.bea}]\n  auditors: [${staff.eve}]\n  dr-managers: [${staff.olivia}]`;
  writeFileSync(join(folder, "people.yaml"), `people:\n${people}\ngroups:\n${groups}\n`);
  for (const [name, text] of Object.entries(runbooks)) writeFileSync(join(folder, `${name}.md`), text);
  const connector = await startConnector();
  const issuer = await startIssuer(connector.origin);
  const running = await start({
    config: readConfig({ PORT: "0", DRILLBOOK_DATA: join(folder, "data"), DRILLBOOK_RUNBOOKS: folder, DRILLBOOK_PEOPLE: join(folder, "people.yaml"), DRILLBOOK_BOT_APP_ID: appId, DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" }),
    log: createLog("silent", []),
    onLinkUsed: () => undefined,
    teams: { cloud: issuer.cloud, credentials: serviceRole },
    editEveryMs: 20,
  });
  const serviceUrl = `${connector.origin}/emea/`;
  const now = (): number => Math.floor(Date.now() / 1000);
  const token = issuer.sign({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, nbf: now() - 60, exp: now() + 3600 });
  let arrivals = 0;

  async function post(who: Staff, conversation: string, more: object): Promise<string> {
    const kind = conversation.startsWith("a:") ? { isGroup: false, conversationType: "personal" } : { isGroup: true, conversationType: "groupChat" };
    const body = JSON.stringify({
      id: `in-${(arrivals += 1)}`,
      timestamp: new Date().toISOString(),
      channelId: "msteams",
      serviceUrl,
      from: { id: `29:${who}`, name: who, aadObjectId: staff[who] },
      recipient: { id: `28:${appId}`, name: "Drillbook" },
      conversation: { id: conversation, ...kind, tenantId },
      channelData: { tenant: { id: tenantId } },
      ...more,
    });
    const { status, body: reply } = await rawRequest({ port: running.server.port, method: "POST", path: "/api/messages", headers: { "content-type": "application/json", authorization: `Bearer ${token}` }, body });
    if (status !== 200) throw new Error(`${status}: ${reply}`);
    return reply;
  }

  function shown(): readonly Shown[] {
    const messages = new Map<string, Shown>();
    connector.received.forEach(({ method, path, body }, i) => {
      const [, conversation = "", on] = /\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/u.exec(path) ?? [];
      if (conversation === "" || (method !== "POST" && method !== "PUT")) return;
      const activity = body as { readonly text?: string; readonly summary?: string; readonly attachments?: readonly { readonly content: CardJson }[] };
      const id = method === "PUT" ? decodeURIComponent(on ?? "") : `sent-${i + 1}`;
      messages.set(id, { id, text: activity.text ?? activity.summary ?? "", card: activity.attachments?.[0]?.content ?? null, conversation: decodeURIComponent(conversation) });
    });
    return [...messages.values()];
  }

  return {
    connector,
    shown,
    async until(fits) {
      for (const end = Date.now() + 20_000; ; await delay(25)) {
        const found = shown().findLast(fits);
        if (found !== undefined) return found;
        if (Date.now() > end) throw new Error(`it never came; shown:\n${shown().map(({ text }) => text.slice(0, 300)).join("\n---\n")}`);
      }
    },
    say: async (who, text, conversation = "19:drill") => void (await post(who, conversation, { type: "message", text })),
    press: async (who, on, verb, data, conversation = on.conversation) =>
      JSON.parse(await post(who, conversation, { type: "invoke", name: "adaptiveCard/action", replyToId: on.id, value: { action: { type: "Action.Execute", verb, data }, trigger: verb === "refresh" ? "automatic" : "manual" } })) as Pressed,
    async close() {
      await running.stop();
      await issuer.close();
      await connector.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
