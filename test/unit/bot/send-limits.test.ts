import assert from "node:assert/strict";
import { createSendLimits } from "../../../src/bot/send-limits.ts";

/** Waiting moves the clock, so that an hour of sending takes no time. */
function timed() {
  let now = 0;
  const sent: { readonly conversation: string; readonly at: number }[] = [];
  const limits = createSendLimits(() => now, async (ms) => void (now += ms));
  return {
    limits, sent,
    pass: (ms: number) => void (now += ms),
    send: (conversation: string) =>
      limits.inTurn(conversation, async () => {
        await limits.allow(conversation);
        sent.push({ conversation, at: now });
      }),
  };
}

const most = (times: readonly number[], ms: number): number => Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

describe("the limits of Teams", () => {
  it("hold in every window of one thread, for an hour of sending without a pause", async () => {
    const t = timed();
    let refused = 0;
    for (let n = 0; n < 2_500; n += 1) {
      await t.send("19:a").catch(() => {
        refused += 1;
        t.pass(10_000);
      });
    }
    const times = t.sent.map(({ at }) => at);
    assert.deepEqual([1_000, 2_000, 30_000, 3_600_000].map((ms) => most(times, ms)), [7, 8, 60, 1_800]);
    assert.ok(refused > 0);
  });

  it("count the replies of a channel's threads as one, and other chats apart", async () => {
    const t = timed();
    for (let n = 0; n < 7; n += 1) await t.send(`19:a;messageid=${n}`);
    await t.send("19:b");
    assert.equal(t.sent.at(-1)?.at, 0);
    await t.send("19:a;messageid=9");
    assert.equal(t.sent.at(-1)?.at, 1_000);
  });

  it("hold for the whole app", async () => {
    const t = timed();
    for (let n = 0; n < 120; n += 1) await t.send(`19:${n}`);
    assert.equal(most(t.sent.map(({ at }) => at), 1_000), 50);
  });

  it("leave a chat alone for as long as Teams asks, and refuse what would wait too long", async () => {
    const t = timed();
    t.limits.pause("19:a", 20_000);
    await t.send("19:a");
    assert.equal(t.sent[0]?.at, 20_000);
    t.limits.pause("19:a", 60_000);
    await assert.rejects(t.send("19:a"), { code: "not-now" });
    await t.send("19:b");
    assert.equal(t.sent.length, 2);
  });

  it("let one send at a time into a conversation, in order, and not without end", async () => {
    const t = timed();
    const order: number[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => void (open = resolve));
    const all = Array.from({ length: 50 }, (_, n) => t.limits.inTurn("c", async () => {
      await gate;
      order.push(n);
      if (n === 3) throw new Error("lost");
    }));
    await assert.rejects(t.limits.inTurn("c", async () => undefined), { code: "not-now" });
    open();
    await Promise.allSettled(all);
    assert.deepEqual(order, Array.from({ length: 50 }, (_, n) => n));
  });
});
