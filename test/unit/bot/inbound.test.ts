import assert from "node:assert/strict";
import fc from "fast-check";
import { parseActivity } from "../../../src/bot/activity.ts";
import type { ArrivingActivity } from "../../../src/bot/activity.ts";
import { universal } from "../../../src/texts/reader.ts";
import { inboundFrom, maxTextLength, meaningOf } from "../../../src/bot/inbound.ts";
import type { Inbound } from "../../../src/bot/message.ts";

const olivia = { id: "olivia", name: "Olivia Okafor" };
const bot = { id: "28:bot", name: "Drillbook" };

function arriving(more: object): ArrivingActivity {
  const activity = parseActivity({
    type: "message",
    channelId: "msteams",
    serviceUrl: "https://smba.trafficmanager.net/emea/",
    from: { id: "29:x" },
    recipient: bot,
    conversation: { id: "19:c", tenantId: "t", conversationType: "channel", isGroup: true },
    ...more,
  });
  assert.ok(activity);
  return activity;
}

function read(more: object): Inbound {
  const activity = arriving(more);
  const meaning = meaningOf(activity);
  assert.notEqual(meaning, "nothing");
  return inboundFrom(activity, meaning as "message", olivia, async () => new Uint8Array());
}

function textOf(more: object): string {
  const inbound = read(more);
  assert.equal(inbound.kind, "text");
  return inbound.kind === "text" ? inbound.text : "";
}

const mention = (text: string, id = bot.id) => ({ type: "mention", text, mentioned: { id, name: "x" } });

describe("what an activity says", () => {
  it("is its text without the mention of the bot, wherever and however often it stands", () => {
    const entities = [mention("<at>Drillbook</at>"), { type: "clientInfo" }];
    assert.equal(textOf({ text: "<at>Drillbook</at> help", entities }), "help");
    assert.equal(textOf({ text: "please <at>Drillbook</at>&nbsp;help <at>Drillbook</at>\u00a0", entities }), "please   help");
  });

  it("names anybody else who is mentioned, and leaves a mention that is only typed", () => {
    const said = read({ text: "hand over to <at>Bea</at>", entities: [mention("<at>Bea</at>", "29:bea")] });
    assert.equal(said.kind === "text" ? said.text : "", "hand over to Bea");
    assert.deepEqual(said.kind === "text" ? said.mentions : null, [{ name: "Bea", account: "29:bea" }]);
    assert.equal(textOf({ text: "<at>Drillbook</at> help" }), "<at>Drillbook</at> help");
  });

  it("may be nothing at all", () => {
    assert.equal(textOf({}), "");
    assert.equal(textOf({ text: null }), "");
  });

  it("is refused whole when it is too long, and taken at the limit", () => {
    assert.equal(textOf({ text: "x".repeat(maxTextLength) }).length, maxTextLength);
    assert.throws(() => read({ text: "x".repeat(maxTextLength + 1) }), { code: "bad-input" });
    assert.throws(() => read({ text: "x".repeat(100_000) }), { code: "bad-input" });
  });

  it("carries where answers go, and nothing of the sender's choosing beside it", () => {
    assert.deepEqual(read({ text: "help", conversation: { id: "19:c", evil: true } }).conversation, {
      id: "19:c",
      reference: { serviceUrl: "https://smba.trafficmanager.net/emea/", channelId: "msteams", bot, conversation: { id: "19:c", isGroup: false } },
    });
  });
});

describe("what a press says", () => {
  const press = (value: unknown) => read({ type: "invoke", name: "adaptiveCard/action", replyToId: "m1", value });

  it("is its verb, its data and the card it was on", () => {
    const inbound = press({ action: { type: "Action.Execute", verb: "approve", data: { step: "s" } }, trigger: "manual" });
    assert.deepEqual({ ...inbound, conversation: null }, { kind: "click", verb: "approve", data: { step: "s" }, shownIn: "m1", person: olivia, conversation: null, account: "29:x", reader: universal });
  });

  it("has no data when the card gives none", () => {
    assert.deepEqual(press({ action: { verb: "pause" } }), { ...press({ action: { verb: "pause", data: {} } }) });
  });

  it("is only a look when no person pressed", () => {
    const inbound = press({ action: { verb: "approve", data: { step: "s" } }, trigger: "automatic" });
    assert.equal(inbound.kind === "click" && inbound.verb, "refresh");
  });

  it("can come as a message with a value and no text", () => {
    const inbound = read({ value: { verb: "approve", step: "s" }, replyToId: "m2" });
    assert.deepEqual({ ...inbound, conversation: null }, {
      kind: "click", verb: "approve", data: { verb: "approve", step: "s" }, shownIn: "m2", person: olivia, conversation: null, account: "29:x", reader: universal,
    });
    const plain = read({ value: {} });
    assert.equal(plain.kind === "click" && plain.verb, "submit");
  });

  it("is no press when there is a text: free text never decides", () => {
    assert.equal(read({ text: "approve", value: { verb: "approve" } }).kind, "text");
  });

  it("is refused, and never crashes, whatever the value is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        try {
          press(value);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "bad-input");
        }
      }),
    );
  });
});

describe("what has a meaning", () => {
  it("is what people say and press, and the welcome", () => {
    assert.equal(meaningOf(arriving({ type: "conversationUpdate", membersAdded: [{ id: "29:y" }, bot] })), "welcome");
    for (const more of [
      { type: "conversationUpdate", membersAdded: [{ id: "29:y" }] },
      { type: "conversationUpdate", membersRemoved: [bot] },
      { type: "conversationUpdate" },
      { type: "invoke", name: "task/fetch" },
      { type: "invoke" },
      { type: "typing" },
      { type: "Message" },
    ]) {
      assert.equal(meaningOf(arriving(more)), "nothing", JSON.stringify(more));
    }
  });
});

describe("reading a body", () => {
  it("gives null for anything that is no activity, and never throws", () => {
    fc.assert(fc.property(fc.anything({ maxDepth: 4 }), (body) => assert.doesNotThrow(() => parseActivity(body))));
    for (const body of [undefined, null, "", "{}", 1, [], {}, { type: "message" }]) assert.equal(parseActivity(body), null);
  });

  it("refuses depth and width before anything walks it", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    assert.equal(parseActivity(deep), null);
    assert.equal(parseActivity({ value: Array.from({ length: 50_000 }, () => null) }), null);
  });
});
