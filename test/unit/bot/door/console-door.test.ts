import assert from "node:assert/strict";
import { consoleDoor } from "../../../../src/bot/door/console-door.ts";

const channel = { channelId: "console", conversationId: "drills", bot: { id: "drillbook" }, serviceUrl: "http://127.0.0.1:3978/connector/" };
const secret = { "x-connector": "secret" };
const door = consoleDoor({ people: [], channel, connectorHeaders: secret, check: () => null, heard: async () => undefined });

describe("what the console's bot sends, with the secret of its connector", () => {
  it("goes to its own connector", () => {
    const url = `${channel.serviceUrl}v3/conversations/drills/activities`;
    assert.equal(door.mayReach(url), true);
    assert.deepEqual(door.outboundHeaders(url), secret);
  });

  it("goes nowhere else", () => {
    for (const url of [
      "",
      "http://127.0.0.1:3979/connector/v3/conversations",
      "http://127.0.0.1.evil.example:3978/connector/v3/conversations",
      "https://127.0.0.1:3978/connector/v3/conversations",
      "http://bot:word@127.0.0.1:3978/connector/v3/conversations",
      "http://127.0.0.1:3978/connector/../drills",
      "http://127.0.0.1:3978/connector/%2e%2e/drills",
      "http://127.0.0.1:3978/connector-of-another/v3",
      "http://127.0.0.1:3978/",
    ]) {
      assert.equal(door.mayReach(url), false, url);
      assert.deepEqual(door.outboundHeaders(url), {}, url);
    }
  });
});
