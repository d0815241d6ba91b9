import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DrillStore } from "../../../src/drills/ports.ts";
import { exportBundle, reportOf } from "../../../src/evidence/export.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { verifyBundle } from "../../../src/evidence/verify.ts";
import { readContainer } from "../../../src/evidence/verify/container.ts";
import { openSqliteStore, type SqliteStore } from "../../../src/storage/sqlite/open.ts";
import { clock, inTemporaryFolder } from "../storage/sqlite/temporary.ts";
import { payrollDrill } from "./fixtures/payroll-drill.ts";

describe("export", () => {
  const folder = inTemporaryFolder();
  let store: SqliteStore;
  const { events, blobs } = payrollDrill();

  before(async () => {
    store = openSqliteStore(folder.path("drills.db"), { clock });
    await store.append({ drill: "PAY-0042", expectedSeq: 0, events, wakeAt: null, blobs: [...blobs.values(), Buffer.from("of another drill")] });
  });
  after(() => store.close());

  const keyFor = (rehearsal: boolean) => openLocalKey(folder.path("data"), { rehearsal });

  it("takes a drill from the store, with what its events name and nothing else, and verifies", async () => {
    const bundle = await exportBundle(store, "PAY-0042", keyFor);
    const report = verifyBundle(bundle, { knownKeys: [readFileSync(keyFor(true).publicFile, "utf8")] });
    assert.equal(report.status, "intact");
    const { files } = readContainer(bundle);
    assert.equal([...files.keys()].filter((name) => name.startsWith("blobs/")).length, 1);
    const page = await reportOf(store, "PAY-0042");
    assert.match(page, /not signed: export the bundle for that/);
    assert.match(Buffer.from(files.get("report.html")!).toString(), /signed by a <b>local key<\/b>/);
    assert.match(Buffer.from(files.get("runbook.md")!).toString(), /^---\nid: payroll-test-failover/);
  });

  it("works from a reader beside the runner, and for a drill that is open", async () => {
    const open = payrollDrill({ until: "check" }).events.map((e) => ({ ...e, drill: "PAY-0043" }));
    await store.append({ drill: "PAY-0043", expectedSeq: 0, events: open, wakeAt: null });
    const reader = openSqliteStore(folder.path("drills.db"), { readOnly: true });
    const report = verifyBundle(await exportBundle(reader, "PAY-0043", keyFor), { knownKeys: [] });
    reader.close();
    assert.equal(report.status, "unknown-signer");
    assert.equal(report.facts?.state, "open");
  });

  it("says what is missing", async () => {
    await assert.rejects(reportOf(store, "PAY-9999"), { code: "not-found" });
    await assert.rejects(exportBundle(store, "PAY-9999", keyFor), { code: "not-found", message: /PAY-9999/ });
    const forgetful: Pick<DrillStore, "read" | "blob"> = { read: (drill) => store.read(drill), blob: async () => null };
    await assert.rejects(exportBundle(forgetful, "PAY-0042", keyFor), { code: "not-found", message: /runbook/ });
  });
});
