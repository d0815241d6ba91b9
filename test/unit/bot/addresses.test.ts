import assert from "node:assert/strict";
import type { Conversation } from "../../../src/bot/message.ts";
import { createAddresses } from "../../../src/bot/addresses.ts";

const person = { id: "olivia", name: "Olivia Okafor" };
const chat = (id: string) => ({ id, reference: { conversation: { id, conversationType: "personal" } } });

describe("where people are reached", () => {
  it("takes over what another replica heard, and keeps what was heard here", () => {
    const addresses = createAddresses();
    addresses.learn({ person, conversation: chat("here"), account: "29:here" });
    addresses.add([["olivia", chat("there")], ["account/olivia", { id: "29:there", reference: null }], ["amir", chat("amir's")], ["account/amir", { id: "29:amir", reference: null }]]);
    assert.deepEqual(["olivia", "amir"].map((id) => [addresses.personal(id)?.id, addresses.account(id)]), [["here", "29:here"], ["amir's", "29:amir"]]);
  });

  it("knows of which tenant somebody is by the channel's own list alone, also after a restart", () => {
    const stored = new Map<string, Conversation>();
    const keeping = { keep: (key: string, at: Conversation) => void stored.set(key, at), drop: () => undefined, read: async () => [], now: () => 0 };
    const addresses = createAddresses([], keeping);
    const inChat = { id: "19:a", reference: { conversation: { id: "19:a", conversationType: "groupChat", tenantId: "contoso" } } };
    addresses.learn({ person, conversation: inChat, account: "29:o" });
    assert.deepEqual([addresses.account("olivia"), addresses.accountIn("contoso", "olivia")], ["29:o", null], "whoever writes says nothing of it");
    assert.equal(addresses.list("19:a", [{ person: "olivia", account: "29:o", tenant: "Contoso" }]), true);
    assert.equal(addresses.list("19:a", [{ person: "olivia", account: "29:o", tenant: "Contoso" }]), false);
    addresses.learn({ person, conversation: inChat, account: "29:o" });
    for (const known of [addresses, createAddresses([...stored], keeping)]) {
      assert.deepEqual([known.accountIn("contoso", "olivia"), known.accountIn("fabrikam", "olivia"), known.accountIn("", "olivia")], ["29:o", null, null]);
    }
  });

  it("stores an address again that is heard again, once a minute: another process may have dropped it", () => {
    let now = 0;
    const kept: number[] = [];
    const addresses = createAddresses([["olivia", chat("a:1")]], { keep: () => void kept.push(now), drop: () => undefined, read: async () => [], now: () => now });
    for (now = 0; now < 150_000; now += 10_000) addresses.learn({ person, conversation: chat("a:1") });
    assert.deepEqual(kept, [0, 60_000, 120_000]);
  });

  it("keeps an address that was learned since another one took nothing any more", () => {
    const addresses = createAddresses([["olivia", chat("a:2")]]);
    addresses.forget("olivia", chat("a:1"));
    assert.equal(addresses.personal("olivia")?.id, "a:2");
    addresses.forget("olivia", chat("a:2"));
    assert.equal(addresses.personal("olivia"), null);
  });

  it("leaves whoever took the app away unreached, until they come back", () => {
    const addresses = createAddresses([["olivia", chat("before")]]);
    addresses.forget("olivia");
    addresses.add([["olivia", chat("before")]]);
    assert.equal(addresses.personal("olivia"), null);
    addresses.learn({ person, conversation: chat("again") });
    assert.equal(addresses.personal("olivia")?.id, "again");
  });
});
