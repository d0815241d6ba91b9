import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fold } from "../../../../src/drills/evolve.ts";
import type { DrillEvent, Person } from "../../../../src/drills/events.ts";
import type { DrillStore } from "../../../../src/drills/ports.ts";
import { writeZip } from "../../../../src/evidence/bundle/zip.ts";
import { exportBundle } from "../../../../src/evidence/export.ts";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openLocalKey } from "../../../../src/evidence/keys.ts";
import { eraseOlder, erasePerson } from "../../../../src/evidence/personal/erase.ts";
import { referencingStore } from "../../../../src/evidence/personal/referencing-store.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { compile } from "../../../../src/runbooks/compile.ts";
import { holds } from "../../../../src/runbooks/condition.ts";
import { memoryStore } from "../../../fakes/memory-store.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { filesIn } from "../fixtures/files-in.ts";
import { tell } from "../fixtures/history.ts";
import { hasPython, secondVerdicts } from "../verify/second-verifier.ts";

const source = Buffer.from(`# Telephone tree

## Who is there

\`\`\`ask
answers:
  lead: { type: person }
  health: { type: text }
  site: { type: choice, choices: [east, west] }
  route: { type: text }
  list: { type: output }
\`\`\`

## Say it

\`\`\`announce
audience: everybody, led by \${lead}
text: "Today: \${health}"
\`\`\`

## East only

\`\`\`manual
when: site == "east" && route != "none"
evidence: [a picture]
\`\`\`
`);

const person = (name: string): Person => ({ id: `p-${name.toLowerCase()}`, name });
const [olivia, amir] = [person("Olivia"), person("Amir")];
const word = { by: amir, reason: "asked for" };
const clock = () => new Date("2026-12-01T09:00:00.000Z");
const picture = Buffer.from("a picture of the switchboard");
const list = Buffer.from('["p-olivia","p-amir"]');
const card = Buffer.from('{"text":"Today: back pain"}');

function told(drill: string): { readonly events: readonly DrillEvent[]; readonly blobs: readonly Uint8Array[] } {
  const { runbook, diagnostics } = compile(source, "tree.md", { actions: new Map(), checks: new Map() });
  assert.ok(runbook !== null, JSON.stringify(diagnostics));
  const story = tell({ drill, by: olivia, runbook, params: {}, mode: "test", roles: { operator: [olivia, amir], owner: [amir], reviewer: [amir] }, launchedAt: "2026-11-20T21:04:00.000Z" });
  const values = { lead: "Amir", health: "back pain", site: "east", route: "the ring road", list: "Get-User\nolivia.o" };
  story.at(10, { by: olivia, type: "answer", step: "who-is-there", round: 1, answer: "done", reason: "", ticks: [], values });
  story.at(20, { by: amir, type: "answer", step: "say-it", round: 1, answer: "done", reason: "", ticks: [] });
  const file = { name: "switchboard.txt", mediaType: "text/plain", size: picture.length, sha256: sha256(picture) };
  story.at(30, { by: olivia, type: "attach", step: "east-only", ...file });
  story.at(41, { by: amir, type: "attach", step: "east-only", name: "accounts.json", mediaType: "application/json", size: list.length, sha256: sha256(list) });
  story.at(50, { by: amir, type: "abort", reason: "enough" });
  return { events: story.events(), blobs: [source, picture, list, card] };
}

