import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { genesisHead } from "../../../../src/evidence/chain.ts";
import { sealAll } from "../../../../src/storage/history.ts";
import { openSqliteStore } from "../../../../src/storage/sqlite/open.ts";
import { migrations, schemaVersion } from "../../../../src/storage/sqlite/schema.ts";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { launched, noted } from "../events.ts";
import { clock, inTemporaryFolder } from "./temporary.ts";

describe("migrations of the SQLite store", () => {
  const folder = inTemporaryFolder();

  const launch = launched("R-1") as Extract<DrillEvent, { type: "drill.launched" }>;
  const first: DrillEvent = {
    ...launch,
    params: { plan: "/Plans/Payroll", network: "/networks/dr" },
    runbook: {
      ...launch.runbook,
      parameters: [
        { name: "plan", type: "recovery-plan", label: "Plan", choices: [], default: null },
        { name: "network", type: "azure-resource", label: "Network", choices: [], default: null },
      ],
    },
  };

  /** A file as the program of that schema left it, with a drill under way. */
  function fileOf(version: number): string {
    const file = folder.path(`of-${version}.db`);
    const db = new DatabaseSync(file);
    migrations.slice(0, version).forEach((step) => db.exec(step));
    db.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${0x4452494c}`);
    const sealed = sealAll(genesisHead("R-1"), [first, noted("R-1", 2)]);
    db.prepare("INSERT INTO drill (id, runbook, title, mode, started_at, events, head, wake_at) VALUES ('R-1', 'r', 'R', 'rehearsal', '2026-11-20', 2, ?, 5)").run(sealed.at(-1)!.head);
    const insert = db.prepare("INSERT INTO event (drill, seq, at, type, bytes, head) VALUES ('R-1', ?, ?, ?, ?, ?)");
    for (const { event, bytes, head } of sealed) insert.run(event.seq, event.at, event.type, bytes, head);
    db.close();
    return file;
  }

  for (let version = 1; version <= schemaVersion; version += 1) {
    it(`lift a file of schema ${version} with all it holds, and drills go on`, async () => {
      const store = openSqliteStore(fileOf(version), { clock });
      try {
        assert.equal((await store.read("R-1")).length, 2);
        await store.append({ drill: "R-1", expectedSeq: 2, events: [noted("R-1", 3)], wakeAt: null });
        assert.deepEqual((await store.log.sequence()).map((s) => s.events), [3]);
        if (version < 4) assert.deepEqual(await store.holders(["/plans/payroll", "/networks/dr"]), ["R-1"]);
      } finally {
        store.close();
      }
    });
  }
});
