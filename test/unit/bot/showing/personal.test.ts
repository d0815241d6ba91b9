import assert from "node:assert/strict";
import { createAddresses, type AddressKeeping } from "../../../../src/bot/addresses.ts";
import type { Conversation } from "../../../../src/bot/message.ts";
import { DrillbookError } from "../../../../src/errors.ts";
import { approveBoth, world } from "../../../fakes/drill-world.ts";
import { action, amir, approval, bea, manual, olivia, ravi } from "../../../fakes/runbooks.ts";
import { chats, personalChat, showing, where } from "../../../fakes/showing.ts";

describe("what approvers are sent in person", () => {
  it("is a card of their own, kept up to date; when Teams refuses it, the drill's chat is told once", async () => {
    const w = world();
    const kept: string[] = [];
    const addresses = createAddresses([["amir", personalChat("a:amir")]], { keep: (person) => void kept.push(person), drop: () => undefined, read: async () => [], now: () => 0 });
    for (const person of [bea, bea, olivia]) addresses.learn({ person, conversation: personalChat(`a:${person.id}`) });
    addresses.learn({ person: ravi, conversation: where });
    assert.deepEqual(kept, ["bea", "olivia"]);
    const { transport, to } = chats((id) => {
      if (id === "a:bea") throw new DrillbookError("not-allowed", "blocked", "");
    });
    const { notifier } = showing(w, { transport, addresses });
    const drill = await w.launch();
    await w.clock.advance(10_000);
    assert.match(to("a:amir")[0] ?? "", /approval code [A-Z0-9]{4}/u);
    assert.deepEqual(to("a:olivia"), [], "whoever launched it is not asked");
    const shownCards = (await w.store.read(drill)).flatMap(({ event }) => (event.type === "approval.shown" ? [event.card] : []));
    const card = JSON.parse(Buffer.from((await w.store.blob(shownCards[0] ?? "")) ?? []).toString("utf8")) as { readonly body: unknown; readonly refresh?: unknown };
    assert.ok(card.body !== undefined && card.refresh === undefined, "the card as it was shown, without the accounts that Teams refreshes it for");
    const told = to("").filter((text) => text.includes("could not be reached"));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /Bea Lind/u);
    await approveBoth(w, drill);
    await w.clock.advance(10 * 60_000);
    assert.match(to("a:amir").at(-1) ?? "", /done/u);
    assert.equal(to("").filter((text) => text.includes("could not be reached")).length, 1);
    await notifier.stop();
  });

  it("is said of an approver whom nothing tells: not in the chat by the channel's own list, and never heard in person", async () => {
    const w = world();
    const { transport, sent } = chats();
    const addresses = createAddresses();
    addresses.list("19:a", [{ person: "amir", account: "29:amir" }, { person: "olivia", account: "29:olivia" }]);
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10 * 60_000);
    const told = sent.filter(({ text }) => text.includes("Nothing tells"));
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? "", /^Approve approve: Nothing tells Bea Lind: they are asked, but are not in this chat/u);
    await notifier.stop();
  });

  it("is word that the drill's own chat cannot be reached, once, to whoever performs it", async () => {
    const w = world([manual("look")]);
    const addresses = createAddresses([["olivia", personalChat("a:olivia")], ["ravi", personalChat("a:ravi")]]);
    const { transport, sent } = chats((id) => {
      if (!id.startsWith("a:")) throw new DrillbookError("not-allowed", "not in the roster", "");
    });
    const { notifier } = showing(w, { transport, addresses });
    await w.launch();
    await w.clock.advance(10 * 60_000);
    assert.deepEqual(sent.map(({ to }) => to), ["a:olivia"]);
    assert.match(sent[0]?.text ?? "", /does not take messages for the chat of PAY-0001/u);
    await notifier.stop();
  });
});

const blocked = (): never => {
  throw new DrillbookError("not-allowed", "the app is not installed", "");
};
const inChat = (...people: readonly string[]) => people.map((person) => ({ person, account: `29:${person}`, tenant: "contoso" }));
const minute = 60_000;

