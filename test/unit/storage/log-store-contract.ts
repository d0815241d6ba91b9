import assert from "node:assert/strict";
import type { DrillStore } from "../../../src/drills/ports.ts";
import type { LogStore } from "../../../src/evidence/log/ports.ts";
import { ended, launched, noted } from "./events.ts";

type Logged = DrillStore & { readonly log: LogStore };

/** What every store must do for the log of drill heads. */
export function logStoreContract(make: () => { open(): Promise<Logged>; reopen(): Promise<Logged> }): void {
  let under: ReturnType<typeof make>;
  let store: Logged;

  beforeEach(async () => {
    under = make();
    store = await under.open();
  });

  const append = (events: Parameters<DrillStore["append"]>[0]["events"]) =>
    store.append({ drill: events[0]!.drill, expectedSeq: events[0]!.seq - 1, events, wakeAt: null });

  it("copies new heads into the log of their mode, once, and says what they cover", async () => {
    await append([launched("R-1"), noted("R-1", 2)]);
    await append([{ ...launched("D-1"), mode: "test" } as ReturnType<typeof launched>]);
    const first = await store.log.sequence();
    const head = async (drill: string) => (await store.read(drill)).at(-1)!.head;
    assert.deepEqual(first, [
      { log: "rehearsal", entries: [{ drill: "R-1", seq: 2, head: await head("R-1") }], events: 2, decisive: false },
      { log: "drills", entries: [{ drill: "D-1", seq: 1, head: await head("D-1") }], events: 1, decisive: false },
    ]);
    assert.deepEqual(await store.log.sequence(), []);
    await append([ended("R-1", 3, "passed")]);
    assert.deepEqual((await store.log.sequence()).map(({ log, events, decisive }) => ({ log, events, decisive })), [{ log: "rehearsal", events: 1, decisive: true }]);
    store = await under.reopen();
    assert.deepEqual((await store.log.entries("rehearsal", 0)).map((e) => e.seq), [2, 3]);
    assert.deepEqual((await store.log.entries("rehearsal", 1)).map((e) => e.seq), [3]);
    assert.deepEqual((await store.log.entries("rehearsal", 0, 1)).map((e) => e.seq), [2]);
    assert.deepEqual((await store.log.entries("drills", 0)).map((e) => e.drill), ["D-1"]);
  });

  it("says up to which event of a drill the last checkpoint reaches", async () => {
    await append([launched("R-1")]);
    await store.log.sequence();
    await append([noted("R-1", 2, "one")]);
    await store.log.sequence();
    assert.equal(await store.log.signedUpTo("rehearsal", "R-1"), 0, "nothing is signed yet");
    await store.log.keepCheckpoint("rehearsal", { size: 1, note: "one" });
    await store.log.keepCheckpoint("drills", { size: 9, note: "of another log" });
    assert.equal(await store.log.signedUpTo("rehearsal", "R-1"), 1);
    await store.log.keepCheckpoint("rehearsal", { size: 2, note: "two" });
    assert.equal(await store.log.signedUpTo("rehearsal", "R-1"), 2);
    assert.equal(await store.log.signedUpTo("rehearsal", "R-2"), 0);
  });

  it("counts the drills under way by log", async () => {
    await append([launched("R-1")]);
    await append([launched("R-2")]);
    await append([ended("R-2", 2, "passed")]);
    assert.deepEqual([await store.log.running("rehearsal"), await store.log.running("drills")], [1, 0]);
  });

  it("keeps checkpoints and its identity, and gets another one when it is restarted", async () => {
    assert.equal(await store.log.lastCheckpoint("drills"), null);
    await store.log.keepCheckpoint("drills", { size: 1, note: "one" });
    await store.log.keepCheckpoint("drills", { size: 2, note: "two" });
    const before = await store.log.identity("drills");
    assert.match(before.id, /^[0-9a-f]{16}$/);
    assert.equal(before.restored, null);
    assert.notEqual((await store.log.identity("rehearsal")).id, before.id);
    const restored = { at: "2026-11-20T11:00:00.000Z", by: "root", reason: "disk lost", origin: "o", size: 2, root: "00" };
    store = await under.reopen();
    assert.deepEqual(await store.log.lastCheckpoint("drills"), { size: 2, note: "two" });
    assert.deepEqual(await store.log.identity("drills"), before);
    await store.log.restart("drills", restored);
    const after = await store.log.identity("drills");
    assert.notEqual(after.id, before.id);
    assert.deepEqual(after.restored, restored);
  });
}
