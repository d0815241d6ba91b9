import assert from "node:assert/strict";
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

  it("leaves whoever took the app away unreached, until they come back", () => {
    const addresses = createAddresses([["olivia", chat("before")]]);
    addresses.forget("olivia");
    addresses.add([["olivia", chat("before")]]);
    assert.equal(addresses.personal("olivia"), null);
    addresses.learn({ person, conversation: chat("again") });
    assert.equal(addresses.personal("olivia")?.id, "again");
  });
});
