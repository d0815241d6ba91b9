import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openSqliteStore, type SqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { storeContract } from "../store-contract.ts";
import { ended, launched, noted } from "../events.ts";
import { clock, inTemporaryFolder } from "./temporary.ts";

describe("SQLite store", () => {
  const folder = inTemporaryFolder();
  let opened: SqliteStore | null = null;
  let count = 0;

  const open = (file: string) => {
    opened?.close();
    opened = openSqliteStore(file, { clock });
    return opened;
  };

  afterEach(() => {
    opened?.close();
    opened = null;
  });

  describe("as every store", () => {
    storeContract(() => {
      const file = folder.path(`contract-${(count += 1)}.db`);
      return { open: async () => open(file), reopen: async () => open(file) };
    });
  });

  describe("when somebody wrote into the file", () => {
    let file: string;

    const tamper = (sql: string) => {
      opened?.close();
      opened = null;
      const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
      db.exec(`DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; ${sql}`);
      db.close();
      return open(file);
    };

    const broken = { code: "evidence-broken" };

    beforeEach(async () => {
      file = folder.path(`tampered-${(count += 1)}.db`);
      const events = [launched("R-1"), noted("R-1", 2), noted("R-1", 3), ended("R-1", 4, "passed")];
      await open(file).append({ drill: "R-1", expectedSeq: 0, events, wakeAt: null, blobs: [Buffer.from("card")] });
    });

    it("refuses a plain UPDATE or DELETE of an event", () => {
      opened?.close();
      opened = null;
      const db = new DatabaseSync(file);
      assert.throws(() => db.exec("UPDATE event SET bytes = x'7b7d' WHERE seq = 2"), /never changed/);
      assert.throws(() => db.exec("DELETE FROM event WHERE seq = 4"), /never deleted/);
      db.close();
    });

    const attacks: Record<string, string> = {
      "a changed event": "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'a note', 'a nose') AS BLOB) WHERE seq = 2",
      "a changed head": "UPDATE event SET head = replace(head, substr(head, 1, 1), 'x') WHERE seq = 3",
      "a deleted event": "DELETE FROM event WHERE seq = 2",
      "a deleted first event": "DELETE FROM event WHERE seq = 1",
      "a deleted last event": "DELETE FROM event WHERE seq = 4",
      "two events changed about": "UPDATE event SET seq = 9 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 9",
      "an event given another drill": "INSERT INTO drill SELECT 'R-2', runbook, title, mode, started_at, ended_at, result, events, head, wake_at, logged FROM drill; UPDATE event SET drill = 'R-2'",
      "a summary that forgets the last event": "UPDATE drill SET events = 3",
      "a missing summary": "DELETE FROM drill",
    };
    for (const [what, sql] of Object.entries(attacks)) {
      it(`does not give out a history with ${what}`, async () => {
        const store = tamper(sql);
        const drill = what.includes("another") ? "R-2" : "R-1";
        await assert.rejects(store.read(drill), broken);
        await assert.rejects(store.read(drill, 1), broken);
      });
    }

    it("does not heal a history whose end was deleted by appending to it", async () => {
      const store = tamper("DELETE FROM event WHERE seq = 4");
      await assert.rejects(store.append({ drill: "R-1", expectedSeq: 3, events: [noted("R-1", 4)], wakeAt: null }), broken);
    });

    it("does not give out a blob that no longer fits its name", async () => {
      const store = tamper("UPDATE blob SET bytes = x'00'");
      await assert.rejects(store.blob(sha256("card")), broken);
    });
  });
});
