import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createBot, type Bot } from "../../../src/bot/bot.ts";
import type { Door } from "../../../src/bot/door/door.ts";
import { openTeamsDoor } from "../../../src/bot/door/teams-door.ts";
import type { Inbound } from "../../../src/bot/message.ts";
import { serveMessages, type Messaging } from "../../../src/web/messages-route.ts";
import { openServer } from "../../../src/web/server.ts";
import { memorySeen } from "../../fakes/seen.ts";
import { botCredentials } from "./bot-credentials.ts";
import { startConnector, type FakeConnector } from "./fake-connector.ts";
import { hostilePosts, type HostilePost } from "./hostile-posts.ts";
import { keptLog } from "./kept-log.ts";
import { startIssuer, type Issuer } from "./local-issuer.ts";
import { bearer, rawRequest } from "./raw-request.ts";
import { appId, tenantId } from "./tenant.ts";

const run = promisify(execFile);
const personId = "0c0ffee0-1111-4222-8333-444444444444";

/** What stands between a stranger and an answer, each of them a part that is passed in: here one is passed in that does nothing. */
type Composition = {
  readonly door: Door;
  /** What the web server asks before it reads a body. */
  readonly messaging: (bot: Bot) => Messaging;
  /** Serves the endpoint; the product's own server, or one that bounds nothing. */
  readonly serve: (messaging: Messaging) => Promise<{ readonly port: number; readonly close: () => Promise<void> }>;
};

