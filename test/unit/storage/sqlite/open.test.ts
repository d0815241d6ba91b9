import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { schemaVersion } from "../../../../src/storage/sqlite/schema.ts";
import { launched, noted } from "../events.ts";
import { clock, inTemporaryFolder } from "./temporary.ts";

const holder = fileURLToPath(new URL("hold-store.ts", import.meta.url));

describe("opening a SQLite store", () => {
  const folder = inTemporaryFolder();
  const children: ChildProcess[] = [];
  let count = 0;
  const newFile = () => folder.path(`open-${(count += 1)}.db`);

  async function heldByAnother(file: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [holder, file], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const [line] = await once(child.stdout!, "data");
    assert.equal(String(line), "held\n");
    return child;
  }

  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  it("writes ahead of the database file", async () => {
    const file = newFile();
    const store = openSqliteStore(file, { clock });
    await store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
    assert.ok(statSync(`${file}-wal`).size > 0);
    store.close();
  });

  it("has every commit on the disk before it is answered", () => {
    // How a connection syncs is its own affair and in no file: it has to be asked itself, and a store does not give it out.
    const connections = new Set<DatabaseSync>();
    const { exec } = DatabaseSync.prototype;
    DatabaseSync.prototype.exec = function (sql) {
      connections.add(this);
      return exec.call(this, sql);
    };
    try {
      const file = newFile();
      const store = openSqliteStore(file, { clock });
      const pragma = (db: DatabaseSync, name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name];
      const ofStore = [...connections].filter((db) => db.location() === file);
      const full = 2;
      assert.deepEqual(ofStore.map((db) => [pragma(db, "journal_mode"), pragma(db, "synchronous")]), [["wal", full]]);
      store.close();
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
  });

  it("refuses a second runner, naming the first, while readers work beside it", async () => {
    const file = newFile();
    const child = await heldByAnother(file);
    assert.throws(() => openSqliteStore(file, { clock }), (error: unknown) => {
      const { code, message } = error as { code: string; message: string };
      assert.equal(code, "store-busy");
      assert.match(message, new RegExp(`process ${child.pid} on ${hostname()}, since 2026-11-20T20:00:00.000Z`));
      return true;
    });
    const reader = openSqliteStore(file, { readOnly: true });
    assert.equal((await reader.read("R-held")).length, 1);
    await assert.rejects(reader.append({ drill: "R-2", expectedSeq: 0, events: [launched("R-2")], wakeAt: null }), /readonly/);
    reader.close();
  });

  it("takes over from a runner that was killed, with all it had committed", async () => {
    const file = newFile();
    const child = await heldByAnother(file);
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = openSqliteStore(file, { clock });
    assert.equal((await store.read("R-held")).length, 1);
    assert.throws(() => openSqliteStore(file, { clock }), { code: "store-busy", message: new RegExp(`process ${process.pid} on`) });
    await store.append({ drill: "R-held", expectedSeq: 1, events: [noted("R-held", 2)], wakeAt: null });
    store.close();
  });

  it("refuses a second runner in the same process, and frees the lock on close", () => {
    const file = newFile();
    const first = openSqliteStore(file, { clock });
    assert.throws(() => openSqliteStore(file, { clock }), { code: "store-busy" });
    first.close();
    openSqliteStore(file, { clock }).close();
  });

  it("lets readers see what the runner commits while they are open", async () => {
    const file = newFile();
    const store = openSqliteStore(file, { clock });
    const reader = openSqliteStore(file, { readOnly: true });
    assert.deepEqual(await reader.list(), []);
    await store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
    assert.equal((await reader.list()).length, 1);
    reader.close();
    store.close();
  });

  it("does not open what a newer Drillbook wrote, for writing or reading, and frees the lock", () => {
    const file = newFile();
    openSqliteStore(file, { clock }).close();
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    db.close();
    assert.throws(() => openSqliteStore(file, { clock }), { code: "store-newer" });
    assert.throws(() => openSqliteStore(file, { clock }), { code: "store-newer" });
    assert.throws(() => openSqliteStore(file, { readOnly: true }), { code: "store-newer" });
  });

  it("does not take another program's database or a file that is none", () => {
    const foreign = newFile();
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE somebody_elses (x)");
    db.close();
    assert.throws(() => openSqliteStore(foreign, { clock }), { code: "bad-setting" });
    const text = newFile();
    writeFileSync(text, "not a database at all, but long enough to be looked at".repeat(100));
    assert.throws(() => openSqliteStore(text, { clock }), { code: "bad-setting" });
    assert.throws(() => openSqliteStore(text, { readOnly: true }), { code: "bad-setting" });
  });

  it("says so when the folder is missing", () => {
    assert.throws(() => openSqliteStore(folder.path("no/such/folder/drills.db"), { clock }), { code: "bad-setting" });
  });

  it("does not read a store that is missing or must be lifted first", () => {
    const file = newFile();
    assert.throws(() => openSqliteStore(file, { readOnly: true }), { code: "not-found" });
    new DatabaseSync(file).close();
    writeFileSync(file, "");
    assert.throws(() => openSqliteStore(file, { readOnly: true }), { code: "not-now" });
  });

  it("backs up a store in use, whole, and never over another file", async () => {
    const file = newFile();
    const store = openSqliteStore(file, { clock });
    await store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
    const copy = `${file}.backup`;
    await store.backup(copy);
    await assert.rejects(store.backup(copy), { code: "bad-input" });
    await store.append({ drill: "R-1", expectedSeq: 1, events: [noted("R-1", 2)], wakeAt: null });
    const restored = openSqliteStore(copy, { clock });
    assert.equal((await restored.read("R-1")).length, 1);
    restored.close();
    store.close();
  });
});
