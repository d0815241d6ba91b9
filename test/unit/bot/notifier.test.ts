import assert from "node:assert/strict";
import { createAddresses } from "../../../src/bot/addresses.ts";
import type { Outgoing } from "../../../src/bot/message.ts";
import { createNotifier } from "../../../src/bot/notifier.ts";
import type { SurfaceRow } from "../../../src/bot/surface-store.ts";
import { createTransport } from "../../../src/bot/transport.ts";
import { ConnectorRefused } from "../../../src/bot/connector-client.ts";
import { DrillbookError } from "../../../src/errors.ts";
import { approveBoth, world } from "../../fakes/drill-world.ts";
import { bea, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const where = { id: "19:a", reference: { serviceUrl: "https://x/", channelId: "msteams", bot: { id: "b", name: "B" }, conversation: { id: "19:a", isGroup: true } } };

describe("what is shown while Teams is away", () => {
  it("is the last state, in order and once, after an hour of refusals", async () => {
    const w = world(["one", "two", "three", "four"].map((id) => manual(id)));
    const rows = new Map<string, SurfaceRow>();
    const arrived: { readonly method: string; readonly id: string; readonly words: string }[] = [];
    let away = true;
    let tried = 0;
    const take = (method: string, id: string, message: { summary?: string | undefined }): string => {
      tried += 1;
      if (away) throw new ConnectorRefused(429, null);
      arrived.push({ method, id, words: message.summary ?? "" });
      return id;
    };
    const adapter = {
      post: async (_: unknown, message: object) => take("POST", `m${arrived.length + 1}`, message),
      put: async (_: unknown, message: object) => void take("PUT", "id" in message ? String(message.id) : "", message),
      members: async () => ({ members: [], next: undefined }),
    };
    const transport = createTransport(adapter, { mayReach: () => true }, {
      now: () => w.clock.now().getTime(),
      wait: (ms) => new Promise<void>((resolve) => void w.clock.after(ms, resolve)),
    });
    const notifier = createNotifier({
      runner: w.runner,
      mine: () => true,
      transport: { send: (_, message: Outgoing) => transport.send(where, message), update: (_, id, message) => transport.update(where, id, message) },
      surfaces: {
        surfaces: async () => [...rows.values()],
        putSurface: async (row) => void rows.set(row.surface, row),
        shownUpTo: async () => undefined,
      },
      addresses: createAddresses(),
      blobs: w.store,
      clock: w.clock.now,
      editEveryMs: 2_000,
      after: w.clock.after,
      transcriptUrl: () => null,
      onFault: () => undefined,
    });
    const drill = await w.launch();
    for (const step of ["one", "two", "three"]) {
      await w.clock.advance(15 * 60_000);
      const { refused } = await w.give(drill, olivia, { type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] });
      assert.equal(refused, null);
    }
    await w.clock.advance(15 * 60_000);
    assert.deepEqual(arrived, []);
    assert.ok(tried <= 3_600 / 10 + 10, `${tried} tries in an hour`);

    away = false;
    await w.clock.advance(30_000);
    assert.equal(rows.get("live")?.state, "shown");
    const posts = arrived.filter(({ method }) => method === "POST").map(({ words }) => words);
    assert.equal(posts.length, 5, posts.join("\n---\n"));
    assert.match(posts[0] ?? "", /Step 4 of 4/u);
    ["one", "two", "three"].forEach((step, n) => assert.match(posts[n + 1] ?? "", new RegExp(`${step}[^]*done`, "u")));
    assert.match(posts[4] ?? "", /four/u);
    await notifier.stop();
  });
});

describe("a card that was posted", () => {
  it("is never posted again under its number because the store failed to keep that it was", async () => {
    const w = world();
    const rows = new Map<string, SurfaceRow>();
    const sent: { readonly surface: string; readonly generation: number }[] = [];
    let failures = 1;
    const notifier = createNotifier({
      runner: w.runner,
      mine: () => true,
      transport: {
        send: async (_, { card }) => {
          const { surface, generation } = (card as unknown as { refresh: { action: { data: { surface: string; generation: number } } } }).refresh.action.data;
          return { messageId: `m${sent.push({ surface, generation })}` };
        },
        update: async () => undefined,
      },
      surfaces: {
        surfaces: async () => [...rows.values()],
        putSurface: async (row) => {
          if (row.state === "shown" && failures-- > 0) throw new DrillbookError("store-busy", "the disk is full", "");
          rows.set(row.surface, row);
        },
        shownUpTo: async () => undefined,
      },
      addresses: createAddresses([["account/amir", { id: "29:amir", reference: null }]]), blobs: w.store, clock: w.clock.now, editEveryMs: 2_000, after: w.clock.after, transcriptUrl: () => null, onFault: () => undefined,
    });
    await w.launch();
    await w.clock.advance(60_000);
    const first = sent[0]?.surface ?? "";
    assert.deepEqual(sent.filter(({ surface }) => surface === first).map(({ generation }) => generation), [1, 2]);
    assert.equal(rows.get(first)?.generation, 2);
    await notifier.stop();
  });
});