describe("the chat of somebody who never wrote to the bot", () => {
  it("is opened for those who are asked, from the channel's own list, and for nobody else", async () => {
    const w = world();
    const kept: string[] = [];
    const addresses = createAddresses([], { keep: (key, { id }) => void kept.push(`${key} ${id}`), drop: () => undefined, read: async () => [], now: () => 0 });
    addresses.list(where.id, [...inChat("olivia", "amir", "stranger"), { person: "bea", account: "29:bea", tenant: "fabrikam" }]);
    kept.length = 0;
    const { transport, opened, to } = chats();
    const { notifier } = showing(w, { transport, addresses });
    const drill = await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10_000);
    assert.deepEqual(opened, ["29:amir"], "not the stranger, not somebody of another tenant, not the operator");
    assert.match(to("a:amir")[0] ?? "", /approval code [A-Z0-9]{4}/u);
    assert.deepEqual(kept, ["amir a:amir"]);
    await approveBoth(w, drill);
    await w.clock.advance(10 * minute);
    assert.match(to("a:amir").at(-1) ?? "", /done/u);
    assert.equal(opened.length, 1, "an address that is known is used");
    await notifier.stop();
  });

  it("is opened for whoever an escalation names", async () => {
    const w = world([manual("look", { timeoutMs: 10 * minute, escalate: "reviewer" })]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia", "ravi"));
    const { transport, opened, to } = chats();
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(9 * minute);
    assert.deepEqual(opened, []);
    await w.clock.advance(2 * minute);
    assert.deepEqual(opened, ["29:ravi"]);
    assert.match(to("a:ravi")[0] ?? "", /Do look/u);
    await notifier.stop();
  });

  it("is not opened where the drill's own conversation names no tenant", async () => {
    const w = world();
    const addresses = createAddresses();
    addresses.list(where.id, inChat("amir", "bea"));
    const { transport, opened } = chats();
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: { ...where, reference: { ...where.reference, conversation: { id: where.id, isGroup: true } } } });
    await w.clock.advance(10 * minute);
    assert.deepEqual(opened, []);
    await notifier.stop();
  });

  it("stays shut where the app is not installed: the drill's chat is told once, and it is tried again an hour later", async () => {
    const w = world([approval("approve", { expiresMs: 300 * minute }), action("failover")]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia", "amir", "bea"));
    const { transport, opened, to } = chats((id) => {
      if (id === "29:bea") blocked();
    });
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(50 * minute);
    assert.deepEqual(opened, ["29:amir", "29:bea"]);
    const told = () => to(where.id).filter((text) => text.includes("could not be reached in person"));
    assert.equal(told().length, 1);
    assert.match(told()[0] ?? "", /^Approve approve: Bea Lind could not be reached/u);
    await w.clock.advance(15 * minute);
    assert.deepEqual(opened, ["29:amir", "29:bea", "29:bea"]);
    assert.equal(told().length, 1);
    await notifier.stop();
  });

  it("is not asked for again at once when nobody knows whether it was opened; the word about it is taken back once it was", async () => {
    const w = world([approval("approve", { expiresMs: 300 * minute }), action("failover")]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia", "amir"));
    let silent = true;
    const { transport, opened, to, shown } = chats((id) => {
      if (id === "29:amir" && silent) throw new DrillbookError("outcome-unknown", "silence", "");
    });
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(50_000);
    assert.deepEqual(opened, ["29:amir"]);
    assert.equal(to("a:amir").length, 0);
    assert.ok([...shown.values()].some((text) => text.includes("Amir Haddad could not be reached in person")));
    silent = false;
    addresses.list(where.id, inChat("olivia", "amir", "bea"));
    await w.clock.advance(3 * minute);
    assert.equal(opened.filter((account) => account === "29:amir").length, 2);
    assert.match(to("a:amir")[0] ?? "", /approval code/u);
    assert.ok([...shown.values()].some((text) => text === "Approve approve: everybody who is asked has been reached since."));
    assert.ok(![...shown.values()].some((text) => text.includes("could not be reached in person")));
    await notifier.stop();
  });

  for (const [what, refusesAt] of [["opening it", "29:bea"], ["what is sent there", "a:bea"]] as const) {
    it(`is word for the drill's chat when Teams asks for patience for a minute, for ${what}; it is tried on, and the word taken back`, async () => {
      const w = world([approval("approve", { expiresMs: 300 * minute }), action("failover")]);
      const addresses = createAddresses();
      addresses.list(where.id, inChat("olivia", "amir", "bea"));
      let busy = true;
      const { transport, to, shown } = chats((id) => {
        if (id === refusesAt && busy) throw new DrillbookError("not-now", "Teams answered 429.", "");
      });
      const { notifier } = showing(w, { transport, addresses });
      await w.launch("rehearsal", { conversation: where });
      await w.clock.advance(30_000);
      assert.match(to("a:amir")[0] ?? "", /approval code/u);
      const told = () => to(where.id).filter((text) => text.includes("could not be reached in person"));
      assert.equal(told().length, 0, "a moment is no news");
      await w.clock.advance(20 * minute);
      assert.equal(told().length, 1);
      assert.match(told()[0] ?? "", /^Approve approve: Bea Lind could not be reached/u);
      busy = false;
      await w.clock.advance(minute);
      assert.match(to("a:bea")[0] ?? "", /approval code/u);
      assert.ok(![...shown.values()].some((text) => text.includes("could not be reached in person")));
      await notifier.stop();
    });
  }

  it("is opened when the address that was known is an old one, which is forgotten", async () => {
    const w = world();
    const dropped: (readonly [string, string | undefined])[] = [];
    const addresses = createAddresses([["amir", personalChat("a:before")]], { keep: () => undefined, drop: (person, at) => void dropped.push([person, at?.id]), read: async () => [], now: () => 0 });
    addresses.list(where.id, inChat("olivia", "amir", "bea"));
    const { transport, to } = chats((id) => {
      if (id === "a:before") throw new DrillbookError("not-found", "gone", "");
    });
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10_000);
    assert.match(to("a:amir")[0] ?? "", /approval code/u);
    assert.deepEqual(dropped, [["amir", "a:before"]]);
    assert.equal(to(where.id).filter((text) => text.includes("reached")).length, 0);
    await notifier.stop();
  });

  it("does not go round in circles where it opens and then takes nothing", async () => {
    const w = world([approval("approve", { expiresMs: 300 * minute }), action("failover")]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia", "amir", "bea"));
    let tried = 0;
    const { transport, opened, to } = chats((id) => {
      if (id !== "a:bea") return;
      tried += 1;
      blocked();
    });
    const { notifier } = showing(w, { transport, addresses });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(50 * minute);
    assert.deepEqual([tried, opened], [1, ["29:amir", "29:bea", "29:bea"]]);
    assert.equal(to(where.id).filter((text) => text.includes("could not be reached")).length, 1);
    await notifier.stop();
  });
});

