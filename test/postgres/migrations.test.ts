import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connectPostgres, type Connection } from "../../src/storage/postgres/connection.ts";
import { openPostgresStore } from "../../src/storage/postgres/open.ts";
import { migrate, schemaVersion } from "../../src/storage/postgres/schema.ts";
import { sealAll } from "../../src/storage/history.ts";
import { genesisHead } from "../../src/evidence/chain.ts";
import { launched, noted } from "../unit/storage/events.ts";
import { startPostgres, type TestServer } from "./server.ts";

describe("migrations of the PostgreSQL store", function () {
  this.timeout(60_000);
  let server: TestServer;
  let connection: Connection;
  let schema: string;

  before(async () => {
    server = await startPostgres();
    connection = connectPostgres(server.secret);
  });
  after(async () => {
    await connection.close();
    await server.close();
  });
  beforeEach(() => {
    schema = `m_${randomBytes(6).toString("hex")}`;
  });

  /** A drill as a program of the first schema wrote it. */
  async function asOfTheFirst(): Promise<void> {
    const sealed = sealAll(genesisHead("R-1"), [launched("R-1"), noted("R-1", 2)]);
    await connection.query(
      `INSERT INTO ${schema}.drill (id, runbook, title, mode, started_at, events, head, wake_at) VALUES ('R-1', 'payroll-test-failover', 'Payroll test failover', 'rehearsal', $1, 2, $2, 5)`,
      ["2026-11-20T11:00:01.000Z", sealed.at(-1)?.head],
    );
    for (const { event, bytes, head } of sealed) {
      await connection.query(`INSERT INTO ${schema}.event (drill, seq, at, type, bytes, head) VALUES ('R-1', $1, $2, $3, $4, $5)`, [event.seq, event.at, event.type, Buffer.from(bytes), head]);
    }
  }

  for (let from = 1; from <= schemaVersion; from += 1) {
    it(`lift a store of schema ${from} with all it holds, and drills go on`, async () => {
      await migrate(connection, schema, from);
      await asOfTheFirst();
      const store = await openPostgresStore(server.secret, { schema });
      try {
        assert.equal((await store.read("R-1")).length, 2);
        await store.append({ drill: "R-1", expectedSeq: 2, events: [noted("R-1", 3)], wakeAt: null });
        assert.equal((await store.read("R-1")).length, 3);
        assert.equal((await store.log.sequence()).length, 1);
      } finally {
        await store.close();
      }
    });
  }

  it("are done once when many replicas start at the same moment", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore(server.secret, { schema })));
    const [row] = await connection.query(`SELECT count(*)::int AS n, max(version) AS version FROM ${schema}.version`);
    assert.deepEqual(row, { n: 1, version: schemaVersion });
    for (const store of stores) await store.close();
  });

  it("leave a newer schema as it is: one that only added is worked on, another is refused", async () => {
    await migrate(connection, schema);
    await connection.query(`UPDATE ${schema}.version SET version = $1`, [schemaVersion + 1]);
    await (await openPostgresStore(server.secret, { schema })).close();
    await connection.query(`UPDATE ${schema}.version SET least = $1`, [schemaVersion + 1]);
    await assert.rejects(openPostgresStore(server.secret, { schema }), { code: "store-newer" });
    await assert.rejects(openPostgresStore(server.secret, { schema, readOnly: true }), { code: "store-newer" });
  });

  it("are not done by a command that only reads", async () => {
    await assert.rejects(openPostgresStore(server.secret, { schema, readOnly: true }), { code: "not-found" });
    await migrate(connection, schema, 1);
    if (schemaVersion > 1) await assert.rejects(openPostgresStore(server.secret, { schema, readOnly: true }), { code: "not-now" });
  });
});
