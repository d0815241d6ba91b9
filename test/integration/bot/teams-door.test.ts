import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createBot } from "../../../src/bot/bot.ts";
import { freezeEmulatorIssuers } from "../../../src/bot/door/emulator-issuers.ts";
import { openTeamsDoor } from "../../../src/bot/door/teams-door.ts";
import type { Inbound } from "../../../src/bot/message.ts";
import { serveMessages } from "../../../src/web/messages-route.ts";
import { openServer } from "../../../src/web/server.ts";
import type { WebServer } from "../../../src/web/server.ts";
import { memorySeen } from "../../fakes/seen.ts";
import { botCredentials } from "./bot-credentials.ts";
import { answers, startConnector } from "./fake-connector.ts";
import type { FakeConnector } from "./fake-connector.ts";
import { hostilePosts } from "./hostile-posts.ts";
import { startIssuer } from "./local-issuer.ts";
import type { Issuer } from "./local-issuer.ts";
import { bearer, rawRequest } from "./raw-request.ts";
import { keptLog } from "./kept-log.ts";
import { appId, tenantId } from "./tenant.ts";

const personId = "0c0ffee0-1111-4222-8333-444444444444";

const vendor = { id: "dddddddd-1111-4222-8333-444444444444", tenant: "eeeeeeee-1111-4222-8333-444444444444" };