describe("whom no card reaches", () => {
  it("is said in one message, again when somebody else is asked in vain, and once more when the step is asked anew", async () => {
    const w = world([approval("approve", { expiresMs: 30 * minute, escalate: "reviewer" }), action("failover")]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia"));
    const { transport, to } = chats();
    const { notifier } = showing(w, { transport, addresses });
    const drill = await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(20 * minute);
    const told = () => to(where.id).filter((text) => text.includes("Nothing tells")).map((text) => /tells (.*?):/u.exec(text)?.[1]);
    assert.deepEqual(told(), ["Amir Haddad and Bea Lind"]);
    await w.clock.advance(15 * minute);
    assert.deepEqual(told(), ["Amir Haddad and Bea Lind", "Ravi Menon"], "the approval expired: who is told of it cannot be reached either");
    assert.equal((await w.give(drill, olivia, { type: "retry", step: "approve", round: 1, reason: "called them" })).refused, null);
    await w.clock.advance(5 * minute);
    assert.deepEqual(told().slice(2), ["Amir Haddad, Bea Lind and Ravi Menon"]);
    await notifier.stop();
  });

  it("does not hold up the card of the next", async () => {
    const w = world();
    const addresses = createAddresses([["amir", personalChat("a:amir")], ["bea", personalChat("a:bea")]]);
    const { transport, shown, to } = chats((id) => {
      if (id === "a:amir") throw new DrillbookError("not-now", "429", "");
    });
    const { notifier } = showing(w, { transport, addresses, editEveryMs: 2_000 });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(5_000);
    assert.ok(to("a:bea").length > 0);
    assert.equal([...shown.values()].filter((text) => text.includes("your approval is asked")).length, 2, "the chat's and hers, each edited as its time runs");
    assert.equal(to(where.id).filter((text) => text.includes("reached")).length, 0, "it is tried again");
    await notifier.stop();
  });
});

describe("somebody who comes back", () => {
  const stored = (): AddressKeeping & { readonly all: Map<string, Conversation> } => {
    const all = new Map<string, Conversation>();
    return { all, keep: (key, at) => void all.set(key, at), drop: (key) => void all.delete(key), read: async () => [...all], now: () => 0 };
  };

  it("gets the card of what still waits for them, and the one that could not be edited counts no more", async () => {
    const w = world([approval("first"), approval("second", { expiresMs: 300 * minute }), action("failover")]);
    const store = stored();
    const addresses = createAddresses([["bea", personalChat("a:bea")], ["amir", personalChat("a:amir")]], store);
    let isBlocked = true;
    const { transport, to } = chats((id) => {
      if (id === "a:bea" && isBlocked) blocked();
    });
    const { notifier, rows } = showing(w, { transport, addresses });
    const drill = await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10_000);
    for (const by of [amir, bea]) {
      const code = (await w.state(drill)).steps[0]?.approval?.code ?? "";
      assert.equal((await w.give(drill, by, { type: "decide", step: "first", round: 1, decision: "approve", code, reason: "" })).refused, null);
    }
    await w.clock.advance(10 * minute);
    assert.deepEqual(to("a:bea"), []);
    isBlocked = false;
    assert.equal(addresses.learn({ person: bea, conversation: personalChat("a:bea") }), true);
    notifier.again();
    await w.clock.advance(5_000);
    assert.equal(to("a:bea").length, 1, "of the step that waits, not of the one that is over");
    assert.match(to("a:bea")[0] ?? "", /Approve second/u);
    assert.equal(rows.get("personal:bea:step:second")?.state, "shown");

    isBlocked = true;
    addresses.forget("bea", personalChat("a:bea"));
    await w.clock.advance(2 * minute);
    isBlocked = false;
    addresses.learn({ person: bea, conversation: personalChat("a:bea") });
    notifier.again();
    await w.clock.advance(5_000);
    assert.equal(rows.get("personal:bea:step:second")?.generation, 2, "the first card's buttons are refused");
    await notifier.stop();
  });

  it("gets it also after a restart", async () => {
    const w = world([approval("approve", { expiresMs: 300 * minute }), action("failover")]);
    const store = stored();
    store.keep("bea", personalChat("a:bea"));
    let isBlocked = true;
    const { transport, to } = chats((id) => {
      if (id === "a:bea" && isBlocked) blocked();
    });
    const before = showing(w, { transport, addresses: createAddresses([...store.all], store) });
    const drill = await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10 * minute);
    await before.notifier.stop();
    assert.deepEqual([...store.all], [], "what Teams refuses is no address");

    isBlocked = false;
    const addresses = createAddresses([...store.all], store);
    const { notifier, rows } = showing(w, { transport, addresses }, before.rows);
    await notifier.catchUp([drill]);
    await w.clock.advance(5 * minute);
    assert.deepEqual(to("a:bea"), []);
    assert.equal(to(where.id).filter((text) => text.includes("Bea Lind could not be reached")).length, 1, "told before the restart");
    addresses.learn({ person: bea, conversation: personalChat("a:bea") });
    notifier.again();
    await w.clock.advance(5_000);
    assert.equal(to("a:bea").length, 1);
    assert.equal(rows.get("personal:bea:step:approve")?.state, "shown");
    await notifier.stop();
  });

  it("gets nothing of a drill that has ended, and nothing waits for them any more", async () => {
    const w = world([approval("approve"), action("failover")]);
    const addresses = createAddresses();
    addresses.list(where.id, inChat("olivia"));
    const { transport, to } = chats();
    const { notifier, rows } = showing(w, { transport, addresses });
    const drill = await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10_000);
    assert.equal(rows.get("personal:bea:step:approve")?.state, "wanted");
    assert.equal((await w.give(drill, olivia, { type: "abort", reason: "enough" })).refused, null);
    await w.clock.advance(10_000);
    assert.equal((await w.state(drill)).status, "ended");
    assert.equal(rows.get("personal:bea:step:approve")?.state, "retired");
    addresses.learn({ person: bea, conversation: personalChat("a:bea") });
    notifier.again();
    await w.clock.advance(minute);
    assert.deepEqual(to("a:bea"), []);
    await notifier.stop();
  });
});
