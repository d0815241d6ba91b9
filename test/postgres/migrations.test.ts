import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { connectPostgres, type Connection } from "../../src/storage/postgres/connection.ts";
import { openPostgresStore } from "../../src/storage/postgres/open.ts";
import { migrate, schemaVersion } from "../../src/storage/postgres/schema.ts";
import { alsoOfLog, goesOnWithAll, leftBehind } from "../unit/storage/left-behind.ts";
import { startPostgres, type TestServer } from "./server.ts";

const gone = randomUUID();

describe("migrations of the PostgreSQL store", () => {
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

  /** Fills the tables as the program of that schema did, with a drill under way of a replica that is gone; says which it had. */
  async function fill(): Promise<ReadonlySet<string>> {
    const there = await connection.query("SELECT tablename FROM pg_tables WHERE schemaname = $1", [schema]);
    const tables = new Set(there.map((row) => String(row["tablename"])));
    for (const [table, row] of leftBehind) {
      if (tables.has(table)) await connection.query(`INSERT INTO ${schema}.${table} (${Object.keys(row).join()}) VALUES (${Object.keys(row).map((_, i) => `$${i + 1}`).join()})`, Object.values(row));
    }
    await connection.query(`INSERT INTO ${schema}.seen (key, at, caller) VALUES ('activity-1', 5, gen_random_uuid())`);
    for (const statement of alsoOfLog) await connection.query(statement.replace("UPDATE ", `UPDATE ${schema}.`));
    if (tables.has("replica")) {
      await connection.query(`INSERT INTO ${schema}.replica (id, host, beat_at) VALUES ($1, 'gone', '2026-11-20')`, [gone]);
      await connection.query(`UPDATE ${schema}.drill SET owner = $1 WHERE id = 'R-1'`, [gone]);
    }
    return tables;
  }

  for (let from = 1; from <= schemaVersion; from += 1) {
    it(`lift a store of schema ${from} with all it holds, and drills go on`, async () => {
      await migrate(connection, schema, from);
      const tables = await fill();
      if (from === schemaVersion) assert.deepEqual(leftBehind.filter(([table]) => !tables.has(table)), []);
      const store = await openPostgresStore(server.secret, { schema });
      try {
        const owners = await connection.query(`SELECT d.owner, r.host FROM ${schema}.drill d LEFT JOIN ${schema}.replica r ON r.id = d.owner ORDER BY d.id`);
        assert.deepEqual(owners, [{ owner: null, host: null }, tables.has("replica") ? { owner: gone, host: "gone" } : { owner: null, host: null }]);
        await goesOnWithAll(store, (table) => tables.has(table));
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
