import assert from "node:assert/strict";
import { sha256 } from "../../../src/evidence/hash.ts";
import { genesisHead, nextHead } from "../../../src/evidence/chain.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import type { Append, DrillStore } from "../../../src/drills/ports.ts";
import { ended, launched, noted } from "./events.ts";

/** What every store must do. `open` gives a new empty store, `reopen` the same one after a restart. */
export type StoreUnderTest = { open(): Promise<DrillStore>; reopen(): Promise<DrillStore> };

export function drillStoreContract(make: () => StoreUnderTest): void {
  let under: StoreUnderTest;
  let store: DrillStore;

  beforeEach(async () => {
    under = make();
    store = await under.open();
  });

  const append = (events: readonly DrillEvent[], more: Partial<Append> = {}) =>
    store.append({ drill: events[0]!.drill, expectedSeq: events[0]!.seq - 1, events, wakeAt: null, ...more });

  it("gives back the events in order, with their canonical bytes and a chain from genesis", async () => {
    await append([launched("R-1"), noted("R-1", 2, "first")]);
    await append([noted("R-1", 3, "second")]);
    const stored = await store.read("R-1");
    assert.deepEqual(stored.map((s) => s.event), [launched("R-1"), noted("R-1", 2, "first"), noted("R-1", 3, "second")]);
    let head = genesisHead("R-1");
    for (const { bytes, head: after } of stored) {
      head = nextHead(head, bytes);
      assert.equal(after, head);
    }
  });

  it("reads on from a seq, and gives nothing after the last or for an unknown drill", async () => {
    await append([launched("R-1"), noted("R-1", 2), noted("R-1", 3)]);
    assert.deepEqual((await store.read("R-1", 1)).map((s) => s.event.seq), [2, 3]);
    assert.deepEqual(await store.read("R-1", 3), []);
    assert.deepEqual(await store.read("R-1", 99), []);
    assert.deepEqual(await store.read("nothing"), []);
  });

  it("reads a range, which follows from what is before it", async () => {
    await append([launched("R-1"), noted("R-1", 2), noted("R-1", 3), noted("R-1", 4)]);
    assert.deepEqual((await store.read("R-1", 1, 2)).map((s) => s.event.seq), [2, 3]);
    assert.deepEqual((await store.read("R-1", 3, 2)).map((s) => s.event.seq), [4]);
    assert.deepEqual(await store.read("R-1", 4, 2), []);
  });

  it("keeps what events name by reference with them, and erases it with the event that says so", async () => {
    const record = (ref: string) => ({ ref, salt: "00", value: { id: "olivia", name: "Olivia" } });
    await append([launched("R-1")], { records: [record("b"), record("a")] });
    await assert.rejects(append([launched("R-1")], { records: [record("c")] }), { code: "conflict" });
    assert.deepEqual(await store.records("R-1"), [record("a"), record("b")]);
    assert.deepEqual(await store.records("R-2"), []);
    const attachment = Buffer.from("picture of a person");
    await append([noted("R-1", 2)], { blobs: [attachment] });
    await append([noted("R-1", 3)], { erases: { records: ["a"], blobs: [sha256(attachment)] } });
    assert.deepEqual(await store.records("R-1"), [record("b")]);
    assert.equal(await store.blob(sha256(attachment)), null);
    store = await under.reopen();
    assert.deepEqual(await store.records("R-1"), [record("b")]);
  });

  it("refuses a writer that does not know the last event, and writes nothing of what it brought", async () => {
    await append([launched("R-1")]);
    await append([noted("R-1", 2, "winner")]);
    const blob = Buffer.from("card of the loser");
    await assert.rejects(append([noted("R-1", 2, "loser")], { wakeAt: new Date(5), blobs: [blob] }), { code: "conflict" });
    await assert.rejects(append([noted("R-1", 5)]), { code: "conflict" });
    await assert.rejects(append([launched("R-1")]), { code: "conflict" });
    assert.equal((await store.read("R-1")).length, 2);
    assert.equal(await store.blob(sha256(blob)), null);
    assert.deepEqual((await store.due(new Date(10))).drills, []);
  });

  it("refuses gaps, foreign events, a history without a launch, a second launch, an empty start", async () => {
    const bad: readonly Append[] = [
      { drill: "R-1", expectedSeq: 0, events: [launched("R-1"), noted("R-1", 3)], wakeAt: null },
      { drill: "R-1", expectedSeq: 0, events: [launched("R-2")], wakeAt: null },
      { drill: "R-1", expectedSeq: 0, events: [noted("R-1", 1)], wakeAt: null },
      { drill: "R-1", expectedSeq: 0, events: [launched("R-1"), { ...launched("R-1"), seq: 2 }], wakeAt: null },
      { drill: "R-1", expectedSeq: 0, events: [], wakeAt: null },
    ];
    for (const each of bad) await assert.rejects(store.append(each), { code: "bad-input" });
    assert.deepEqual(await store.list(), []);
  });

  it("stores all of an append or nothing, when one event has no canonical form", async () => {
    await assert.rejects(append([launched("R-1"), noted("R-1", 2, "half a smile \ud83d")], { wakeAt: new Date(1) }), { code: "bad-input" });
    assert.deepEqual(await store.read("R-1"), []);
    assert.deepEqual(await store.list(), []);
  });

  it("keeps a summary of each drill, the latest first", async () => {
    await append([launched("R-1", { at: "2026-11-20T10:00:00.000Z" })]);
    await append([launched("R-2", { at: "2026-11-20T11:00:00.000Z" })]);
    await append([noted("R-1", 2), ended("R-1", 3, "passed")]);
    const summary = { runbook: "payroll-test-failover", title: "Payroll test failover", mode: "rehearsal" };
    assert.deepEqual(await store.list(), [
      { id: "R-2", ...summary, startedAt: "2026-11-20T11:00:00.000Z", endedAt: null, result: null, events: 1 },
      { id: "R-1", ...summary, startedAt: "2026-11-20T10:00:00.000Z", endedAt: "2026-11-20T11:00:03.000Z", result: "passed", events: 3 },
    ]);
  });

  it("tells which drills are due and when the next one is", async () => {
    assert.deepEqual(await store.due(new Date(1_000)), { drills: [], next: null });
    await append([launched("R-1")], { wakeAt: new Date(3_000) });
    await append([launched("R-2")], { wakeAt: new Date(1_000) });
    await append([launched("R-3")], { wakeAt: new Date(2_000) });
    await append([launched("R-4")]);
    assert.deepEqual(await store.due(new Date(2_000)), { drills: ["R-2", "R-3"], next: new Date(3_000) });
    assert.deepEqual(await store.due(new Date(999)), { drills: [], next: new Date(1_000) });
  });

  it("moves a wake-up with an append, by itself, and with an append of no event", async () => {
    await append([launched("R-1")], { wakeAt: new Date(1_000) });
    await append([noted("R-1", 2)]);
    assert.deepEqual(await store.due(new Date(9_000)), { drills: [], next: null });
    await store.setWakeUp("R-1", new Date(7_000));
    assert.deepEqual(await store.due(new Date(9_000)), { drills: ["R-1"], next: null });
    await store.append({ drill: "R-1", expectedSeq: 2, events: [], wakeAt: new Date(12_000) });
    assert.deepEqual(await store.due(new Date(9_000)), { drills: [], next: new Date(12_000) });
    assert.equal((await store.read("R-1")).length, 2);
    await assert.rejects(store.setWakeUp("nothing", null), { code: "not-found" });
  });

  it("keeps bytes by their hash, once", async () => {
    const bytes = Buffer.from([0, 1, 2, 255]);
    const hash = await store.putBlob(bytes);
    assert.equal(hash, sha256(bytes));
    assert.equal(await store.putBlob(bytes), hash);
    await append([launched("R-1")], { blobs: [bytes, Buffer.from("source")] });
    assert.deepEqual(Buffer.from((await store.blob(hash))!), bytes);
    assert.deepEqual(Buffer.from((await store.blob(sha256("source")))!), Buffer.from("source"));
    assert.equal((await store.blob(await store.putBlob(new Uint8Array(0))))?.length, 0);
    assert.equal(await store.blob(sha256("never stored")), null);
  });

  it("never gives a number twice, across restarts too", async () => {
    assert.deepEqual([await store.nextNumber(), await store.nextNumber()], [1, 2]);
    store = await under.reopen();
    assert.equal(await store.nextNumber(), 3);
  });

  it("has everything after a restart", async () => {
    await append([launched("R-1"), noted("R-1", 2, "Grüße, 世界, \u0000, 😀, <script>")], { wakeAt: new Date(5) });
    const before = await store.read("R-1");
    store = await under.reopen();
    assert.deepEqual(await store.read("R-1"), before);
    assert.deepEqual((await store.due(new Date(5))).drills, ["R-1"]);
    await append([noted("R-1", 3)]);
    assert.equal((await store.read("R-1")).length, 3);
  });

  it("lets one drill at a time hold a scope, from its launch to its end", async () => {
    await append([launched("R-1")], { holds: ["/plan/a", "/plan/b"] });
    await assert.rejects(append([launched("R-2")], { holds: ["/plan/c", "/plan/b"] }), { code: "conflict", message: /R-1 holds/ });
    assert.deepEqual(await store.read("R-2"), []);
    assert.deepEqual(await store.holders(["/plan/a", "/plan/b", "/plan/c"]), ["R-1"]);
    await append([noted("R-1", 2)]);
    assert.deepEqual(await store.holders(["/plan/a"]), ["R-1"]);
    await append([noted("R-1", 3)], { holds: ["/plan/b"] });
    await append([launched("R-2")], { holds: ["/plan/a"] });
    await append([ended("R-1", 4, "passed")]);
    assert.deepEqual(await store.holders(["/plan/a", "/plan/b", "/plan/c"]), ["R-2"]);
  });

  it("lets one of many launches at once have a scope", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => append([launched(`R-${i}`)], { holds: ["/plan/a"] })));
    assert.equal(outcomes.filter((o) => o.status === "fulfilled").length, 1);
    assert.equal((await store.list()).length, 1);
  });

  it("lets one of many writers win", async () => {
    await append([launched("R-1")]);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => append([noted("R-1", 2, `writer ${i}`)])));
    assert.equal(outcomes.filter((o) => o.status === "fulfilled").length, 1);
    assert.equal((await store.read("R-1")).length, 2);
  });

  it("stores what many writers bring at once, and refuses each for what it brought itself", async () => {
    const drills = Array.from({ length: 40 }, (_, i) => `R-${i}`);
    const record = { ref: "a", salt: "00", value: "Olivia" };
    await Promise.all(drills.map((drill) => append([launched(drill)], { holds: [`/plan/${drill}`] })));
    const outcomes = await Promise.allSettled(drills.map((drill, i) => {
      if (i === 5) return append([noted(drill, 9)]);
      if (i === 7) return append([ended(drill, 2, "passed")]);
      return append([noted(drill, 2), noted(drill, 3)], { records: [record], wakeAt: new Date(i) });
    }));
    assert.deepEqual(outcomes.flatMap((o, i) => (o.status === "rejected" ? [[i, (o.reason as { code: string }).code]] : [])), [[5, "conflict"]]);
    for (const [i, drill] of drills.entries()) {
      const [events, records, wakes] = i === 5 ? [1, [], false] : i === 7 ? [2, [], false] : [3, [record], true];
      assert.equal((await store.read(drill)).length, events, drill);
      assert.deepEqual(await store.records(drill), records);
      assert.equal((await store.due(new Date(1_000))).drills.includes(drill), wakes, drill);
    }
    assert.deepEqual(await store.holders(["/plan/R-6", "/plan/R-7"]), ["R-6"]);
    assert.equal((await store.list()).find((d) => d.id === "R-7")?.result, "passed");
  });

  it("refuses one of many at once that has no canonical form, and stores the others", async () => {
    const drills = ["R-1", "R-2", "R-3"];
    for (const drill of drills) await append([launched(drill)]);
    const outcomes = await Promise.allSettled(drills.map((drill) => append([noted(drill, 2, drill === "R-2" ? "half a smile \ud83d" : "well")])));
    assert.deepEqual(outcomes.map((o) => (o.status === "rejected" ? (o.reason as { code: string }).code : "stored")), ["stored", "bad-input", "stored"]);
    for (const drill of drills) assert.equal((await store.read(drill)).length, drill === "R-2" ? 1 : 2);
  });
}
