import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { exportBundle, reportOf } from "../../../src/evidence/export.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import type { LogName } from "../../../src/evidence/log/ports.ts";
import { startSequencer } from "../../../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../../../src/evidence/log/signer.ts";
import { verifyBundle } from "../../../src/evidence/verify.ts";
import { filesIn } from "./fixtures/files-in.ts";
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
    const files = filesIn(bundle);
    assert.equal([...files.keys()].filter((name) => name.startsWith("blobs/")).length, 1);
    const page = await reportOf(store, "PAY-0042");
    assert.match(page, /not signed: export the bundle for that/);
    assert.match(Buffer.from(files.get("report.html")!).toString(), /signed by a <b>local key<\/b>/);
    assert.match(Buffer.from(files.get("timeline.csv")!).toString(), /^seq,at,who,what,detail/);
    assert.equal(JSON.parse(Buffer.from(files.get("report.json")!).toString()).transcript.drill, "PAY-0042");
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

  it("holds the checkpoint that covers it, and says how far", async () => {
    const data = folder.path("log");
    mkdirSync(data);
    const signer = (log: LogName) => checkpointSigner(data, log, () => keyFor(log === "rehearsal"));
    const sequencer = await startSequencer({ store: store.log, signer, clock, after: () => () => undefined, onFault: assert.ifError });
    await sequencer.pass({ sign: true });
    const covered = verifyBundle(await exportBundle(store, "PAY-0042", keyFor), { knownKeys: [] });
    assert.deepEqual(covered.problems, []);
    assert.deepEqual([covered.facts?.checkpoint?.event, covered.facts?.checkpoint?.signer], [events.length, "local key"]);
    const [launch] = payrollDrill().events;
    await store.append({ drill: "PAY-0044", expectedSeq: 0, events: [{ ...launch!, drill: "PAY-0044" }], wakeAt: null });
    const early = verifyBundle(await exportBundle(store, "PAY-0044", keyFor), { knownKeys: [] });
    assert.equal(early.facts?.checkpoint, null);
    assert.match(early.remarks.join(" "), /No signed checkpoint/);
    await sequencer.stop();
  });

  it("says what is missing", async () => {
    await assert.rejects(reportOf(store, "PAY-9999"), { code: "not-found" });
    await assert.rejects(exportBundle(store, "PAY-9999", keyFor), { code: "not-found", message: /PAY-9999/ });
    const forgetful = { list: store.list, records: store.records, log: store.log, read: (drill: string) => store.read(drill), blob: async () => null };
    await assert.rejects(exportBundle(forgetful, "PAY-0042", keyFor), { code: "not-found", message: /runbook/ });
  });
});
