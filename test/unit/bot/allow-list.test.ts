import assert from "node:assert/strict";
import { ConnectorForbidden, createConnectorClient } from "../../../src/bot/connector-client.ts";
import type { ConnectorClient } from "../../../src/bot/connector-client.ts";
import { createTransport } from "../../../src/bot/transport.ts";

/** Two fences, one behind the other: each has to hold when the other one is down. */
describe("an address that is on no list", () => {
  it("is refused by the transport before the SDK makes a token for it", async () => {
    let asked = 0;
    const adapter = { post: async () => ((asked += 1), "id"), put: async () => void (asked += 1), members: async () => ((asked += 1), { members: [], next: undefined }), openChat: async () => ((asked += 1), "a:1") };
    const transport = createTransport(adapter, { mayReach: () => false });
    const reference = { serviceUrl: "https://evil.example/", channelId: "msteams", bot: { id: "b", name: "B" }, conversation: { id: "c", isGroup: false, tenantId: "t" } };
    const conversation = { id: "c", reference };
    await assert.rejects(transport.send(conversation, { text: "x", card: null }), { code: "not-allowed" });
    await assert.rejects(transport.update(conversation, "m", { text: "x", card: null }), { code: "not-allowed" });
    await assert.rejects(transport.members(conversation), { code: "not-allowed" });
    await assert.rejects(transport.openChat(conversation, "29:amir"), { code: "not-allowed" });
    assert.equal(asked, 0);
  });

  it("is refused by the HTTP client before a socket is opened", async () => {
    const client = createConnectorClient({ mayReach: () => false, outboundHeaders: () => ({}) }, 1000);
    const request = { url: "https://evil.example/" } as Parameters<ConnectorClient["sendRequest"]>[0];
    await assert.rejects(client.sendRequest(request), ConnectorForbidden);
  });
});
