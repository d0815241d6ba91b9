import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { restoreStore } from "../../../../src/storage/sqlite/restore.ts";
import { launched, noted } from "../events.ts";
import { clock, inTemporaryFolder } from "./temporary.ts";

describe("restoring a SQLite store", () => {
  const folder = inTemporaryFolder();
  let count = 0;
  let file: string;
  let saved: string;

  beforeEach(async () => {
    count += 1;
    file = folder.path(`restore-${count}.db`);
    saved = folder.path(`restore-${count}-saved.db`);
    const store = openSqliteStore(file, { clock });
    await store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
    await store.backup(saved);
    await store.append({ drill: "R-1", expectedSeq: 1, events: [noted("R-1", 2)], wakeAt: null });
    store.close();
  });

  const events = async (path: string): Promise<number> => {
    const store = openSqliteStore(path, { readOnly: true });
    try {
      return (await store.read("R-1")).length;
    } finally {
      store.close();
    }
  };

  it("puts the backup in its place and keeps what was there", async () => {
    const { former } = await restoreStore(file, saved, clock);
    assert.equal(await events(file), 1);
    assert.equal(await events(former ?? ""), 2);
    assert.deepEqual(readdirSync(dirname(saved)).filter((name) => name.startsWith(basename(saved))), [basename(saved)]);
    assert.ok(readdirSync(dirname(file)).every((name) => !name.includes(".restoring")));
    // It goes on from there like any store.
    const store = openSqliteStore(file, { clock });
    await store.append({ drill: "R-1", expectedSeq: 1, events: [noted("R-1", 2)], wakeAt: null });
    store.close();
  });

  it("keeps what a killed bot had committed and not yet moved into the file", async () => {
    const db = new DatabaseSync(file);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE left_behind (a TEXT); INSERT INTO left_behind VALUES ('x')");
    // Its files as a kill leaves them, because a close would tidy up.
    const [main, wal] = [readFileSync(file), readFileSync(`${file}-wal`)];
    db.close();
    writeFileSync(file, main);
    writeFileSync(`${file}-wal`, wal);
    const { former } = await restoreStore(file, saved, clock);
    assert.equal(await events(file), 1);
    const kept = new DatabaseSync(former ?? "");
    assert.equal(kept.prepare("SELECT a FROM left_behind").get()?.["a"], "x");
    kept.close();
  });

  it("refuses while a bot runs on the store, and changes nothing", async () => {
    const running = openSqliteStore(file, { clock });
    try {
      await assert.rejects(restoreStore(file, saved, clock), { code: "store-busy" });
      assert.equal((await running.read("R-1")).length, 2);
    } finally {
      running.close();
    }
    assert.equal(await events(file), 2);
  });

  it("refuses what is no whole backup of ours, and changes nothing", async () => {
    const [text, foreign, cut, empty] = ["text", "foreign", "cut", "empty"].map((name) => folder.path(`restore-${count}-${name}.db`)) as [string, string, string, string];
    writeFileSync(text, "no database at all, but long enough to be looked at as one".repeat(20));
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE theirs (a TEXT)");
    db.close();
    writeFileSync(cut, readFileSync(saved));
    truncateSync(cut, 8_192);
    writeFileSync(empty, "");
    await assert.rejects(restoreStore(file, text, clock), { code: "bad-input" });
    await assert.rejects(restoreStore(file, foreign, clock), { code: "bad-setting" });
    await assert.rejects(restoreStore(file, cut, clock), { code: "bad-input" });
    await assert.rejects(restoreStore(file, empty, clock), { code: "bad-input" });
    await assert.rejects(restoreStore(file, folder.path("nowhere.db"), clock), { code: "not-found" });
    assert.equal(await events(file), 2);
  });

  it("makes a store where there was none, as on a new machine", async () => {
    const fresh = folder.path(`restore-${count}-fresh.db`);
    assert.deepEqual(await restoreStore(fresh, saved, clock), { former: null });
    assert.equal(await events(fresh), 1);
    assert.ok(!existsSync(`${fresh}.restoring`));
  });

  it("replaces a store that is too damaged to be opened, and keeps it", async () => {
    writeFileSync(file, "not a database any more, however long one looks at it ".repeat(100));
    const { former } = await restoreStore(file, saved, clock);
    assert.equal(await events(file), 1);
    assert.match(readFileSync(former ?? "", "utf8"), /^not a database any more/);
  });
});