describe("what people answered and attached", () => {
  const folder = inTemporaryFolder();
  const keyFor = (rehearsal: boolean) => openLocalKey(folder.path("keys"), { rehearsal });
  let inner: ReturnType<typeof memoryStore>;
  let store: DrillStore;
  const log = { entries: async () => [], lastCheckpoint: async () => null };
  const bundleOf = (drill: string) => exportBundle({ ...store, log }, drill, keyFor);
  const known = () => keyFor(false).publicPem;

  beforeEach(async () => {
    let n = 0;
    inner = memoryStore();
    store = referencingStore<DrillStore>(inner, (bytes) => createHash("sha512").update(String((n += 1))).digest().subarray(0, bytes), () => (n += 10_000));
    for (const drill of ["TEL-0001", "TEL-0002"]) {
      const { events, blobs } = told(drill);
      for (const event of events) await store.append({ drill, expectedSeq: event.seq - 1, events: [event], wakeAt: null, ...(event.seq === 1 ? { blobs } : {}) });
    }
  });

  const hashed = async (drill: string): Promise<string> => (await inner.read(drill)).map((s) => Buffer.from(s.bytes).toString()).join("\n");

  it("is read as it was, and is in what is hashed only where a rule needs it", async () => {
    assert.deepEqual((await store.read("TEL-0001")).map((s) => s.event), told("TEL-0001").events);
    const bytes = await hashed("TEL-0001");
    for (const text of ["back pain", "Amir", "olivia", sha256(picture), "switchboard"]) assert.equal(bytes.includes(text), false, text);
    assert.match(bytes, /"route":"the ring road","site":"east"/);
  });

  it("goes into the bundle beside the events, a file's hash as a record; both verifiers hold it against its commitment", async () => {
    const bundle = await bundleOf("TEL-0001");
    const files = filesIn(bundle);
    assert.deepEqual(Buffer.from(files.get(`blobs/${sha256(picture)}`)!), picture);
    const lines = Buffer.from(files.get("records.jsonl")!).toString();
    const other = sha256("another picture");
    const change = (from: string, to: string): Uint8Array => writeZip(new Map([...files, ["records.jsonl", Buffer.from(lines.replace(from, to))]]));
    const forged = [change("back pain", "fit as a fiddle"), change(sha256(picture), other), change(`"${sha256(picture)}"`, '"none"'), writeZip(new Map([...files].filter(([name]) => !name.startsWith("blobs/"))))];
    assert.equal(verifyBundle(bundle, { knownKeys: [known()] }).status, "intact");
    for (const [i, bytes] of forged.entries()) assert.equal(verifyBundle(bytes, { knownKeys: [known()] }).status, "broken", `forgery ${i}`);
    if (hasPython()) assert.deepEqual((await secondVerdicts([bundle, ...forged], known())).map((v) => v.status), ["intact", "broken", "broken", "broken", "broken"]);
  });

  it("is erased with the person, also from what was announced; what steers stays, and the rules fold and hold as before", async () => {
    const before = fold(told("TEL-0001").events);
    await erasePerson(store, "p-olivia", word, clock);
    const events = (await store.read("TEL-0001")).map((s) => s.event);
    const after = fold(events);
    assert.deepEqual([after.status, after.result, after.steps.map((s) => s.status)], [before.status, before.result, before.steps.map((s) => s.status)]);
    assert.equal(holds(after.runbook.steps.at(-1)?.when ?? "", after.answers), true);
    assert.deepEqual([after.answers["health"], after.answers["site"], after.answers["route"]], ["[erased]", "east", "the ring road"]);
    const left = JSON.stringify([await inner.records("TEL-0001"), events]) + (await hashed("TEL-0001"));
    for (const text of ["back pain", "olivia", "Olivia", "switchboard", sha256(picture)]) assert.equal(left.includes(text), false, text);
    // Both drills kept the same file: it is gone when the last of them has erased it.
    assert.equal(await inner.blob(sha256(picture)), null);
    assert.equal(await inner.blob(sha256(list)), null, "it names her by id alone, and another attached it");
    assert.notEqual(await inner.blob(sha256(source)), null);
    const bundle = await bundleOf("TEL-0001");
    assert.equal(verifyBundle(bundle, { knownKeys: [known()] }).status, "erased");
    if (hasPython()) assert.deepEqual((await secondVerdicts([bundle], known())).map((v) => v.status), ["erased"]);
  });

  it("is kept where another drill still needs it", async () => {
    await store.append({ drill: "TEL-0002", expectedSeq: told("TEL-0002").events.length, events: [{ v: 1, drill: "TEL-0002", seq: told("TEL-0002").events.length + 1, at: clock().toISOString(), by: amir, type: "hold.placed", reason: "litigation" }], wakeAt: null });
    const [erased] = await eraseOlder(store, clock(), word, clock);
    assert.equal(erased?.drill, "TEL-0001");
    assert.notEqual(await inner.blob(sha256(picture)), null);
    assert.equal(verifyBundle(await bundleOf("TEL-0002"), { knownKeys: [known()] }).status, "intact");
    assert.equal(verifyBundle(await bundleOf("TEL-0001"), { knownKeys: [known()] }).status, "erased");
  });
});
