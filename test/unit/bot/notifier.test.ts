import assert from "node:assert/strict";
import { createAddresses } from "../../../src/bot/addresses.ts";
import type { Outgoing } from "../../../src/bot/message.ts";
import { createNotifier } from "../../../src/bot/notifier.ts";
import type { SurfaceRow } from "../../../src/bot/surface-store.ts";
import { createTransport } from "../../../src/bot/transport.ts";
import { ConnectorRefused } from "../../../src/bot/connector-client.ts";
import { world } from "../../fakes/drill-world.ts";
import { manual, olivia } from "../../fakes/runbooks.ts";

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
    };
    const transport = createTransport(adapter, { mayReach: () => true }, {
      now: () => w.clock.now().getTime(),
      wait: (ms) => new Promise<void>((resolve) => void w.clock.after(ms, resolve)),
    });
    const notifier = createNotifier({
      runner: w.runner,
      transport: { send: (_, message: Outgoing) => transport.send(where, message), update: (_, id, message) => transport.update(where, id, message) },
      surfaces: {
        surfaces: async () => [...rows.values()],
        putSurface: async (row) => void rows.set(row.surface, row),
        openSurfaces: async () => [...rows.values()],
        firstSeen: async () => true,
        forgetSeen: async () => 0,
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
