import assert from "node:assert/strict";
import { createAddresses } from "../../../src/bot/addresses.ts";
import type { Outgoing } from "../../../src/bot/message.ts";
import { createTransport } from "../../../src/bot/transport.ts";
import { ConnectorRefused } from "../../../src/bot/connector-client.ts";
import { DrillbookError } from "../../../src/errors.ts";
import type { CardJson } from "../../../src/dialogs/card.ts";
import { createChat } from "../../../src/bot/commands/chat.ts";
import type { Launching } from "../../../src/bot/commands/launching.ts";
import type { SurfaceRow, SurfaceStore } from "../../../src/bot/surface-store.ts";
import { universal } from "../../../src/texts/reader.ts";
import { codeOfStep, world } from "../../fakes/drill-world.ts";
import { amir, approval, bea, manual, olivia } from "../../fakes/runbooks.ts";
import { chats, personalChat, showing, where } from "../../fakes/showing.ts";

describe("what is shown while Teams is away", () => {
  it("is the last state, in order and once, after an hour of refusals", async () => {
    const w = world(["one", "two", "three", "four"].map((id) => manual(id)));
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
      openChat: async () => "a:1",
    };
    const transport = createTransport(adapter, { mayReach: () => true }, {
      now: () => w.clock.now().getTime(),
      wait: (ms) => new Promise<void>((resolve) => void w.clock.after(ms, resolve)),
    });
    const { notifier, rows } = showing(w, { transport: { ...transport, send: (_, message: Outgoing) => transport.send(where, message), update: (_, id, message) => transport.update(where, id, message) } });
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
    const sent: { readonly surface: string; readonly generation: number }[] = [];
    let failures = 1;
    const { transport } = chats();
    const { notifier, rows } = showing(w, {
      transport: {
        ...transport,
        send: async (_, { card }) => {
          const { surface, generation } = (card as unknown as { refresh: { action: { data: { surface: string; generation: number } } } }).refresh.action.data;
          return { messageId: `m${sent.push({ surface, generation })}` };
        },
        update: async () => undefined,
      },
      addresses: createAddresses([["account/amir", { id: "29:amir", reference: null }]]),
      keep: (row) => {
        if (row.state === "shown" && failures-- > 0) throw new DrillbookError("store-busy", "the disk is full", "");
      },
    });
    await w.launch();
    await w.clock.advance(60_000);
    const first = sent[0]?.surface ?? "";
    assert.deepEqual(sent.filter(({ surface }) => surface === first).map(({ generation }) => generation), [1, 2]);
    assert.equal(rows.get(first)?.generation, 2);
    await notifier.stop();
  });
});

describe("a card of which no answer says whether it was posted", () => {
  it("is posted under the next number, so that the buttons of the other count no more", async () => {
    const w = world();
    const stamps: { readonly surface: string; readonly generation: number }[] = [];
    const { transport } = chats();
    const { notifier, rows } = showing(w, {
      transport: {
        ...transport,
        send: async (_, { card }) => {
          const [, surface = "", generation] = /"surface":"([^"]+)","generation":(\d+)/u.exec(JSON.stringify(card)) ?? [];
          const messageId = `m${stamps.push({ surface, generation: Number(generation) })}`;
          if (stamps.length === 1) throw new DrillbookError("outcome-unknown", "silence", "");
          return { messageId };
        },
        update: async () => undefined,
      },
    });
    await w.launch();
    await w.clock.advance(60_000);
    const first = stamps[0]?.surface ?? "";
    assert.deepEqual(stamps.filter(({ surface }) => surface === first).map(({ generation }) => generation), [1, 2]);
    assert.deepEqual([rows.get(first)?.state, rows.get(first)?.generation], ["shown", 2]);
    await notifier.stop();
  });
});

describe("a card that somebody deleted", () => {
  it("is posted anew with buttons that count", async () => {
    const w = world();
    const stamps: { readonly surface: string; readonly generation: number }[] = [];
    const { transport } = chats();
    let gone = false;
    const { notifier, rows } = showing(w, {
      transport: {
        ...transport,
        send: async (_, { card }) => {
          const [, surface = "", generation] = /"surface":"([^"]+)","generation":(\d+)/u.exec(JSON.stringify(card)) ?? [];
          return { messageId: `m${stamps.push({ surface, generation: Number(generation) })}` };
        },
        update: async () => {
          if (gone) throw new DrillbookError("not-found", "gone", "");
        },
      },
    });
    const drill = await w.launch();
    await w.clock.advance(10_000);
    stamps.length = 0;
    gone = true;
    const code = (await w.state(drill)).steps.find(({ step }) => step.id === "approve")?.approval?.code ?? "";
    await w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code, reason: "" });
    await w.clock.advance(5_000);
    const anew = stamps.find(({ surface }) => surface === "step:approve");
    assert.deepEqual([anew?.generation, rows.get("step:approve")?.generation], [2, 2]);
    await notifier.stop();
  });
});