describe("safeguards of the door: with each one switched off the hostile cases get through that it stands against", () => {
  let connector: FakeConnector;
  let elsewhere: FakeConnector;
  let issuer: Issuer;
  let real: Composition;

  before(async () => {
    connector = await startConnector();
    elsewhere = await startConnector();
    issuer = await startIssuer(connector.origin);
    real = { door: await openDoor([connector.origin]), messaging: (bot) => bot, serve: ownServer };
  });
  after(async () => {
    for (const each of [connector, elsewhere, issuer]) await each.close();
  });

  const openDoor = (serviceOrigins: readonly string[]): Promise<Door> =>
    openTeamsDoor({
      registration: { appType: "UserAssignedMSI", appId, tenantId },
      now: () => new Date(),
      cloud: { ...issuer.cloud, serviceOrigins },
      credentials: botCredentials("of-the-bot"),
    });
  async function ownServer(messaging: Messaging): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
    const server = await openServer({ host: "127.0.0.1", port: 0, access: "public", ready: () => true, log: keptLog().log });
    serveMessages(server, messaging);
    return server;
  }
  /** Reads whatever comes, however much it is, and hands it on. */
  async function boundlessServer(messaging: Messaging): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { status, body } = await messaging.receive({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
      response.statusCode = status;
      response.end(body === null ? "" : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
  }

  const seconds = (offset = 0): number => Math.floor(Date.now() / 1000) + offset;
  const serviceUrl = (): string => `${connector.origin}/emea/`;
  const claims = (more: object = {}) => ({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl(), nbf: seconds(-60), exp: seconds(3600), ...more });
  let arrivals = 0;
  const activity = (more: object = {}): object => ({
    type: "message", id: `17${(arrivals += 1)}`, timestamp: new Date().toISOString(), text: "help", channelId: "msteams", serviceUrl: serviceUrl(),
    // Somebody else each time, so that nobody is too fast.
    from: { id: "29:1abc", name: "Olivia", aadObjectId: personId.replace("0c0ffee0", String(10_000_000 + arrivals)) },
    recipient: { id: `28:${appId}`, name: "Drillbook" }, conversation: { id: "19:abc@thread.v2", isGroup: true, conversationType: "groupChat", tenantId }, channelData: { tenant: { id: tenantId } }, ...more,
  });
  const token = (more: object = {}): string => bearer(issuer.sign(claims(more)));

  type Composed = { readonly bot: Bot; readonly arrived: readonly Inbound[]; readonly port: number; readonly post: (body: object | string | Buffer, authorization: string | null, headers?: Record<string, string>) => Promise<{ readonly status: number; readonly body: string }> };
  async function composed<T>(with_: Partial<Composition>, use: (made: Composed) => Promise<T>, answering = true): Promise<T> {
    const { door, messaging, serve } = { ...real, ...with_ };
    const arrived: Inbound[] = [];
    connector.received.length = 0;
    elsewhere.received.length = 0;
    const bot = createBot({
      door, log: keptLog().log, seen: memorySeen(), clock: () => new Date(),
      answer: async (inbound) => {
        arrived.push(inbound);
        return { messages: answering ? [{ text: "Heard.", card: null }] : [], settled: inbound.kind === "click" };
      },
    });
    const server = await serve(messaging(bot));
    const post: Composed["post"] = (body, authorization, headers = {}) =>
      rawRequest({ port: server.port, method: "POST", path: "/api/messages", headers: { "content-type": "application/json", ...headers, ...(authorization === null ? {} : { authorization }) }, body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body) });
    try {
      return await use({ bot, arrived, port: server.port, post });
    } finally {
      await bot.idle();
      await server.close();
    }
  }

  describe("of the posts that are refused one by one", () => {
    const all = (): readonly HostilePost[] => hostilePosts({ appId, tenantId, personId, activity, claims, seconds, origin: () => connector.origin, issuer: () => issuer });
    /** The names of those that somebody would be answered for. */
    const through = (with_: Partial<Composition>): Promise<readonly string[]> =>
      composed(with_, async ({ post, arrived }) => {
        const found: string[] = [];
        for (const [name, , request] of all()) {
          const before = arrived.length;
          await post(...request());
          if (arrived.length > before) found.push(name);
        }
        return found;
      }, false);
    const unchecked = (door: Door): Door["authentication"] => ({ ...door.authentication, configuration: { requiredEndorsements: [] } });

    const door = (less: Partial<Door>): Partial<Composition> => ({ door: { ...real.door, ...less } });
    const badlySigned = [
      "with an old token", "with a token that never ends", "with a token whose end is a word", "with a token of the future", "with a token that was changed", "with a stranger's signature", "with an unknown key", "with HS256", "with HS256 and the public key as its secret",
      "with HS256 and the published key as its secret", "with PS256 written over RS256", "with a key that it brings along", "with a key to be fetched from elsewhere", "with a path for a key id", "with an object's own word for a key id", "with a list for a key id", "without a key id",
      "with Entra's token dressed as the channel's",
    ];

    /** Safeguard, the composition without it, and the posts that then get through. What has two layers is seen through only with both of them off. */
    const table: readonly (readonly [string, () => Promise<Partial<Composition>>, readonly string[]])[] = [
      ["nothing", async () => ({}), []],
      ["the token's claims before it is verified", async () => door({ admitHeaders: () => null }), []],
      ["the token's claims after it was verified", async () => door({ authentication: unchecked(real.door) }), []],
      ["the token's claims, before and after", async () => door({ admitHeaders: () => null, authentication: unchecked(real.door) }), ["with a token of an empty tenant", "with a token that never ends"]],
      [
        "the token's verification",
        async () => door({ authentication: { ...real.door.authentication, credentials: botCredentials("of-the-bot", { disabled: true }) } }),
        badlySigned.filter((name) => name !== "with a token that never ends"),
      ],
      [
        "the token's verification and its claims",
        async () => door({ admitHeaders: () => null, tokenUse: () => ({ channelId: "msteams", serviceUrl: serviceUrl() }), authentication: { ...real.door.authentication, credentials: botCredentials("of-the-bot", { disabled: true }), configuration: { requiredEndorsements: [] } } }),
        ["with a token of another issuer", "with a token of several issuers", "with a token for another bot", "with a token for several bots", "with a token of a tenant", "with a token of an empty tenant", ...badlySigned],
      ],
      ["the list of service URLs", async () => ({ door: await openDoor([connector.origin, "https://evil.example"]) }), ["with a service URL on no list, in the token too"]],
      [
        "channel, service URL and tenant of the activity",
        async () => door({ admit: () => null }),
        [
          "of webchat, which the same key endorses", "of the App Service channel", "of Teams in capital letters", "of Teams with something behind it", "with another service URL than the token's", "with the token's service URL and a slash less",
          "of a foreign tenant", "of a foreign tenant in the channel data", "of an empty tenant beside ours", "of no tenant", "of a sender from a foreign tenant",
        ],
      ],
      [
        "recipient and object id",
        async () => door({ identify: () => ({ id: personId, name: "anybody" }) }),
        ["of a sender without an object id", "of a sender whose object id is none", "of a sender with a line behind the object id", "of a sender whose object id is elsewhere", "to another bot", "to nobody"],
      ],
    ];
    for (const [name, off, expected] of table) {
      it(`without ${name}: ${expected.length}`, async () => assert.deepEqual(await through(await off()), expected));
    }
  });

  const press = (more: object = {}, trigger = "manual"): object => activity({ type: "invoke", name: "adaptiveCard/action", text: undefined, replyToId: "m1", value: { action: { type: "Action.Execute", verb: "approve", data: { step: "s" } }, trigger }, ...more });
  /** Everything that arrives is another thing than it says, before the bot sees it. */
  const disguised = (disguise: (body: Record<string, unknown>) => object) => (bot: Bot): Messaging => ({ refuse: bot.refuse, receive: ({ headers, body }) => bot.receive({ headers, body: disguise(body as Record<string, unknown>) }) });
  const nonced = (body: object): object => ({ ...body, value: { action: { type: "Action.Execute", verb: "approve", data: { step: "s", nonce: (arrivals += 1) } }, trigger: "manual" } });
  const renamed = (body: object): object => ({ ...body, id: `new-${(arrivals += 1)}` });

  /** Safeguard, the composition without it, and whether a hostile case gets through. */
  const cases: readonly (readonly [string, () => Partial<Composition>, (made: Composed) => Promise<boolean>])[] = [
    [
      "verification before the body is read",
      () => ({ messaging: (bot) => ({ refuse: async () => null, receive: bot.receive }) }),
      async ({ port, post }) => {
        const [head, claim] = issuer.sign(claims()).split(".");
        const socket = connect(port, "127.0.0.1");
        const said: string[] = [];
        socket.on("data", (chunk) => said.push(String(chunk)));
        const body = JSON.stringify(activity());
        socket.write(`POST /api/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${head}.${claim}.c2ln\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 8)}`);
        // Others that came later were answered: so was this one, if it was to be answered before it is whole.
        for (let others = 0; others < 5; others += 1) await post(activity(), bearer(`${head}.${claim}.c2ln`));
        const wasRead = said.length === 0;
        socket.write(body.slice(8));
        if (said.length === 0) await once(socket, "data");
        socket.destroy();
        return wasRead;
      },
    ],
    ["the size of a body", () => ({ serve: boundlessServer }), async ({ post, arrived }) => (await post(activity({ padding: "x".repeat(300_000) }), token())).status === 200 && arrived.length === 1],
    ["the size of a body in chunks", () => ({ serve: boundlessServer }), async ({ post }) => (await post(activity({ padding: "x".repeat(300_000) }), token(), { "transfer-encoding": "chunked" })).status === 200],
    [
      "the list of service URLs, on the way in: the answer and the bot's token go there",
      () => ({ door: open }),
      async ({ post, bot }) => {
        const url = `${elsewhere.origin}/emea/`;
        await post(activity({ serviceUrl: url }), token({ serviceurl: url }));
        await bot.idle();
        return elsewhere.received.some(({ headers }) => headers.authorization === "Bearer of-the-bot");
      },
    ],
    [
      "the list of service URLs, when something is sent by itself: the bot's token goes where a changed row says",
      () => ({ door: { ...real.door, mayReach: () => true } }),
      async ({ bot }) => {
        const reference = { serviceUrl: `${elsewhere.origin}/emea/`, channelId: "msteams", bot: { id: `28:${appId}`, name: "Drillbook" }, conversation: { id: "19:abc@thread.v2", isGroup: true, tenantId } };
        const conversation = { id: "19:abc@thread.v2", reference };
        const tries = [bot.transport.send(conversation, { text: "x", card: null }), bot.transport.update(conversation, "m1", { text: "x", card: null }), bot.transport.members(conversation), bot.transport.openChat(conversation, "29:x")];
        const went = (await Promise.allSettled(tries)).filter(({ status }) => status === "fulfilled").length;
        const sent = elsewhere.received.filter(({ headers }) => headers.authorization === "Bearer of-the-bot").length;
        assert.equal(sent, went);
        return sent > 0;
      },
    ],
    [
      "the pace of one person",
      () => ({ door: { ...real.door, paced: false } }),
      async ({ post, arrived }) => {
        for (let n = 0; n < 70; n += 1) await post(press({ id: `p${n}`, from: { id: "29:x", name: "Olivia", aadObjectId: personId }, value: { action: { verb: "note", data: { n } } } }), token());
        return arrived.length === 70;
      },
    ],
    ["the age of a request", () => ({ door: { ...real.door, identify: (arriving) => real.door.identify({ ...arriving, timestamp: new Date().toISOString() }) } }), async ({ post, arrived }) => {
      await post(press({ timestamp: new Date(Date.now() - 11 * 60_000).toISOString() }), token());
      return arrived.length > 0;
    }],
    ["that a client's own refresh decides nothing", () => ({ messaging: disguised((body) => ({ ...body, value: { ...(body["value"] as object), trigger: "manual" } })) }), async ({ post, arrived }) => {
      await post(press({}, "automatic"), token());
      return arrived.some((inbound) => inbound.kind === "click" && inbound.verb === "approve");
    }],
    ["that an invoke under the same id is answered once", () => ({ messaging: disguised((body) => nonced(renamed(body))) }), async ({ post, arrived }) => {
      // Its inputs differ, so that nothing but the id tells that it is the same.
      const [one, two] = [press({ id: "the-same" }), nonced(press({ id: "the-same" }))];
      for (const body of [one, two]) await post({ ...body, from: { id: "29:x", name: "Olivia", aadObjectId: personId } }, token());
      return arrived.length > 1;
    }],
    ["that a press under a new id is answered once", () => ({ messaging: disguised(nonced) }), async ({ post, arrived }) => {
      for (const id of ["first", "second"]) await post(press({ id, from: { id: "29:x", name: "Olivia", aadObjectId: personId } }), token());
      return arrived.length > 1;
    }],
  ];
  it("the frozen list of issuers: strangers fill it without", async () => {
    const issuersAfter = async (strangers: number, how: "frozen" | "as it comes"): Promise<number> => Number((await run(process.execPath, [fileURLToPath(new URL("./issuers-after.ts", import.meta.url)), String(strangers), how])).stdout);
    assert.deepEqual([await issuersAfter(0, "as it comes"), await issuersAfter(100, "frozen"), await issuersAfter(100, "as it comes")], [9, 9, 409]);
  });

  let open: Door;
  before(async () => void (open = await openDoor([connector.origin, elsewhere.origin])));
  for (const [name, off, getsThrough] of cases) {
    it(`${name}: refused with it, through without it`, async () => {
      assert.equal(await composed({}, getsThrough), false, "with it");
      assert.equal(await composed(off(), getsThrough), true, "without it");
    });
  }
});
