import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readConfig } from "../../src/config.ts";
import { start, type Running } from "../../src/main.ts";
import { connectPostgres } from "../../src/storage/postgres/connection.ts";
import { openPostgresStore } from "../../src/storage/postgres/open.ts";
import { Secret } from "../../src/secret.ts";
import { createLog } from "../../src/telemetry.ts";
import { startConnector, type FakeConnector } from "../integration/bot/fake-connector.ts";
import { startIssuer, type Issuer } from "../integration/bot/local-issuer.ts";
import { startPostgres, type TestServer } from "./server.ts";
import { until } from "./replica.ts";

const appId = "11111111-2222-4333-8444-555555555555";
const tenantId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const olivia = "0c0ffee0-1111-4222-8333-000000000001";
const amir = "0c0ffee0-1111-4222-8333-000000000002";
const people = `people:\n  - { id: ${olivia}, name: Olivia Okafor }\n  - { id: ${amir}, name: Amir Haddad }\ngroups:\n  dr-operators: [${olivia}]\n  service-owners: [${amir}]\n  auditors: [${amir}]\n`;
const weekly = "---\nid: weekly-look\nroles: { operator: dr-operators, approver: service-owners }\nschedule: { every: 7d, announce: 3d, overdue: 12h }\n---\n# Weekly look\n\n## Look\n\n### Look at the panel\n\nIt is green.\n";
const began = Date.parse("2026-03-24T08:00:00Z");

describe("a schedule, with two replicas in Teams", () => {
  let server: TestServer;
  let database: Secret;
  let connector: FakeConnector;
  let issuer: Issuer;
  let folder: string;
  let replicas: readonly Running[] = [];

  before(async () => {
    server = await startPostgres();
    const name = `schedules_${randomBytes(6).toString("hex")}`;
    const sql = connectPostgres(server.secret);
    await sql.query(`CREATE DATABASE ${name}`);
    await sql.close();
    database = new Secret(Object.assign(new URL(server.url), { pathname: `/${name}` }).href);
    connector = await startConnector();
    issuer = await startIssuer(connector.origin);
    folder = mkdtempSync(join(tmpdir(), "drillbook-schedules-"));
    writeFileSync(join(folder, "people.yaml"), people);
    writeFileSync(join(folder, "weekly-look.md"), weekly);
  });
  after(async () => {
    await stop();
    await issuer?.close();
    await connector?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const stop = async (): Promise<void> => {
    await Promise.all(replicas.map((one) => one.stop()));
    replicas = [];
  };
  /** Both processes are new, and come up at the same moment. */
  const onDay = async (days: number): Promise<void> => {
    await stop();
    const from = Date.now();
    const startOne = (name: string): Promise<Running> =>
      start({
        config: readConfig({ PORT: "0", DATABASE_URL: database.reveal(), DRILLBOOK_DATA: join(folder, name), DRILLBOOK_RUNBOOKS: folder, DRILLBOOK_PEOPLE: join(folder, "people.yaml"), DRILLBOOK_BOT_APP_ID: appId, DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" }),
        log: createLog("silent", []),
        onLinkUsed: () => undefined,
        clock: () => new Date(began + days * 86_400_000 + Date.now() - from),
        teams: { cloud: issuer.cloud, credentials: { isValidAppId: async () => true, isAuthenticationDisabled: async () => false, createCredentials: async () => ({ signRequest: async <T>(outgoing: T) => outgoing }) } },
      });
    const started = await Promise.allSettled(["one", "two"].map(startOne));
    replicas = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.deepEqual(started.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : [])), []);
  };
  const writes = async (person: string, name: string): Promise<void> => {
    const serviceUrl = `${connector.origin}/emea/`;
    const now = Math.floor(Date.now() / 1000);
    const authorization = `Bearer ${issuer.sign({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl, nbf: now - 60, exp: now + 3600 })}`;
    const body = { type: "message", text: "help", id: `hello-${person}`, timestamp: new Date().toISOString(), channelId: "msteams", serviceUrl, from: { id: `29:${person}`, name, aadObjectId: person }, recipient: { id: `28:${appId}` }, conversation: { id: `a:${person}`, conversationType: "personal", tenantId } };
    const answer = await fetch(`${replicas[0]?.server.origin ?? ""}/api/messages`, { method: "POST", headers: { "content-type": "application/json", authorization }, body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
  };
  /** What was said with these words, and to whom. */
  const told = (words: RegExp): readonly string[] =>
    connector.received.flatMap(({ method, path, body }) => {
      const text = typeof body === "object" && body !== null && "text" in body ? String(body.text) : "";
      return method === "POST" && words.test(text) ? [path.includes(olivia) ? "olivia" : path.includes(amir) ? "amir" : path] : [];
    }).sort();
  const toldOnce = async (words: RegExp): Promise<void> => {
    await until(`everybody was told ${String(words)}`, () => told(words).length >= 2);
    await delay(1_000);
    assert.deepEqual(told(words), ["amir", "olivia"]);
  };

  it("is announced once, launched once and missed once, while both look at the same moment", async () => {
    await onDay(0);
    await writes(olivia, "Olivia Okafor");
    await writes(amir, "Amir Haddad");
    await onDay(4.1);
    await toldOnce(/^Weekly look is due on 2026-03-31 at 08:00 UTC/);
    await onDay(6.1);
    await toldOnce(/^Tomorrow: Weekly look/);
    await onDay(7.01);
    await until("its first step is shown", () => connector.received.some(({ body }) => JSON.stringify(body).includes("Look at the panel")));
    await onDay(7.6);
    await toldOnce(/was due on 2026-03-31/);
    await toldOnce(/^Weekly look is due on/);
    const store = await openPostgresStore(database, {});
    const drills = await store.list();
    await store.close();
    assert.deepEqual(drills.map(({ id }) => id), ["WEE-0001"]);
  });
});
