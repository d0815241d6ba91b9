import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { openLocalKey } from "../../../../src/evidence/keys.ts";
import type { LogName } from "../../../../src/evidence/log/ports.ts";
import { acknowledgeRestore } from "../../../../src/evidence/log/restored.ts";
import { startSequencer, type Sequencer } from "../../../../src/evidence/log/sequencer.ts";
import { checkpointFile, checkpointSigner } from "../../../../src/evidence/log/signer.ts";
import { openSqliteStore, type SqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { ended, launched, noted } from "../../storage/events.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";

describe("the log of drill heads", () => {
  const folder = inTemporaryFolder();
  let data = "";
  let count = 0;
  let now = 0;
  let store: SqliteStore;
  let sequencer: Sequencer | null = null;
  const faults: unknown[] = [];
  const timers: (() => void)[] = [];
  const clock = () => new Date(now);
  const file = () => `${data}/drillbook.db`;
  const signer = (log: LogName) => checkpointSigner(data, log, () => openLocalKey(data, { rehearsal: log === "rehearsal" }));
  const after = (_ms: number, callback: () => void) => {
    timers.push(callback);
    return () => undefined;
  };
  const start = () => startSequencer({ store: store.log, signer, clock, after, onFault: (fault) => faults.push(fault) });
  const add = (...events: readonly DrillEvent[]) => store.append({ drill: events[0]!.drill, expectedSeq: events[0]!.seq - 1, events, wakeAt: null });
  const decided = (drill: string, seq: number) => ({ ...noted(drill, seq), type: "approval.decided", step: "s", round: 1, decision: "approve", digest: "d", reason: "" }) as DrillEvent;

  beforeEach(async () => {
    now = Date.parse("2026-11-20T21:00:00.000Z");
    data = folder.path(`data-${(count += 1)}`);
    openLocalKey(data, { rehearsal: true });
    store = openSqliteStore(file(), { clock });
    faults.length = 0;
    timers.length = 0;
    sequencer = await start();
  });
  afterEach(async () => {
    await sequencer?.stop();
    store.close();
  });

  it("takes each new head once, and puts rehearsals and real drills apart", async () => {
    const real = launched("P-1");
    await add(launched("R-1"), noted("R-1", 2));
    await add({ ...real, mode: "test" } as DrillEvent);
    await sequencer!.pass();
    await sequencer!.pass();
    await add(noted("R-1", 3));
    await sequencer!.pass();
    const entries = await store.log.entries("rehearsal", 0);
    assert.deepEqual(entries.map(({ drill, seq }) => [drill, seq]), [["R-1", 2], ["R-1", 3]]);
    assert.equal(entries[1]?.head, (await store.read("R-1")).at(-1)?.head);
    assert.deepEqual((await store.log.entries("drills", 0)).map(({ drill }) => drill), ["P-1"]);
  });

  it("signs at a decided approval, at a drill's end, at 100 events and after 15 minutes of a running drill, and not before", async () => {
    const sizes: (number | undefined)[] = [];
    const step = async () => {
      await sequencer!.pass();
      sizes.push((await store.log.lastCheckpoint("rehearsal"))?.size);
    };
    await add(launched("R-1"));
    await step();
    await add(decided("R-1", 2));
    await step();
    await add(...Array.from({ length: 98 }, (_, i) => noted("R-1", 3 + i)));
    await step();
    await add(noted("R-1", 101), noted("R-1", 102));
    await step();
    await add(noted("R-1", 103));
    await step();
    now += 15 * 60_000;
    await step();
    await add(ended("R-1", 104, "passed"));
    await step();
    const last = (await store.log.lastCheckpoint("rehearsal"))?.note;
    now += 60 * 60_000;
    await step();
    assert.deepEqual(sizes, [undefined, 2, 2, 4, 4, 5, 6, 6]);
    assert.equal((await store.log.lastCheckpoint("rehearsal"))?.note, last, "nothing runs, nothing is signed");
    assert.deepEqual(faults, []);
  });

  it("looks again by itself twice a second", async () => {
    await add(launched("R-1"));
    assert.equal(timers.length, 1);
    timers[0]!();
    await sequencer!.pass();
    assert.equal((await store.log.entries("rehearsal", 0)).length, 1);
  });

  it("signs what is left when it stops, and goes on from there", async () => {
    await add(launched("R-1"));
    await sequencer!.stop();
    assert.equal(signer("rehearsal").last()?.size, 1);
    sequencer = await start();
    await add(noted("R-1", 2));
    await sequencer.stop();
    assert.equal(signer("rehearsal").last()?.size, 2);
    sequencer = null;
  });

  it("signs nothing that is not consistent with the last checkpoint", async () => {
    await add(launched("R-1"), decided("R-1", 2));
    await sequencer!.pass();
    const identity = await store.log.identity("rehearsal");
    const facts = { log: "rehearsal", identity, size: 1, root: "00".repeat(32), at: clock() } as const;
    const before = readFileSync(checkpointFile(data, "rehearsal"));
    await assert.rejects(signer("rehearsal").sign(facts, []), { code: "evidence-broken" });
    await assert.rejects(signer("rehearsal").sign({ ...facts, size: 2 }, ["11".repeat(32)]), { code: "evidence-broken" });
    await assert.rejects(signer("rehearsal").sign({ ...facts, size: 0 }, []), { code: "evidence-broken" });
    assert.deepEqual(readFileSync(checkpointFile(data, "rehearsal")), before);
  });

  it("does not believe a checkpoint file that somebody wrote", async () => {
    await add(launched("R-1"), decided("R-1", 2));
    await sequencer!.pass();
    const written = readFileSync(checkpointFile(data, "rehearsal"), "utf8");
    writeFileSync(checkpointFile(data, "rehearsal"), written.replace("21:00:00", "22:00:00"));
    assert.throws(() => signer("rehearsal").last(), { code: "evidence-broken" });
  });

  async function restoreOlder(): Promise<void> {
    await add(launched("R-1"), decided("R-1", 2));
    await sequencer!.pass();
    await store.backup(`${data}/backup.db`);
    await add(decided("R-1", 3));
    await sequencer!.pass();
    await sequencer!.stop();
    store.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file()}${end}`, { force: true });
    copyFileSync(`${data}/backup.db`, file());
    store = openSqliteStore(file(), { clock });
    sequencer = null;
  }

  it("recognises a store that was restored from an older backup and does not run on it", async () => {
    await restoreOlder();
    await assert.rejects(start(), { code: "evidence-broken", message: /restored from an older backup/, suggestion: /acknowledge-restore/ });
  });

  it("runs on a restored store once somebody said so, and says so from then on", async () => {
    await restoreOlder();
    const old = signer("rehearsal").last();
    const word = { by: "Sam", reason: "disk lost" };
    assert.deepEqual(await acknowledgeRestore(store.log, signer, word, clock), ["rehearsal"]);
    assert.deepEqual(await acknowledgeRestore(store.log, signer, word, clock), []);
    sequencer = await start();
    await sequencer.pass();
    const now = signer("rehearsal").last();
    assert.notEqual(now?.origin, old?.origin);
    assert.equal(now?.restored, `${old?.origin} ${old?.size} ${old?.root}`);
  });

  it("recognises another store put into the place of the one it signed", async () => {
    await add(launched("R-1"), decided("R-1", 2));
    await sequencer!.stop();
    store.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file()}${end}`, { force: true });
    store = openSqliteStore(file(), { clock });
    sequencer = null;
    await assert.rejects(start(), { code: "evidence-broken", message: /is of drillbook\/rehearsal/ });
  });

  it("recognises entries that were changed under it", async () => {
    await add(launched("R-1"), decided("R-1", 2));
    await sequencer!.stop();
    sequencer = null;
    const db = new DatabaseSync(file());
    db.exec(`DROP TRIGGER log_entry_no_update; UPDATE log_entry SET head = '${"0".repeat(64)}'`);
    db.close();
    await assert.rejects(start(), { code: "evidence-broken", message: /are others than those signed/ });
  });
});