describe("a card whose drill changes all the time", () => {
  for (const [name, isDown] of [["as long as everything is taken", false], ["also while the chat of one person takes nothing", true]] as const) {
    it(`is edited every two seconds at most, ${name}, and shows the last change in the end`, async () => {
      const w = world([approval("approve", { quorum: 2 })]);
      const edits = new Map<string, number[]>();
      const { transport, shown } = chats();
      const addresses = createAddresses();
      addresses.learn({ person: amir, conversation: personalChat("a:amir") });
      const { notifier, rows } = showing(w, {
        addresses,
        transport: {
          ...transport,
          async send(to, message) {
            if (isDown && to.id === "a:amir") throw new DrillbookError("not-now", "Teams is slow.", "");
            return transport.send(to, message);
          },
          async update(to, id, message) {
            edits.set(id, [...(edits.get(id) ?? []), w.clock.now().getTime()]);
            await transport.update(to, id, message);
          },
        },
      });
      const drill = await w.launch();
      await w.clock.advance(5_000);
      for (let n = 0; n < 60; n += 1) {
        await w.give(drill, olivia, n % 2 === 0 ? { type: "pause", reason: `pause ${n}` } : { type: "resume", reason: "" });
        await w.clock.advance(300);
      }
      await w.give(drill, olivia, { type: "pause", reason: "the last one" });
      await w.clock.advance(20_000);
      const live = rows.get("live")?.messageId ?? "";
      assert.match(shown.get(live) ?? "", /the last one/u);
      assert.ok((edits.get(live)?.length ?? 0) >= 5, "and not forgotten meanwhile");
      for (const times of edits.values()) for (const [i, at] of times.entries()) assert.ok(i === 0 || at - (times[i - 1] ?? 0) >= 2_000, times.map((time) => time - (times[0] ?? 0)).join());
      await notifier.stop();
    });
  }
});

describe("a warning about Drillbook itself", () => {
  it("stands on the live card as soon as there is one, on no other card, and goes again", async () => {
    const w = world([manual("one")]);
    const { transport, shown } = chats();
    let warning: string | null = null;
    const { notifier, rows } = showing(w, { transport, warning: () => warning });
    const drill = await w.launch();
    await w.clock.advance(5_000);
    const warned = (): readonly boolean[] => [...shown.values()].map((text) => text.includes("not been signed"));
    assert.deepEqual(warned(), [false, false]);
    warning = "The evidence has not been signed since 09:01 UTC.";
    notifier.again();
    await w.clock.advance(3_000);
    assert.deepEqual(warned().toSorted(), [false, true]);
    assert.match(shown.get(rows.get("live")?.messageId ?? "") ?? "", /not been signed/);
    const chat = createChat({ runner: w.runner, drills: () => w.store.list(), launching: {} as Launching, surfaces: { surface: async (_: string, name: string) => rows.get(name) ?? null } as unknown as SurfaceStore, coverage: async () => [], personOf: () => null, clock: w.clock.now, transcriptUrl: () => null, warning: () => warning });
    const view = async (surface: string): Promise<string> => {
      const { messages } = await chat({ kind: "click", person: amir, conversation: { id: "c", reference: null }, account: "29:a", reader: universal, verb: "refresh", data: { drill, surface, generation: 1 }, shownIn: null });
      return JSON.stringify(messages[0]?.card);
    };
    assert.match(await view("live"), /not been signed/, "whoever has a view of their own reads it too");
    assert.ok(!(await view("step:one")).includes("not been signed"));
    warning = null;
    notifier.again();
    await w.clock.advance(3_000);
    assert.deepEqual(warned(), [false, false]);
    await notifier.stop();
  });
});

describe("a card of several pages", () => {
  it("is kept whole before its first page is posted; it is edited for what happens, not for the clock, and shown first to whom it waits for", async () => {
    const crowd = Array.from({ length: 80 }, (_, n) => ({ id: `p${n}`, name: `Person ${n}` }));
    const w = world([approval("approve", { role: "seconds", quorum: 2, prose: [{ kind: "code", language: "", text: "what is done to each of them\n".repeat(60) }, ...Array.from({ length: 30 }, (_, n) => ({ kind: "text" as const, text: `server ${n} `.repeat(90) }))] })]);
    const rows = new Map<string, SurfaceRow>();
    const sent: { readonly how: string; readonly card: CardJson | null }[] = [];
    const addresses = createAddresses();
    addresses.list("19:a", [...crowd, olivia, amir, bea].map(({ id }) => ({ person: id, account: `29:${id}`, tenant: "" })));
    const transport = {
      ...chats((to) => assert.ok(!to.startsWith("29:"), "not reached in person")).transport,
      send: async (_: unknown, { card }: Outgoing) => ({ messageId: `m${sent.push({ how: "POST", card })}` }),
      update: async (_: unknown, id: string, { card }: Outgoing) => void sent.push({ how: `PUT ${id}`, card }),
    };
    const { notifier } = showing(w, { transport, addresses }, rows);
    const drill = await w.launch("rehearsal", { conversation: where, roles: { operator: [olivia, ...crowd], seconds: [amir, bea] } });
    await w.clock.advance(10_000);
    const message = rows.get("step:approve")?.messageId ?? "";
    const first = sent[Number(message.slice(1)) - 1]?.card ?? null;
    assert.match(JSON.stringify(first), /Page \*\*1 of 2\*\*/u);
    const { userIds } = (first ?? {})["refresh"] as { readonly userIds: readonly string[] };
    assert.deepEqual([userIds.length, ...userIds.slice(0, 2)], [60, "29:amir", "29:bea"]);

    const [hash = ""] = (await w.store.read(drill)).flatMap(({ event }) => (event.type === "approval.shown" ? [event.card] : []));
    const whole = Buffer.from((await w.store.blob(hash)) ?? []).toString("utf8");
    assert.ok(whole.length > 25_000 && whole.includes('"verb":"approve"') && !whole.includes("Page **"), "all of it is in the evidence");

    const edits = () => sent.filter(({ how }) => how === `PUT ${message}`).length;
    const before = edits();
    await w.clock.advance(10 * 60_000);
    assert.equal(edits(), before, "nobody is thrown back to the first page by the clock");
    await w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" });
    await w.clock.advance(10_000);
    assert.equal(edits(), before + 1, "what happens is worth it, on whichever page it stands");
    await notifier.stop();
  });
});