describe("what approvers are sent in person", () => {
  const personalChat = (id: string) => ({ id, reference: { conversation: { id, isGroup: false, conversationType: "personal" } } });

  it("is a card of their own, kept up to date; when Teams refuses it, the drill's chat is told once", async () => {
    const w = world();
    const rows = new Map<string, SurfaceRow>();
    const sent: { readonly to: string; readonly text: string }[] = [];
    const kept: string[] = [];
    const addresses = createAddresses([["amir", personalChat("a:amir")]], { keep: (person) => void kept.push(person), drop: () => undefined, read: async () => [], now: () => 0 });
    for (const person of [bea, bea, olivia]) addresses.learn({ person, conversation: personalChat(`a:${person.id}`) });
    addresses.learn({ person: ravi, conversation: where });
    assert.deepEqual(kept, ["bea", "olivia"]);
    const say = async (to: string, text: string): Promise<{ messageId: string }> => {
      if (to === "a:bea") throw new DrillbookError("not-allowed", "blocked", "");
      sent.push({ to, text });
      return { messageId: `m${sent.length}` };
    };
    const notifier = createNotifier({
      runner: w.runner,
      mine: () => true,
      transport: { send: ({ id }, { text }) => say(id, text), update: async ({ id }, _, { text }) => void (await say(id, text)) },
      surfaces: { surfaces: async () => [...rows.values()], putSurface: async (row) => void rows.set(row.surface, row), shownUpTo: async () => undefined },
      addresses, blobs: w.store, clock: w.clock.now, editEveryMs: 2_000, after: w.clock.after, transcriptUrl: () => null, onFault: () => undefined,
    });
    const drill = await w.launch();
    await w.clock.advance(10_000);
    const to = (id: string) => sent.filter((s) => s.to === id).map((s) => s.text);
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
    const sent: string[] = [];
    const rows = new Map<string, SurfaceRow>();
    const addresses = createAddresses();
    addresses.list("19:a", [{ person: "amir", account: "29:amir" }, { person: "olivia", account: "29:olivia" }]);
    const notifier = createNotifier({
      runner: w.runner,
      mine: () => true,
      transport: { send: async (_, { text }) => ({ messageId: `m${sent.push(text)}` }), update: async () => undefined },
      surfaces: { surfaces: async () => [...rows.values()], putSurface: async (row) => void rows.set(row.surface, row), shownUpTo: async () => undefined },
      addresses, blobs: w.store, clock: w.clock.now, editEveryMs: 2_000, after: w.clock.after, transcriptUrl: () => null, onFault: () => undefined,
    });
    await w.launch("rehearsal", { conversation: where });
    await w.clock.advance(10 * 60_000);
    const told = sent.filter((text) => text.includes("nothing tells them"));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /^Bea Lind is asked, but is not in this chat/u);
    await notifier.stop();
  });

  it("is word that the drill's own chat cannot be reached, once, to whoever performs it", async () => {
    const w = world([manual("look")]);
    const sent: { readonly to: string; readonly text: string }[] = [];
    const addresses = createAddresses([["olivia", personalChat("a:olivia")], ["ravi", personalChat("a:ravi")]]);
    const rows = new Map<string, SurfaceRow>();
    const notifier = createNotifier({
      runner: w.runner,
      transport: {
        send: async ({ id }, { text }) => {
          if (!id.startsWith("a:")) throw new DrillbookError("not-allowed", "not in the roster", "");
          sent.push({ to: id, text });
          return { messageId: "m" };
        },
        update: async () => undefined,
      },
      surfaces: { surfaces: async () => [...rows.values()], putSurface: async (row) => void rows.set(row.surface, row), shownUpTo: async () => undefined },
      mine: () => true, addresses, blobs: w.store, clock: w.clock.now, editEveryMs: 2_000, after: w.clock.after, transcriptUrl: () => null, onFault: () => undefined,
    });
    await w.launch();
    await w.clock.advance(10 * 60_000);
    assert.deepEqual(sent.map(({ to }) => to), ["a:olivia"]);
    assert.match(sent[0]?.text ?? "", /does not take messages for the chat of PAY-0001/u);
    await notifier.stop();
  });
});

describe("a warning about Drillbook itself", () => {
  it("stands on the live card as soon as there is one, on no other card, and goes again", async () => {
    const w = world([manual("one")]);
    const rows = new Map<string, SurfaceRow>();
    const shown = new Map<string, string>();
    let warning: string | null = null;
    const notifier = createNotifier({
      runner: w.runner,
      mine: () => true,
      transport: {
        send: async (_, message: Outgoing) => {
          const messageId = `m${shown.size + 1}`;
          shown.set(messageId, message.text);
          return { messageId };
        },
        update: async (_, id, message) => void shown.set(id, message.text),
      },
      surfaces: { surfaces: async () => [...rows.values()], putSurface: async (row) => void rows.set(row.surface, row), shownUpTo: async () => undefined },
      addresses: createAddresses(),
      blobs: w.store,
      clock: w.clock.now,
      editEveryMs: 2_000,
      after: w.clock.after,
      transcriptUrl: () => null,
      warning: () => warning,
      onFault: () => undefined,
    });
    await w.launch();
    await w.clock.advance(5_000);
    const warned = (): readonly boolean[] => [...shown.values()].map((text) => text.includes("not been signed"));
    assert.deepEqual(warned(), [false, false]);
    warning = "The evidence has not been signed since 09:01 UTC.";
    notifier.again();
    await w.clock.advance(3_000);
    assert.deepEqual(warned().toSorted(), [false, true]);
    assert.match(shown.get(rows.get("live")?.messageId ?? "") ?? "", /not been signed/);
    warning = null;
    notifier.again();
    await w.clock.advance(3_000);
    assert.deepEqual(warned(), [false, false]);
    await notifier.stop();
  });
});
