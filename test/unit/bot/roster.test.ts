import assert from "node:assert/strict";
import { createAddresses, type AddressKeeping } from "../../../src/bot/addresses.ts";
import type { Conversation } from "../../../src/bot/message.ts";
import { createRoster } from "../../../src/bot/roster.ts";

const chat: Conversation = { id: "19:a;messageid=1", reference: { conversation: { id: "19:a;messageid=1", conversationType: "channel" } } };
const inPerson: Conversation = { id: "a:1", reference: { conversation: { id: "a:1", conversationType: "personal" } } };
const minute = 60_000;

describe("who is in a chat", () => {
  it("is asked once in half an hour, never of a chat of two, and sooner again after a refusal", async () => {
    let now = 0;
    let refuse = false;
    const asked: string[] = [];
    const faults: unknown[] = [];
    let met = 0;
    const addresses = createAddresses();
    const members = async ({ id }: Conversation) => {
      asked.push(id);
      if (refuse) throw new Error("403");
      return [{ person: "amir", account: "29:amir" }];
    };
    const roster = createRoster({ transport: { members }, addresses, now: () => now, onMet: () => void (met += 1), onFault: (_, fault) => faults.push(fault) });
    await roster.look(inPerson);
    assert.deepEqual(asked, []);
    assert.equal(addresses.isIn(chat.id, "amir"), null, "not known is not absent");
    await Promise.all([roster.look(chat), roster.look({ ...chat, id: "19:a;messageid=2" })]);
    assert.equal(asked.length, 1, "threads of one channel");
    assert.deepEqual([addresses.isIn("19:a", "amir"), addresses.isIn(chat.id, "bea"), addresses.account("amir"), addresses.personOf("29:amir"), addresses.heardIn("19:a")], [true, false, "29:amir", "amir", ["amir"]]);
    now = 31 * minute;
    refuse = true;
    await roster.look(chat);
    await roster.look(chat);
    assert.deepEqual([asked.length, faults.length, met], [2, 1, 1]);
    assert.equal(addresses.isIn(chat.id, "amir"), true, "what was known stays");
    now += 6 * minute;
    await roster.look(chat);
    assert.equal(asked.length, 3);
  });
});

describe("an address that another replica stored later", () => {
  const stored = new Map<string, Conversation>();
  const reads: (readonly string[])[] = [];
  let now = 0;
  const keeping: AddressKeeping = {
    keep: (key, conversation) => void stored.set(key, conversation),
    drop: (key) => void stored.delete(key),
    read: async (people = []) => (reads.push(people), people.flatMap((key) => (stored.has(key) ? [[key, stored.get(key)!] as const] : []))),
    now: () => now,
  };

  it("is found when it is needed, and what is not there is not asked for at every turn", async () => {
    const here = createAddresses([], keeping);
    await here.lookUp(["amir", "bea", "amir"]);
    assert.equal(here.personal("amir"), null);
    const there = createAddresses([], keeping);
    there.learn({ conversation: inPerson, person: { id: "amir", name: "Amir" }, account: "29:amir" });
    await here.lookUp(["amir"]);
    assert.equal(here.personal("amir"), null, "not yet again");
    now = 20_000;
    await here.lookUp(["amir"]);
    assert.deepEqual([here.personal("amir")?.id, here.account("amir")], ["a:1", "29:amir"]);
    const asked = reads.length;
    now = 90_000;
    await here.lookUp(["amir"]);
    assert.equal(reads.length, asked, "who is known is not asked for");
  });

  it("is found again by whoever lost it, once the person came back by way of another replica", async () => {
    now = 100_000;
    const here = createAddresses([...stored], keeping);
    const there = createAddresses([...stored], keeping);
    here.forget("amir", inPerson);
    assert.equal(stored.has("amir"), false);
    await here.lookUp(["amir"]);
    assert.equal(here.personal("amir"), null);
    now = 170_000;
    there.learn({ conversation: inPerson, person: { id: "amir", name: "Amir" } });
    await here.lookUp(["amir"]);
    assert.equal(here.personal("amir")?.id, "a:1");
    now = 190_000;
  });

  it("is gone everywhere once the app was taken away", async () => {
    const here = createAddresses([...stored], keeping);
    here.forget("amir");
    now = 200_000;
    await here.lookUp(["amir"]);
    assert.equal(here.personal("amir"), null);
    assert.equal(createAddresses([...stored], keeping).personal("amir"), null);
  });
});
