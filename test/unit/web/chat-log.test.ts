import assert from "node:assert/strict";
import { createChatLog } from "../../../src/web/console/chat-log.ts";
import { consoleStore } from "../../fakes/console-store.ts";
import type { ConsoleActivity } from "../../../src/web/console/store.ts";

const bot = { id: "drillbook", name: "Drillbook" };
const said = (text: string) => ({ from: bot, fromBot: true, text, card: null });

describe("the console's conversation", () => {
  it("numbers every message and edit upwards, though the clock stands still or goes back", async () => {
    let time = 1000;
    const chat = await createChatLog(consoleStore(), () => new Date(time));
    const first = await chat.add(said("one"));
    time = 10;
    const second = await chat.add(said("two"));
    await chat.edit(first, { text: "one, again", card: null });
    assert.notEqual(first, second);
    assert.deepEqual(chat.since(0).map(({ text, change }) => [text, change]), [["two", 1001], ["one, again", 1002]]);
    assert.deepEqual(chat.since(1001).map(({ text }) => text), ["one, again"]);
  });

  it("goes on over a restart, later than everything that a page has seen, even when nothing was kept", async () => {
    const store = consoleStore();
    const before = await createChatLog(store, () => new Date(5000));
    await before.add(said("one"));
    const after = await createChatLog(store, () => new Date(100));
    assert.equal(after.since(0).length, 1);
    await after.add(said("two"));
    assert.equal(after.since(5000)[0]?.text, "two");
    const empty = await createChatLog(consoleStore(), () => new Date(6000));
    await empty.add(said("three"));
    assert.equal(empty.since(5001)[0]?.text, "three");
  });

  it("keeps a message before it shows it, one at a time and in order", async () => {
    const order: string[] = [];
    let running = 0;
    const memory = consoleStore();
    const store = {
      ...memory,
      async save(activity: ConsoleActivity) {
        running += 1;
        assert.equal(running, 1);
        await Promise.resolve();
        order.push(`kept ${activity.text}`);
        running -= 1;
      },
    };
    const chat = await createChatLog(store, () => new Date(0));
    chat.watch((activity) => order.push(`shown ${activity.text}`));
    await Promise.all([chat.add(said("one")), chat.add(said("two"))]);
    assert.deepEqual(order, ["kept one", "shown one", "kept two", "shown two"]);
  });

  it("shows nothing that could not be kept, and goes on", async () => {
    let fails = true;
    const memory = consoleStore();
    const save = async (activity: ConsoleActivity) => {
      if (fails) throw new Error("disk full");
      await memory.save(activity);
    };
    const chat = await createChatLog({ ...memory, save }, () => new Date(0));
    await assert.rejects(chat.add(said("lost")));
    fails = false;
    await chat.add(said("kept"));
    assert.deepEqual(chat.since(0).map(({ text }) => text), ["kept"]);
  });

  it("edits what the bot said, and nothing else", async () => {
    const chat = await createChatLog(consoleStore(), () => new Date(0));
    const id = await chat.add({ from: { id: "olivia", name: "Olivia" }, fromBot: false, text: "mine", card: null });
    assert.equal(await chat.edit(id, { text: "forged", card: null }), false);
    assert.equal(await chat.edit("m404", { text: "x", card: null }), false);
  });

  it("tells a watcher until it stops watching", async () => {
    const chat = await createChatLog(consoleStore(), () => new Date(0));
    const seen: string[] = [];
    const stop = chat.watch(({ text }) => seen.push(text));
    await chat.add(said("one"));
    stop();
    await chat.add(said("two"));
    assert.deepEqual(seen, ["one"]);
  });

  it("shows no more than a thousand", async () => {
    const chat = await createChatLog(consoleStore(), () => new Date(0));
    for (let count = 0; count < 1005; count += 1) await chat.add(said(String(count)));
    assert.deepEqual([chat.since(0).length, chat.since(0)[0]?.text], [1000, "5"]);
  });
});
