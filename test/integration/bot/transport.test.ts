import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BotAdapter } from "../../../src/bot/adapter.ts";
import { consoleDoor } from "../../../src/bot/door/console-door.ts";
import type { ChatOpening, Conversation, MemberList, Transport } from "../../../src/bot/message.ts";
import { createTransport } from "../../../src/bot/transport.ts";
import { answers, chatOfAccount, hangs, resets, startConnector } from "./fake-connector.ts";
import type { FakeConnector } from "./fake-connector.ts";

/** How long silence lasts here, in milliseconds: what is answered at all is answered in less, also on a machine that does much else. */
const silenceMs = 1_000;

describe("sending through a connector that behaves badly", () => {
  let connector: FakeConnector;
  let transport: Transport & MemberList & ChatOpening;
  let conversation: Conversation;
  let waited: number[];
  /** From here on no answer is awaited for longer than so many milliseconds. */
  let waitsFor: (ms: number) => void;

  beforeEach(async () => {
    connector = await startConnector();
    waited = [];
    const serviceUrl = `${connector.origin}/base`;
    const door = consoleDoor({
      people: [],
      channel: { channelId: "drillbook-console", conversationId: "c", bot: { id: "b" }, serviceUrl },
      connectorHeaders: { "x-drillbook-connector": "secret" },
      check: () => null,
      heard: async () => undefined,
    });
    waitsFor = (ms) => void (transport = createTransport(new BotAdapter(door, ms), door, { wait: async (pause) => void waited.push(pause), now: () => performance.now() }));
    // A machine that stands still for a moment is no silence of Teams.
    waitsFor(10_000);
    conversation = {
      id: "c",
      reference: { serviceUrl, channelId: "drillbook-console", bot: { id: "b", name: "B" }, conversation: { id: "c", isGroup: true } },
    };
  });
  afterEach(() => connector.close());

  const card = { type: "AdaptiveCard", version: "1.5" };
  const send = () => transport.send(conversation, { text: "hello", card: null });
  const update = () => transport.update(conversation, "m1", { text: "hello", card: null });
  const requests = () => connector.received.map(({ method, path }) => `${method} ${path}`);

  it("posts text as Markdown to the conversation, with the secret and as no reply", async () => {
    assert.deepEqual(await send(), { messageId: "sent-1" });
    assert.deepEqual(requests(), ["POST /base/v3/conversations/c/activities"]);
    const [received] = connector.received;
    assert.equal(received?.headers["x-drillbook-connector"], "secret");
    assert.equal(received?.headers.authorization, undefined);
    assert.deepEqual(received?.body, {
      type: "message",
      text: "hello",
      textFormat: "markdown",
      channelId: "drillbook-console",
      serviceUrl: `${connector.origin}/base`,
      from: { id: "b", name: "B" },
      conversation: { id: "c", isGroup: true, name: "", conversationType: "" },
    });
  });

  it("posts a card without a text beside it, and its words as the summary", async () => {
    await transport.send(conversation, { text: "what it says", card });
    const body = connector.received[0]?.body as Record<string, unknown>;
    assert.equal(body["text"], undefined);
    assert.equal(body["summary"], "what it says");
    assert.deepEqual(body["attachments"], [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }]);
  });

  const page = (members: readonly object[], continuationToken?: string) => (_request: IncomingMessage, response: ServerResponse) => {
    response.statusCode = 200;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ members, ...(continuationToken === undefined ? {} : { continuationToken }) }));
  };

  it("asks page by page who is in the conversation, and lists those who can be told apart", async () => {
    connector.next.push(page([{ id: "29:a", aadObjectId: "AAAA", name: "Amir" }, { id: "28:other-app", name: "An app" }], "more"), page([{ id: "29:b", objectId: "bbbb", tenantId: "fabrikam" }, { aadObjectId: "cccc" }]));
    const thread = { id: "c;messageid=7", reference: { ...(conversation.reference as object), conversation: { id: "c;messageid=7", isGroup: true, tenantId: "contoso" } } };
    assert.deepEqual(await transport.members(thread), [{ person: "aaaa", account: "29:a", tenant: "contoso" }, { person: "bbbb", account: "29:b", tenant: "fabrikam" }]);
    assert.deepEqual(requests(), ["GET /base/v3/conversations/c/pagedmembers?pageSize=500", "GET /base/v3/conversations/c/pagedmembers?pageSize=500&continuationToken=more"]);
    assert.equal(connector.received[0]?.headers["x-drillbook-connector"], "secret");
  });

  it("stops where a list never ends, and says when it cannot be had", async () => {
    let pages = 0;
    connector.next.push(...Array.from({ length: 50 }, () => (...args: Parameters<ReturnType<typeof page>>) => page(Array.from({ length: 500 }, (_, n) => ({ id: `29:${pages}-${n}`, aadObjectId: `${pages}-${n}` })), `page ${(pages += 1)}`)(...args)));
    assert.equal((await transport.members(conversation)).length, 2_000);
    assert.equal(pages, 4);
    connector.next.length = 0;
    waitsFor(silenceMs);
    connector.next.push(answers(403), answers(404), hangs);
    await assert.rejects(transport.members(conversation), { code: "not-allowed" });
    await assert.rejects(transport.members(conversation), { code: "not-found" });
    await assert.rejects(transport.members(conversation), { code: "not-now" });
  });

  it("puts an edit over the message", async () => {
    await update();
    assert.deepEqual(requests(), ["PUT /base/v3/conversations/c/activities/m1"]);
  });

  const unknown: readonly (readonly [string, FakeConnector["next"][number]])[] = [
    ["500", answers(500)],
    ["502", answers(502)],
    ["503 with Retry-After", answers(503, { "retry-after": "0" })],
    ["a reset", resets],
    ["silence", hangs],
  ];
  for (const [name, behave] of unknown) {
    it(`posts once and says that nobody knows after ${name}`, async () => {
      if (behave === hangs) waitsFor(silenceMs);
      connector.next.push(behave);
      await assert.rejects(send(), { code: "outcome-unknown" });
      assert.equal(connector.received.length, 1);
    });
  }

  const refusals: readonly (readonly [number, string])[] = [
    [400, "bad-input"],
    [401, "not-allowed"],
    [403, "not-allowed"],
    [404, "not-found"],
    [412, "not-now"],
    [413, "bad-input"],
    [429, "not-now"],
    [302, "not-now"],
  ];
  for (const [status, code] of refusals) {
    it(`posts once and says ${code} after ${status}`, async () => {
      connector.next.push(answers(status, { "retry-after": "0", location: `${connector.origin}/elsewhere` }));
      await assert.rejects(send(), { code });
      assert.equal(connector.received.length, 1);
    });
  }

  it("says that nothing was sent when nobody listens", async () => {
    await connector.close();
    await assert.rejects(send(), { code: "not-now" });
    await assert.rejects(update(), { code: "not-now" });
  });

  for (const [name, behave] of [...unknown, ["412", answers(412)] as const, ["429", answers(429)] as const]) {
    it(`repeats an edit after ${name}`, async () => {
      if (behave === hangs) waitsFor(silenceMs);
      connector.next.push(behave, behave);
      await update();
      assert.equal(connector.received.length, 3);
      assert.equal(waited.length, 2);
    });
  }

  it("waits as long as it is asked to, within reason, and gives up in the end", async () => {
    connector.next.push(answers(429, { "retry-after": "2" }), answers(429, { "retry-after": "3600" }), answers(429));
    await assert.rejects(update(), { code: "not-now" });
    assert.deepEqual(waited, [2000, 10_000]);
  });

  it("does not repeat an edit of a message that is gone", async () => {
    connector.next.push(answers(404));
    await assert.rejects(update(), { code: "not-found" });
    assert.equal(connector.received.length, 1);
  });

  describe("opening somebody's own chat", () => {
    const near = (): Conversation => ({ id: "c", reference: { ...(conversation.reference as object), conversation: { id: "c", isGroup: true, tenantId: "contoso" } } });
    const open = () => transport.openChat(near(), "29:amir");

    it("is one POST of one account in the conversation's tenant, without a message, and gives the same chat each time", async () => {
      const chat = await open();
      assert.deepEqual(await open(), chat);
      assert.deepEqual(requests(), ["POST /base/v3/conversations", "POST /base/v3/conversations"]);
      assert.equal(connector.received[0]?.headers["x-drillbook-connector"], "secret");
      assert.deepEqual(connector.received[0]?.body, { isGroup: false, bot: { id: "b", name: "B" }, members: [{ id: "29:amir", name: "" }], tenantId: "contoso", channelData: { tenant: { id: "contoso" } } });
      const conversation = { id: chat.id, isGroup: false, conversationType: "personal", tenantId: "contoso" };
      assert.deepEqual(chat, { id: chatOfAccount("29:amir"), reference: { serviceUrl: `${connector.origin}/base`, channelId: "drillbook-console", bot: { id: "b", name: "B" }, conversation } });
      await transport.send(chat, { text: "hello", card: null });
      assert.equal(decodeURIComponent(requests().at(-1) ?? ""), `POST /base/v3/conversations/${chatOfAccount("29:amir")}/activities`);
    });

    it("is refused where the app is not installed", async () => {
      connector.withoutApp.add("29:amir");
      await assert.rejects(open(), { code: "not-allowed" });
      assert.equal(connector.received.length, 1);
    });

    for (const [name, behave] of unknown) {
      it(`is sent once, and nobody knows, after ${name}`, async () => {
        if (behave === hangs) waitsFor(silenceMs);
        connector.next.push(behave);
        await assert.rejects(open(), { code: "outcome-unknown" });
        assert.equal(connector.received.length, 1);
      });
    }

    it("is left alone for as long as Teams asks, one account and not the others", async () => {
      connector.next.push(answers(429, { "retry-after": "90" }));
      await assert.rejects(open(), { code: "not-now" });
      await assert.rejects(open(), { code: "not-now" });
      assert.equal(connector.received.length, 1);
      await transport.openChat(near(), "29:bea");
      connector.next.push(answers(429));
      await assert.rejects(transport.openChat(near(), "29:ravi"), { code: "not-now" });
      assert.equal(connector.received.length, 3);
    });

    it("believes no answer that names no chat of two", async () => {
      for (const body of [{}, { id: "" }, { id: "19:drills@thread.tacv2" }, { id: "a:".padEnd(2_000, "x") }]) {
        connector.next.push((_, response) => void response.setHeader("content-type", "application/json").end(JSON.stringify(body)));
        await assert.rejects(open(), { code: "not-allowed" });
      }
    });

    it("is not tried without a tenant, nor at an address that was changed in the store", async () => {
      await assert.rejects(transport.openChat(conversation, "29:amir"), { code: "not-allowed" });
      const evil = await startConnector();
      const reference = { ...(near().reference as object), serviceUrl: evil.origin };
      await assert.rejects(transport.openChat({ id: "c", reference }, "29:amir"), { code: "not-allowed" });
      assert.deepEqual([connector.received, evil.received], [[], []]);
      await evil.close();
    });
  });

  it("sends nothing to an address that was changed in the store", async () => {
    const reference = conversation.reference as Record<string, unknown>;
    const evil = await startConnector();
    for (const serviceUrl of [evil.origin, `${connector.origin}@evil.example/`, `${connector.origin}/base/../other`, "file:///etc/passwd", "", 7]) {
      const poisoned = { id: "c", reference: { ...reference, serviceUrl } } as Conversation;
      await assert.rejects(transport.send(poisoned, { text: "x", card: null }), { code: "not-allowed" });
      await assert.rejects(transport.update(poisoned, "m", { text: "x", card: null }), { code: "not-allowed" });
    }
    const climbing = { id: "c", reference: { ...reference, conversation: { id: "../../../other", isGroup: true } } } as Conversation;
    await transport.send(climbing, { text: "x", card: null }).catch(() => undefined);
    assert.ok(connector.received.every(({ path }) => path.startsWith("/base/v3/")));
    assert.deepEqual(evil.received, []);
    await evil.close();
  });
});
