import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fold } from "../../../../src/drills/evolve.ts";
import type { DrillStore } from "../../../../src/drills/ports.ts";
import { exportBundle } from "../../../../src/evidence/export.ts";
import { openLocalKey } from "../../../../src/evidence/keys.ts";
import { eraseOlder, erasePerson, hold } from "../../../../src/evidence/personal/erase.ts";
import { referencingStore } from "../../../../src/evidence/personal/referencing-store.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { memoryStore } from "../../../fakes/memory-store.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { filesIn } from "../fixtures/files-in.ts";
import { payrollDrill } from "../fixtures/payroll-drill.ts";
import { hasPython, secondVerdicts } from "../verify/second-verifier.ts";
import { writeZip } from "../../../../src/evidence/bundle/zip.ts";

const by = { id: "p-dana", name: "Dana Weiss" };
const word = { by, reason: "asked for under Article 17" };
const clock = () => new Date("2026-12-01T09:00:00.000Z");
/** Not random, and different each time. */
function counting(): (bytes: number) => Buffer {
  let n = 0;
  return (bytes) => createHash("sha512").update(String((n += 1))).digest().subarray(0, bytes);
}

describe("people in the evidence", () => {
  const folder = inTemporaryFolder();
  let inner: ReturnType<typeof memoryStore>;
  let store: DrillStore;
  let now = 0;
  const keyFor = (rehearsal: boolean) => openLocalKey(folder.path("keys"), { rehearsal });
  const log = { entries: async () => [], lastCheckpoint: async () => null };
  const bundleOf = () => exportBundle({ ...store, log }, "PAY-0042", keyFor);
  const told = payrollDrill({ mode: "test", skipsStaff: true });
  const innerBytes = async (): Promise<string> => (await inner.read("PAY-0042")).map((s) => Buffer.from(s.bytes).toString()).join("\n");

  beforeEach(async () => {
    inner = memoryStore();
    store = referencingStore<DrillStore>(inner, counting(), () => (now += 10_000));
    const { events, blobs } = told;
    for (const event of events) await store.append({ drill: event.drill, expectedSeq: event.seq - 1, events: [event], wakeAt: null, ...(event.seq === 1 ? { blobs: [...blobs.values()] } : {}) });
  });

  it("are read as they were, and stand in what is hashed by reference alone", async () => {
    assert.deepEqual((await store.read("PAY-0042")).map((s) => s.event), told.events);
    const bytes = await innerBytes();
    for (const name of ["Olivia", "Amir", "Dana", "p-ravi", "19:drills"]) assert.equal(bytes.includes(name), false, name);
    assert.match(bytes, /"v":3/);
  });

  it("have one reference each within a drill, whoever writes: rules compare people by it", async () => {
    const another = referencingStore<DrillStore>(inner, counting(), () => now);
    const events = (await another.read("PAY-0042")).map((s) => s.event);
    assert.deepEqual(fold(events), fold(told.events));
    const refs = (await inner.records("PAY-0042")).filter((r) => r.ref.startsWith("p-")).map((r) => JSON.stringify(r.value));
    assert.equal(new Set(refs).size, refs.length);
  });

  it("go into the bundle beside the events, each held against its commitment by both verifiers", async () => {
    const bundle = await bundleOf();
    const known = keyFor(false).publicPem;
    assert.equal(verifyBundle(bundle, { knownKeys: [known] }).status, "intact");
    const files = filesIn(bundle);
    const lines = Buffer.from(files.get("records.jsonl")!).toString().split("\n").slice(0, -1);
    const withLines = (changed: readonly string[]): Uint8Array => writeZip(new Map([...files, ["records.jsonl", Buffer.from(changed.map((l) => `${l}\n`).join(""))]]));
    const olivia = lines.findIndex((l) => l.includes("Olivia"));
    const forged = [
      withLines(lines.map((l) => l.replace("Olivia", "Mallory"))),
      withLines(lines.filter((_, i) => i !== olivia)),
      withLines([...lines.slice(0, 2).toReversed(), ...lines.slice(2)]),
      withLines([...lines, lines.at(-1)!]),
      withLines([...lines, lines[0]!.replace(/"ref":"[^"]+"/, '"ref":"p-zzzzzzzzzzzzzzzzzzzzzz"')]),
      withLines(lines.map((l, i) => (i === 0 ? l.replace('"salt":"', '"salt":"0') : l))),
      writeZip(new Map([...files].filter(([name]) => name !== "records.jsonl"))),
    ];
    for (const [i, bytes] of forged.entries()) {
      const { status, problems } = verifyBundle(bytes, { knownKeys: [known] });
      assert.equal(status, "broken", `forgery ${i}`);
      assert.ok(problems.some((p) => p.where.startsWith("records.jsonl")), `forgery ${i}: ${JSON.stringify(problems)}`);
    }
    if (!hasPython()) return;
    const verdicts = await secondVerdicts([bundle, ...forged], known);
    assert.deepEqual(verdicts.map((v) => v.status), ["intact", ...forged.map(() => "broken")]);
    assert.ok(verdicts.slice(1).every((v) => v.where !== ""), JSON.stringify(verdicts));
  });

  it("can be erased: the rules still fold, the history says so, and both verifiers have a verdict for it", async () => {
    const before = fold(told.events);
    const [erased] = await erasePerson(store, "p-olivia", word, clock);
    assert.ok((erased?.records ?? 0) > 1);
    const events = (await store.read("PAY-0042")).map((s) => s.event);
    const after = fold(events);
    assert.deepEqual([after.status, after.result, after.steps.map((s) => s.status), after.performers.length, after.debts], [before.status, before.result, before.steps.map((s) => s.status), before.performers.length, before.debts]);
    const left = JSON.stringify([await inner.records("PAY-0042"), events, await innerBytes(), await inner.blob([...told.blobs.keys()].at(-1) ?? "")]);
    for (const name of ["Olivia Okafor", "p-olivia"]) assert.equal(left.includes(name), false, name);
    assert.match(left, /Amir Haddad/);
    const bundle = await bundleOf();
    assert.equal(Buffer.from(bundle).includes("Olivia"), false);
    const { status, remarks } = verifyBundle(bundle, { knownKeys: [keyFor(false).publicPem] });
    assert.equal(status, "erased");
    assert.match(remarks[0] ?? "", /erased, as events of this drill say/);
    if (hasPython()) assert.deepEqual((await secondVerdicts([bundle], keyFor(false).publicPem)).map((v) => v.status), ["erased"]);
  });

  it("are not erased while their drill runs or is on hold, and then nothing of anybody is", async () => {
    await hold(store, "PAY-0042", "hold.placed", { by, reason: "litigation 2027-4" }, clock);
    const before = await inner.records("PAY-0042");
    await assert.rejects(erasePerson(store, "p-olivia", word, clock), { code: "not-now", message: /on hold: litigation 2027-4/ });
    assert.deepEqual(await eraseOlder(store, clock(), word, clock), []);
    assert.deepEqual(await inner.records("PAY-0042"), before);
    await hold(store, "PAY-0042", "hold.released", { by, reason: "settled" }, clock);
    const [gone] = await eraseOlder(store, new Date("2026-11-25T00:00:00.000Z"), word, clock);
    assert.equal(gone?.drill, "PAY-0042");
    // What is left is who erased, and why: both stand by reference, too.
    assert.equal((await inner.records("PAY-0042")).length <= 3, true);
    await assert.rejects(erasePerson(store, "p-nobody", word, clock), { code: "not-found" });
  });

  it("of another process are gone here soon after they were erased there", async () => {
    await store.read("PAY-0042");
    await erasePerson(referencingStore<DrillStore>(inner, counting(), () => now), "p-olivia", word, clock);
    assert.equal(JSON.stringify((await store.read("PAY-0042")).map((s) => s.event)).includes("Olivia"), false);
  });
});

describe("a history from before references", () => {
  it("is read, verified and gone on with as it is", async () => {
    const inner = memoryStore();
    const { events } = payrollDrill({ mode: "test", until: "check" });
    await inner.append({ drill: "PAY-0042", expectedSeq: 0, events, wakeAt: null });
    const store = referencingStore<DrillStore>(inner, counting(), () => 0);
    assert.deepEqual((await store.read("PAY-0042")).map((s) => s.event), events);
    const note = { v: 1, drill: "PAY-0042", seq: events.length + 1, at: "2026-11-21T00:00:00.000Z", by, type: "note.added", step: null, text: "hello" } as const;
    await store.append({ drill: "PAY-0042", expectedSeq: events.length, events: [note], wakeAt: null });
    assert.deepEqual((await store.read("PAY-0042")).at(-1)?.event, note);
    assert.equal(Buffer.from((await inner.read("PAY-0042")).at(-1)!.bytes).includes("hello"), false);
  });
});