describe("the Teams door over HTTP, with the real token verification on", () => {
  let issuer: Issuer;
  let connector: FakeConnector;
  let server: WebServer;
  let arrived: Inbound[];
  const installed: (readonly [string, boolean])[] = [];
  let serviceUrl: string;
  /** The SDK would print every refused token's key, and strangers would write in our log. */
  const printed: unknown[][] = [];
  const usual = process.stderr.write.bind(process.stderr);

  before(async () => {
    process.stderr.write = (...words: unknown[]) => printed.push(words) > 0;
    connector = await startConnector();
    issuer = await startIssuer(connector.origin);
    serviceUrl = `${connector.origin}/emea/`;
    const { log } = keptLog();
    server = await openServer({ host: "127.0.0.1", port: 0, access: "public", ready: () => true, log });
    const door = await openTeamsDoor({
      registration: { appType: "SingleTenant", appId, tenantId, password: "not-used-here" },
      now: () => new Date(),
      cloud: issuer.cloud,
      credentials: botCredentials("of-the-bot"),
      foreign: { [vendor.id]: vendor.tenant },
    });
    const bot = createBot({
      door,
      log,
      seen: memorySeen(),
      clock: () => new Date(),
      onInstalled: (_, { id }, there) => void installed.push([id, there]),
      answer: async (inbound) => {
        arrived.push(inbound);
        return { messages: [{ text: "Heard.", card: null }] };
      },
    });
    serveMessages(server, bot);
  });
  beforeEach(() => {
    arrived = [];
    connector.received.length = 0;
    printed.length = 0;
  });
  after(async () => {
    process.stderr.write = usual;
    await server.close();
    await issuer.close();
    await connector.close();
  });

  let arrivals = 0;
  const seconds = (offset = 0) => Math.floor(Date.now() / 1000) + offset;
  const claims = (more: object = {}) => ({
    iss: "https://api.botframework.com",
    aud: appId,
    serviceurl: serviceUrl,
    nbf: seconds(-60),
    exp: seconds(3600),
    ...more,
  });
  const activity = (more: object = {}) => ({
    type: "message",
    id: `17${(arrivals += 1)}`,
    timestamp: new Date().toISOString(),
    text: "<at>Drillbook</at> help",
    textFormat: "plain",
    channelId: "msteams",
    serviceUrl,
    from: { id: "29:1abc", name: "Olivia Okafor", aadObjectId: personId },
    recipient: { id: `28:${appId}`, name: "Drillbook" },
    conversation: { id: "19:abc@thread.tacv2;messageid=1", isGroup: true, conversationType: "channel", tenantId },
    channelData: { tenant: { id: tenantId } },
    entities: [{ type: "mention", text: "<at>Drillbook</at>", mentioned: { id: `28:${appId}`, name: "Drillbook" } }],
    ...more,
  });
  const post = (body: object, authorization: string | null) =>
    rawRequest({
      port: server.port,
      method: "POST",
      path: "/api/messages",
      headers: { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) },
      body: JSON.stringify(body),
    });
  const good = (more: object = {}) => bearer(issuer.sign(claims(more)));

  it("lets a message of Teams in and answers it where it came from", async () => {
    assert.equal((await post(activity(), good())).status, 200);
    assert.deepEqual(arrived[0]?.person, { id: personId, name: "Olivia Okafor" });
    assert.equal(arrived[0]?.kind === "text" && arrived[0].text, "help");
    assert.deepEqual(
      connector.received.map(({ method, path, headers }) => [method, decodeURIComponent(path), headers.authorization]),
      [["POST", "/emea/v3/conversations/19:abc@thread.tacv2;messageid=1/activities", "Bearer of-the-bot"]],
    );
  });

  it("lets a press of a button in and answers it in the reply", async () => {
    const value = { action: { type: "Action.Execute", verb: "approve", data: { step: "s" } }, trigger: "manual" };
    const response = await post(activity({ type: "invoke", name: "adaptiveCard/action", text: undefined, value, replyToId: "1" }), good());
    assert.deepEqual([response.status, JSON.parse(response.body)], [200, { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Heard." }]);
    assert.equal(arrived[0]?.kind === "click" && arrived[0].verb, "approve");
    assert.deepEqual(connector.received, []);
  });

  it("lets somebody of another tenant in who is listed, and only from that tenant", async () => {
    const from = (tenantId: string) => ({ from: { id: "29:v", name: "Vendor", aadObjectId: vendor.id, tenantId } });
    assert.equal((await post(activity(from(vendor.tenant)), good())).status, 200);
    assert.equal((await post(activity(from("ffffffff-1111-4222-8333-444444444444")), good())).status, 403);
  });

  it("lets a token in that ended a moment ago, as clocks differ", async () => {
    assert.equal((await post(activity(), good({ exp: seconds(-120) }))).status, 200);
  });

  it("ignores what it does not know", async () => {
    for (const type of ["typing", "messageReaction", "installationUpdate", "event", "messageUpdate", "madeUp"]) {
      assert.equal((await post(activity({ type }), good())).status, 200, type);
    }
    assert.equal((await post(activity({ type: "invoke", name: "task/fetch" }), good())).status, 501);
    assert.deepEqual([arrived, connector.received], [[], []]);
  });

  it("greets when it is added, and only then", async () => {
    await post(activity({ type: "conversationUpdate", membersAdded: [{ id: "29:other" }] }), good());
    await post(activity({ type: "conversationUpdate", membersAdded: [{ id: `28:${appId}` }] }), good());
    assert.deepEqual(arrived.map((inbound) => inbound.kind === "text" && inbound.text), ["hello"]);
    const nobody = activity({ type: "conversationUpdate", membersAdded: [{ id: `28:${appId}` }], from: { id: "29:x" } });
    assert.equal((await post(nobody, good())).status, 200);
    assert.equal(arrived.length, 1);
  });

  describe("what people attach", () => {
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from("pixels")]);
    const inPerson = { conversation: { id: "a:olivia", conversationType: "personal", tenantId }, entities: [] };
    const picture = (url: string) => ({ contentType: "image/*", contentUrl: url });
    const shared = (downloadUrl: string, name = "run.log") => ({ contentType: "application/vnd.microsoft.teams.file.download.info", name, content: { downloadUrl, uniqueId: "1", fileType: "log" } });
    // Somebody else each time: one person may write ten messages a minute.
    const somebody = () => ({ from: { id: "29:x", name: "Somebody", aadObjectId: randomUUID() } });
    const send = async (...attachments: readonly object[]) => {
      assert.equal((await post(activity({ ...inPerson, ...somebody(), text: "", attachments }), good())).status, 200);
      const [inbound] = arrived;
      assert.equal(inbound?.kind, "files");
      return inbound.files;
    };

    it("is fetched from the channel with the bot's own token", async () => {
      connector.next.push((_, response) => void response.end("x"), (_, response) => void response.setHeader("content-type", "image/png").end(png));
      const [file] = await send(picture(`${serviceUrl}v3/attachments/1/views/original`));
      connector.received.length = 0;
      assert.deepEqual(Buffer.from((await file?.read()) ?? []), png);
      assert.deepEqual(connector.received.map((r) => [r.method, r.headers.authorization]), [["GET", "Bearer of-the-bot"]]);
    });

    it("is fetched from a share without any token, and only so far as it may be large", async () => {
      connector.next.push((_, response) => void response.end("x"), (_, response) => void response.end("all is well"), (_, response) => void response.end(Buffer.alloc(6 * 1024 * 1024)));
      const [file] = await send(shared(`${connector.origin}/share/1`, "..\\../r\u202eun.log"));
      assert.equal(file?.name, "run.log");
      connector.received.length = 0;
      assert.equal(Buffer.from((await file?.read()) ?? []).toString(), "all is well");
      assert.equal(connector.received[0]?.headers.authorization, undefined);
      await assert.rejects(file?.read() ?? Promise.resolve(), { code: "bad-input", message: /larger than 5 MB/u });
    });

    it("is never fetched from anywhere else, nor after a redirect", async () => {
      const elsewhere = ["http://169.254.169.254/latest", "https://evil.example/x", "https://sharepoint.com.evil.example/", "https://u@contoso.sharepoint.com/", "http://contoso.sharepoint.com/", "https://contoso.sharepoint.com:8443/"];
      for (const url of elsewhere) {
        arrived = [];
        const [file] = await send(shared(url));
        await assert.rejects(file?.read() ?? Promise.resolve(), { code: "not-allowed" }, url);
      }
      for (const url of ["https://evil.example/p.png", "data:image/png;base64,AAAA"]) {
        arrived = [];
        const [file] = await send(picture(url));
        await assert.rejects(file?.read() ?? Promise.resolve(), { code: "not-allowed" }, url);
      }
      arrived = [];
      connector.received.length = 0;
      connector.next.push((_, response) => void response.end("x"), answers(302, { location: `${connector.origin}/secret` }));
      const [file] = await send(shared(`${connector.origin}/share/2`));
      await assert.rejects(file?.read() ?? Promise.resolve(), { code: "not-now" });
      assert.ok(!connector.received.some((r) => r.path === "/secret"));
    });

    it("is taken in person only, a few at a time; what was said with it counts everywhere", async () => {
      await post(activity({ ...somebody(), text: "", attachments: [picture(`${serviceUrl}p`)] }), good());
      assert.equal(arrived.length, 0);
      assert.match(JSON.stringify(connector.received.at(-1)?.body), /personal chat/u);
      await post(activity({ ...somebody(), text: "<at>Drillbook</at> done", attachments: [picture(`${serviceUrl}p`), { contentType: "text/html", content: "<p>done</p>" }] }), good());
      assert.equal(arrived[0]?.kind === "text" && arrived[0].text, "done");
      await post(activity({ ...inPerson, ...somebody(), text: "", attachments: Array.from({ length: 6 }, () => picture(`${serviceUrl}p`)) }), good());
      assert.match(JSON.stringify(connector.received.at(-1)?.body), /more than 5 files/u);
    });
  });

  it("tells where the app was added and taken away", async () => {
    const inPerson = { type: "installationUpdate", conversation: { id: "a:olivia", conversationType: "personal", tenantId } };
    for (const action of ["add", "remove", "odd"]) assert.equal((await post(activity({ ...inPerson, action }), good())).status, 200);
    assert.deepEqual(installed, [["a:olivia", true], ["a:olivia", false]]);
  });

  it("knows how the reader writes times, and believes no impossible clock", async () => {
    const clock = (timezone: string) => ({ entities: [{ type: "clientInfo", locale: "de-DE", country: "DE", timezone }] });
    await post(activity(clock("Europe/Berlin")), good());
    await post(activity(clock("Mars/Olympus")), good());
    assert.deepEqual(arrived.map(({ reader }) => [reader.locale, reader.timeZone]), [["de-DE", "Europe/Berlin"], ["en-GB", "UTC"]]);
  });

  const token = (more: object, how: Parameters<Issuer["sign"]>[1] = {}) => bearer(issuer.sign(claims(more), how));
  const posts = hostilePosts({ appId, tenantId, personId, activity, claims, seconds, origin: () => connector.origin, issuer: () => issuer });

  for (const [name, status, request] of posts) {
    it(`refuses a request ${name} with ${status}`, async () => {
      const response = await post(...request());
      assert.equal(response.status, status);
      assert.deepEqual(JSON.parse(response.body), { error: "The request was not accepted." });
      assert.deepEqual([arrived, connector.received, printed], [[], [], []]);
    });
  }

  describe("what is wrong before there is an activity", () => {
    const raw = (options: Partial<Parameters<typeof rawRequest>[0]>) =>
      rawRequest({ port: server.port, method: "POST", path: "/api/messages", ...options, headers: { "content-type": "application/json", authorization: good(), ...options.headers } });
    const body = () => JSON.stringify(activity());

    for (const [name, status, options] of [
      ["a body of more than 256 KB", 413, () => ({ body: JSON.stringify(activity({ text: "x".repeat(300_000) })) })],
      ["a body of more than 256 KB in chunks, which names no length", 413, () => ({ body: JSON.stringify(activity({ text: "x".repeat(300_000) })), headers: { "transfer-encoding": "chunked" } })],
      ["a packed body", 415, () => ({ body: body(), headers: { "content-encoding": "gzip" } })],
      ["a body nested a hundred thousand deep", 400, () => ({ body: "[".repeat(100_000) })],
      ["a body that is no JSON", 400, () => ({ body: `${body()}x` })],
      ["a body cut short", 400, () => ({ body: body().slice(0, -20) })],
      ["a body of another kind", 400, () => ({ body: body(), headers: { "content-type": "text/plain" } })],
      ["a form", 400, () => ({ body: "type=message", headers: { "content-type": "application/x-www-form-urlencoded" } })],
      ["no body at all", 400, () => ({})],
      ["a header of 20 KB", 431, () => ({ body: body(), headers: { "x-padding": "x".repeat(20_000) } })],
      ["an Authorization header of 20 KB", 431, () => ({ body: body(), headers: { authorization: bearer("x".repeat(20_000)) } })],
      ["a token in the query", 401, () => ({ body: body(), path: `/api/messages?access_token=${good().slice(7)}`, headers: { authorization: "" } })],
      ["a PUT", 405, () => ({ body: body(), method: "PUT" })],
      ["a GET", 405, () => ({ method: "GET" })],
    ] as const satisfies readonly (readonly [string, number, () => Partial<Parameters<typeof rawRequest>[0]>])[]) {
      it(`refuses ${name} with ${status}`, async () => {
        assert.equal((await raw(options())).status, status);
        assert.deepEqual([arrived, connector.received, printed], [[], [], []]);
      });
    }

    it("takes an activity in chunks, and one that tries to become something else is itself", async () => {
      const text = body().replace(/\}$/u, ', "__proto__": { "from": { "id": "29:z", "aadObjectId": "none" } } }');
      assert.equal((await raw({ body: text, headers: { "transfer-encoding": "chunked" } })).status, 200);
      assert.deepEqual(arrived.map(({ person }) => person.id), [personId]);
    });

    it("reads not a byte of a body whose token nobody signed", async () => {
      const [head, claim] = issuer.sign(claims()).split(".");
      // Half a body: whoever waited for the rest would not answer.
      const socket = connect(server.port, "127.0.0.1");
      socket.write(`POST /api/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${head}.${claim}.c2ln\r\ncontent-length: 200000\r\n\r\n{"type":`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      assert.match(String(answer), /^HTTP\/1\.1 401 /u);
    });
  });

  it("answers a late press without handing it on", async () => {
    const late = activity({ timestamp: new Date(Date.now() - 11 * 60_000).toISOString(), type: "invoke", name: "adaptiveCard/action", value: {} });
    const response = await post(late, good());
    assert.match(response.body, /more than ten minutes/u);
    const undated = await post(activity({ timestamp: undefined }), good());
    assert.equal(undated.status, 200);
    assert.deepEqual(arrived, []);
  });

  it("lets an automatic refresh only look", async () => {
    const value = { action: { type: "Action.Execute", verb: "approve", data: { step: "s" } }, trigger: "automatic" };
    await post(activity({ type: "invoke", name: "adaptiveCard/action", text: undefined, value }), good());
    assert.equal(arrived[0]?.kind === "click" && arrived[0].verb, "refresh");
  });

  it("asks to be tried again when the keys cannot be read", async () => {
    const away = await startIssuer(connector.origin);
    await away.close();
    const door = await openTeamsDoor({
      registration: { appType: "UserAssignedMSI", appId, tenantId },
      now: () => new Date(),
      cloud: away.cloud,
      credentials: botCredentials("of-the-bot"),
      foreign: { [vendor.id]: vendor.tenant },
    });
    const bot = createBot({ door, log: keptLog().log, seen: memorySeen(), clock: () => new Date(), answer: async () => ({ messages: [] }) });
    const reply = await bot.receive({ headers: { authorization: good() }, body: activity() });
    assert.equal(reply.status, 503);
  });

  it("does not grow the SDK's list of issuers", async () => {
    const issuers = freezeEmulatorIssuers();
    for (let round = 0; round < 50; round += 1) await post(activity(), token({ tid: `${round}`.repeat(20) }));
    assert.equal(issuers.length, 9);
    assert.ok(issuers.every((known) => typeof known === "string" && known.startsWith("https://")));
  });

  it("lives on after a flood of nonsense, and still answers", async () => {
    for (const body of [{}, [], { type: "message" }, { type: {} }, { type: "invoke" }]) {
      for (let round = 0; round < 20; round += 1) assert.ok([400, 401].includes((await post(body, null)).status));
    }
    for (const host of ["a b", "[", "x:y:z"]) {
      assert.equal((await rawRequest({ port: server.port, method: "POST", path: "/api/messages", headers: { host } })).status, 400);
    }
    assert.equal((await post(activity(), good())).status, 200);
  });
});

