import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { sha256 } from "../../src/evidence/hash.ts";
import { openLocalKey } from "../../src/evidence/keys.ts";
import { startSequencer } from "../../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../../src/evidence/log/signer.ts";
import { openPostgresStore, type PostgresStore } from "../../src/storage/postgres/open.ts";
import { Secret } from "../../src/secret.ts";
import { storeContract } from "../unit/storage/store-contract.ts";
import { ended, launched, noted } from "../unit/storage/events.ts";
import { startPostgres, type TestServer } from "./server.ts";

describe("PostgreSQL store", function () {
  let server: TestServer;
  const opened: PostgresStore[] = [];
  const newSchema = (): string => `t_${randomBytes(6).toString("hex")}`;

  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  const open = async (schema: string): Promise<PostgresStore> => {
    const store = await openPostgresStore(server.secret, { schema });
    opened.push(store);
    return store;
  };
  const sql = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  describe("as every store", () => {
    storeContract(() => {
      const schema = newSchema();
      return { open: () => open(schema), reopen: () => open(schema) };
    });
  });

  describe("the log of drills that are being written", () => {
    it("waits for none of them, takes each head once whoever sequences next, and is told by the drill's row once it is quiet", async () => {
      const schema = newSchema();
      const store = await open(schema);
      await store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
      const writer = new pg.Client({ connectionString: server.url });
      await writer.connect();
      const behind = async (): Promise<unknown> => (await writer.query(`SELECT events, logged, behind FROM ${schema}.drill`)).rows[0];
      try {
        await writer.query("BEGIN");
        await writer.query(`SELECT 1 FROM ${schema}.drill FOR UPDATE`);
        assert.equal((await store.log.sequence()).length, 1);
        assert.deepEqual(await (await open(schema)).log.sequence(), []);
        assert.deepEqual(await behind(), { events: 1, logged: 0, behind: true });
        await writer.query("COMMIT");
        assert.deepEqual(await store.log.sequence(), []);
        assert.deepEqual(await behind(), { events: 1, logged: 1, behind: false });
        await store.append({ drill: "R-1", expectedSeq: 1, events: [noted("R-1", 2)], wakeAt: null });
        assert.deepEqual((await store.log.sequence()).map(({ events }) => events), [1]);
        assert.deepEqual((await store.log.entries("rehearsal", 0)).map((e) => e.seq), [1, 2]);
      } finally {
        await writer.end();
      }
    });
  });

  describe("the log that one replica after the other writes", () => {
    it("is signed for exactly what it holds, also by whoever wrote it before and has it again", async () => {
      const folder = mkdtempSync(join(tmpdir(), "drillbook-log-"));
      try {
        const schema = newSchema();
        const [one, other] = [await open(schema), await open(schema)];
        const key = openLocalKey(folder, { rehearsal: true });
        const lead = (store: PostgresStore) => startSequencer({ store: store.log, signer: (name) => checkpointSigner(folder, name, () => key), clock: () => new Date(), after: () => () => undefined, onFault: (fault) => assert.fail(String(fault)) });
        const add = (drill: string) => one.append({ drill, expectedSeq: 0, events: [launched(drill)], wakeAt: null });
        const signed = async () => [(await one.log.lastCheckpoint("rehearsal"))?.size, (await one.log.entries("rehearsal", 0)).length];
        await add("R-1");
        await (await lead(one)).stop();
        for (const drill of ["R-2", "R-3"]) {
          await add(drill);
          const second = await lead(other);
          await second.pass();
          await second.stop();
        }
        const again = await lead(one);
        await add("R-4");
        await again.pass();
        // A replica that has just lost the lock may write once more: nobody's log may lack what it wrote.
        await add("R-5");
        await other.log.sequence();
        await add("R-6");
        await again.stop();
        assert.deepEqual(await signed(), [6, 6]);
        await (await lead(other)).stop();
        assert.deepEqual(await signed(), [6, 6]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });

  describe("when somebody wrote into the database", () => {
    let schema: string;
    const broken = { code: "evidence-broken" };

    const tamper = async (text: string): Promise<PostgresStore> => {
      await sql(`SET search_path = ${schema}; DROP TRIGGER event_only_added_to ON event; ${text}`);
      return open(schema);
    };

    beforeEach(async () => {
      schema = newSchema();
      const events = [launched("R-1"), noted("R-1", 2), noted("R-1", 3), ended("R-1", 4, "passed")];
      await (await open(schema)).append({ drill: "R-1", expectedSeq: 0, events, wakeAt: null, blobs: [Buffer.from("card")] });
    });

    it("refuses a plain UPDATE, DELETE or TRUNCATE of events", async () => {
      for (const text of ["UPDATE event SET bytes = '{}' WHERE seq = 2", "DELETE FROM event WHERE seq = 4", "TRUNCATE event"]) {
        await assert.rejects(sql(`SET search_path = ${schema}; ${text}`), /only ever added to/);
      }
    });

    const attacks: Record<string, string> = {
      "a changed event": "UPDATE event SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'a note', 'a nose'), 'UTF8') WHERE seq = 2",
      "a changed head": "UPDATE event SET head = 'x' || substr(head, 2) WHERE seq = 3",
      "a deleted event": "DELETE FROM event WHERE seq = 2",
      "a deleted first event": "DELETE FROM event WHERE seq = 1",
      "a deleted last event": "DELETE FROM event WHERE seq = 4",
      "two events changed about": "UPDATE event SET seq = 9 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 9",
      "an event given another drill": "INSERT INTO drill SELECT 'R-2', runbook, title, mode, started_at, ended_at, result, events, head, wake_at, logged FROM drill; UPDATE event SET drill = 'R-2'",
      "a summary that forgets the last event": "UPDATE drill SET events = 3",
      "a missing summary": "DELETE FROM drill",
    };
    for (const [what, text] of Object.entries(attacks)) {
      it(`does not give out a history with ${what}`, async () => {
        const store = await tamper(text);
        const drill = what.includes("another") ? "R-2" : "R-1";
        await assert.rejects(store.read(drill), broken);
        await assert.rejects(store.read(drill, 1), broken);
      });
    }

    it("does not heal a history whose end was deleted by appending to it, not even where it was written last", async () => {
      const wrote = opened[0]!;
      const store = await tamper("DELETE FROM event WHERE seq = 4");
      for (const each of [store, wrote]) {
        await assert.rejects(each.append({ drill: "R-1", expectedSeq: 3, events: [noted("R-1", 4)], wakeAt: null }), broken);
        await assert.rejects(each.append({ drill: "R-1", expectedSeq: 4, events: [noted("R-1", 5)], wakeAt: null }), broken);
      }
    });

    it("begins no drill anew whose summary was deleted", async () => {
      const store = await tamper("DELETE FROM drill");
      await assert.rejects(store.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null, holds: ["/plan/a"] }), broken);
      assert.deepEqual(await store.holders(["/plan/a"]), []);
    });

    it("does not give out a blob that no longer fits its name", async () => {
      const store = await tamper("UPDATE blob SET bytes = '\\x00'");
      await assert.rejects(store.blob(sha256("card")), broken);
    });
  });

  describe("when the server is away", () => {
    it("goes on when it is back, each event stored once", async function () {
      if (process.env["TEST_DATABASE_URL"]) return this.skip();
      const store = await open(newSchema());
      const drills = Array.from({ length: 12 }, (_, i) => `R-${i}`);
      for (const drill of drills) await store.append({ drill, expectedSeq: 0, events: [launched(drill)], wakeAt: null });
      let stop = false;
      const writing = drills.map(async (drill) => {
        let seq = 1;
        for (; !stop; seq += 1) await store.append({ drill, expectedSeq: seq, events: [noted(drill, seq + 1)], wakeAt: null });
        return { drill, seq };
      });
      await server.restart("SIGINT");
      await server.restart("SIGKILL");
      stop = true;
      for (const { drill, seq } of await Promise.all(writing)) {
        assert.ok(seq > 1);
        assert.equal((await store.read(drill)).length, seq);
      }
      return undefined;
    });

    it("says so within half a minute instead of waiting for ever, and names no password", async () => {
      const secret = new Secret("postgres://drillbook:hunter2@127.0.0.1:9/none");
      await assert.rejects(openPostgresStore(secret), (error: unknown) => {
        assert.equal((error as { code: string }).code, "store-busy");
        assert.doesNotMatch(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`, /hunter2/);
        return true;
      });
    });
  });

  it("says what is wrong with a database that is not there", async () => {
    const url = new URL(server.url);
    url.pathname = "/nowhere";
    await assert.rejects(openPostgresStore(new Secret(url.href)), { code: "bad-setting", message: /nowhere/ });
  });
});
