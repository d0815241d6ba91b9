import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { memoryOf } from "../../bench/memory.ts";
import { appId, startTenant, tenantId, type Tenant } from "../integration/bot/tenant.ts";
import { spawnTeams, type SpawnedTeams } from "./spawned-teams.ts";

const personId = "0c0ffee0-1111-4222-8333-444444444444";
const posts = 20_000;

describe(`${posts} hostile posts`, function () {
  this.timeout(180_000);
  let tenant: Tenant;
  let bot: SpawnedTeams;
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });

  before(async () => {
    tenant = await startTenant([]);
    const env = { PORT: "0", DRILLBOOK_DATA: tenant.data, DRILLBOOK_BOT_APP_ID: appId, DRILLBOOK_BOT_TENANT_ID: tenantId, DRILLBOOK_BOT_APP_TYPE: "UserAssignedMSI" };
    bot = await spawnTeams(new URL("./teams-process.ts", import.meta.url), { cloud: tenant.issuer.cloud, env });
  });

  after(async () => {
    agent.destroy();
    await bot?.stop();
    await tenant?.close();
  });

  /** Good traffic comes over connections of its own (`over` false): one of the flood's may have been closed already. */
  const post = (body: string, authorization: string | null, over: Agent | false = agent): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) };
      const sent = request({ host: "127.0.0.1", port: bot.port, method: "POST", path: "/api/messages", headers, agent: over }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      });
      // A refused body is not read to its end, and its sender may find the connection closed.
      sent.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(401) : reject(error)));
      sent.end(body);
    });

  it("leave the process alive with less than 50 MB more, and good traffic answered", async () => {
    const { connector, issuer } = tenant;
    const now = Math.floor(Date.now() / 1000);
    const serviceurl = `${connector.origin}/emea/`;
    const claims = (more: object = {}) => ({ iss: "https://api.botframework.com", aud: appId, serviceurl, nbf: now - 60, exp: now + 3600, ...more });
    const activity = (n: number) => JSON.stringify({
      type: "invoke", name: "adaptiveCard/action", id: `good-${n}`, timestamp: new Date().toISOString(), channelId: "msteams", serviceUrl: serviceurl,
      from: { id: "29:x", aadObjectId: personId }, recipient: { id: `28:${appId}` }, conversation: { id: "19:a", tenantId }, value: { action: { verb: "look", data: {} } },
    });
    const good = `Bearer ${issuer.sign(claims())}`;
    const stranger = `Bearer ${issuer.sign(claims(), { key: "stranger", kid: "channel" })}`;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const hostile: readonly ((n: number) => readonly [string, string | null])[] = [
      () => ["{}", null],
      () => [activity(0), null],
      (n) => [activity(0), `Bearer ${part({ alg: "RS256" })}.${part(claims({ tid: `${n}`.repeat(600) }))}.c2ln`],
      () => [activity(0), stranger],
      () => ["[".repeat(50_000), good],
      () => [JSON.stringify({ type: "message", text: "x".repeat(100_000) }), null],
      () => ["{}", good],
    ];
    const flood = async (from: number, count: number): Promise<void> => {
      for (let n = from; n < from + count; n += 20) {
        const statuses = await Promise.all(Array.from({ length: 20 }, (_, k) => {
          const kind = hostile[(n + k) % hostile.length];
          return kind === undefined ? 0 : post(...kind(n + k));
        }));
        assert.ok(statuses.every((status) => status >= 400 && status < 500), statuses.join());
      }
    };
    // Warm first: what code and pools take once is not what a flood leaves behind.
    await flood(0, 2_000);
    for (let n = 0; n < 5; n += 1) assert.equal(await post(activity(-1 - n), good, false), 200);
    const heldBefore = await bot.held();
    const before = memoryOf(bot.pid);
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const one = flood(2_000 + round * (posts / 10), posts / 10);
      for (let n = 0; n < 5; n += 1) {
        const began = performance.now();
        assert.equal(await post(activity(round * 5 + n + 1), good, false), 200);
        times.push(performance.now() - began);
      }
      await one;
    }
    const held = ((await bot.held()) - heldBefore) / 1e6;
    const after = memoryOf(bot.pid);
    const grown = (after.now - before.now) / 1e6;
    console.log(`      resident ${(before.now / 1e6).toFixed(0)} MB before, ${(after.now / 1e6).toFixed(0)} MB after, peak ${(after.peak / 1e6).toFixed(0)} MB; held ${held.toFixed(1)} MB more; slowest good press ${Math.max(...times).toFixed(0)} ms`);
    assert.ok(held < 5, `holds ${held.toFixed(1)} MB more`);
    assert.ok(after.peak < 512e6, `had ${(after.peak / 1e6).toFixed(0)} MB at its peak`);
    assert.ok(grown < 50, `grew by ${grown.toFixed(1)} MB`);
  });
});