describe("the Teams door at start", () => {
  const now = () => new Date();
  const single = { appType: "SingleTenant", appId, tenantId, password: "p" } as const;

  it("opens for a single-tenant bot and for a managed identity", async () => {
    await openTeamsDoor({ registration: single, now });
    await openTeamsDoor({ registration: { appType: "UserAssignedMSI", appId, tenantId }, now });
  });

  const bad: readonly (readonly [string, object])[] = [
    ["MultiTenant", { ...single, appType: "MultiTenant" }],
    ["a misspelt type", { ...single, appType: "SingelTenant" }],
    ["another spelling", { ...single, appType: "singletenant" }],
    ["no type", { ...single, appType: "" }],
    ["no application id", { ...single, appId: "" }],
    ["an application id that is no GUID", { ...single, appId: "drillbook" }],
    ["no tenant", { ...single, tenantId: "" }],
    ["a tenant's name", { ...single, tenantId: "contoso.example" }],
    ["no password", { ...single, password: " " }],
  ];
  for (const [name, registration] of bad) {
    it(`stays shut with ${name}`, async () => {
      await assert.rejects(openTeamsDoor({ registration: registration as typeof single, now }), { code: "bad-setting" });
    });
  }

  it("stays shut when the SDK would verify nothing", async () => {
    await assert.rejects(openTeamsDoor({ registration: single, now, credentials: botCredentials("of-the-bot", { disabled: true }) }), { code: "bad-setting" });
  });
});
