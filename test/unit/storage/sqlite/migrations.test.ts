import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { migrations, schemaVersion } from "../../../../src/storage/sqlite/schema.ts";
import { alsoOfLog, goesOnWithAll, leftBehind } from "../left-behind.ts";
import { clock, inTemporaryFolder } from "./temporary.ts";

describe("migrations of the SQLite store", () => {
  const folder = inTemporaryFolder();

  /** A file as the program of that schema left it, with a drill under way; and the tables that it had. */
  function fileOf(version: number): { readonly file: string; readonly tables: ReadonlySet<string> } {
    const file = folder.path(`of-${version}.db`);
    const db = new DatabaseSync(file);
    migrations.slice(0, version).forEach((step) => db.exec(step));
    db.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${0x4452494c}`);
    const tables = new Set(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map((row) => String(row["name"])));
    for (const [table, row] of leftBehind) {
      if (tables.has(table)) db.prepare(`INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${Object.keys(row).map(() => "?").join()})`).run(...Object.values(row));
    }
    db.exec(`INSERT INTO seen (key, at) VALUES ('activity-1', 5); ${tables.has("log") ? alsoOfLog.join(";") : ""}`);
    db.close();
    return { file, tables };
  }

  for (let version = 1; version <= schemaVersion; version += 1) {
    it(`lift a file of schema ${version} with all it holds, and drills go on`, async () => {
      const { file, tables } = fileOf(version);
      if (version === schemaVersion) assert.deepEqual(leftBehind.filter(([table]) => !tables.has(table)), []);
      const store = openSqliteStore(file, { clock });
      try {
        await goesOnWithAll(store, (table) => tables.has(table));
      } finally {
        store.close();
      }
    });
  }
});
