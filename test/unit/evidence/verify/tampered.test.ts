import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import type { DrillStore } from "../../../../src/drills/ports.ts";
import { exportBundle } from "../../../../src/evidence/export.ts";
import { checkpointText, entryHash, originOf, signedNote } from "../../../../src/evidence/log/checkpoint.ts";
import { merkleTree } from "../../../../src/evidence/log/tree.ts";
import { referencingStore } from "../../../../src/evidence/personal/referencing-store.ts";
import { memoryStore } from "../../../fakes/memory-store.ts";
import { blobsDrawn, walk, walks } from "../../../fakes/random-drill.ts";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openLocalKey, type SigningKey } from "../../../../src/evidence/keys.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { expectedFingerprint } from "../../../../src/evidence/verify/expected.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { payrollBundle, smallBundle, smallDrill } from "../fixtures/bundles.ts";
import { noted } from "../../storage/events.ts";
import { hasPython, secondVerdicts, secondVerdictsOn, type Asked } from "./second-verifier.ts";

/** With TEST_FULL every figure that is promised; without, a fiftieth of it. */
const share = process.env["TEST_FULL"] ? 1 : 50;
const flips = 10_000 / share;
const edits = 1_000 / share;
const honestOnes = process.env["TEST_FULL"] ? 10_000 : 10;

/** A record, a file, or a field of the container. */
const place = /^(?:container(?:, \S+| \S+)*|(?:events|records)\.jsonl, (?:event|line) \d+|(?:heads|manifest)\.txt, line \d+|(?:[A-Za-z_]+\.[a-z]+|blobs\/[0-9a-f]{64}))$/;

describe("two verifiers that share no code, one of them in Python", function () {
  this.timeout(process.env["TEST_FULL"] ? 3_600_000 : 600_000);
  const folder = inTemporaryFolder();
  let key: SigningKey;
  let honest: Buffer;
  const random = sequence("tampered");

  before(async function () {
    if (!hasPython()) {
      console.warn("      SKIPPED: there is no python3 here, so the second verifier was not tried at all");
      this.skip();
    }
    key = openLocalKey(folder.path("data"), { rehearsal: true });
    honest = Buffer.from(await payrollBundle(key));
  });

  async function bothRefuse(forged: readonly Buffer[]): Promise<void> {
    const ours = forged.map((bytes) => verifyBundle(bytes, { knownKeys: [key.publicPem] }));
    const theirs = await secondVerdicts(forged, key.publicPem);
    assert.equal(theirs.length, forged.length);
    ours.forEach(({ status, problems }, i) => {
      assert.equal(status, "broken", `ours, number ${i}`);
      assert.match(problems[0]?.where ?? "", place, "ours names a place");
      assert.equal(theirs[i]?.status, "broken", `the second, number ${i}`);
      assert.match(theirs[i]?.where ?? "", place, "the second names a place");
    });
  }

  const forgeries = (count: number, forge: () => Buffer): readonly Buffer[] =>
    Array.from({ length: count }, () => {
      for (;;) {
        const forged = forge();
        if (!forged.equals(honest)) return forged;
      }
    });

  it(`refuse ${flips} flips of a single bit`, () => bothRefuse(forgeries(flips, () => {
    const forged = Buffer.from(honest);
    forged[random(honest.length)]! ^= 1 << random(8);
    return forged;
  })));

  it(`refuse ${edits} deletions`, () => bothRefuse(forgeries(edits, () => {
    const at = random(honest.length);
    return Buffer.concat([honest.subarray(0, at), honest.subarray(at + 1 + random(400))]);
  })));

  it(`refuse ${edits} insertions`, () => bothRefuse(forgeries(edits, () => {
    const at = random(honest.length + 1);
    const from = random(honest.length - 400);
    return Buffer.concat([honest.subarray(0, at), honest.subarray(from, from + 1 + random(400)), honest.subarray(at)]);
  })));

  it(`refuse ${edits} swaps`, () => bothRefuse(forgeries(edits, () => {
    const width = 1 + random(200);
    const one = random(honest.length - 2 * width);
    const other = one + width + random(honest.length - one - 2 * width);
    const forged = Buffer.from(honest);
    honest.copy(forged, other, one, one + width);
    honest.copy(forged, one, other, other + width);
    return forged;
  })));

  it(`refuse ${edits} truncations`, () => bothRefuse(forgeries(edits, () => honest.subarray(0, random(honest.length)))));

  it(`find ${honestOnes} honest bundles intact, and their signer unknown to whoever knows another key`, async () => {
    const says = (i: number) => [...smallDrill(), { ...noted("S-1", 4, `note ${i}`), n: [i / 7, i * 1e-9, -i - 0.5, i * 1e11 + 0.5, "\u2028\u007f\u0001\"\\ü😀"], "\ufb33": 1, "😀": 2 }];
    const drills = fc.sample(walks, { numRuns: honestOnes / 2, seed: 1 });
    const keyFor = (rehearsal: boolean): SigningKey => openLocalKey(folder.path("data"), { rehearsal });
    const known = new Set<string>();
    async function* bundles(): AsyncGenerator<Asked> {
      for (let i = 0; i < honestOnes / 2; i += 1) yield { bundle: await smallBundle(key, says(i)), known: key.publicPem };
      for (const drawn of drills) {
        const { bundle, signer } = await exportedBundle(walk(...drawn).events, keyFor);
        yield { bundle, known: signer.publicPem };
      }
    }
    let count = 0;
    const verdicts = await secondVerdictsOn(counted(bundles(), ({ bundle, known: pem = "" }) => {
      const { status, problems } = verifyBundle(bundle, { knownKeys: [pem] });
      assert.deepEqual([status, problems], ["intact", []], `ours, number ${count}`);
      known.add(pem);
      count += 1;
    }));
    assert.deepEqual([count, verdicts.length, known.size], [honestOnes, honestOnes, 2]);
    for (const [i, verdict] of verdicts.entries()) assert.deepEqual(verdict, { status: "intact", where: "", why: "" }, `the second, number ${i}`);
    const other = openLocalKey(folder.path("other"), { rehearsal: true }).publicPem;
    assert.deepEqual((await secondVerdicts([honest], other))[0]?.status, "unknown-signer");
  });

  it("agree that a key exchanged for another is not the one that was known", async () => {
    const other = openLocalKey(folder.path("other"), { rehearsal: true });
    const forged = await payrollBundle(other);
    assert.equal(verifyBundle(forged, { knownKeys: [key.publicPem] }).status, "unknown-signer");
    assert.equal((await secondVerdicts([forged], key.publicPem))[0]?.status, "unknown-signer");
  });

  it(`refuse ${edits} replaced keys when the fingerprint is known that is to be expected`, async () => {
    const { fingerprint } = key;
    const forged = await Promise.all(Array.from({ length: edits }, async (_, i) => {
      const other = openLocalKey(folder.path(`other-${i}`), { rehearsal: true });
      assert.notEqual(other.fingerprint, fingerprint);
      // Every other one is of the very same history: nothing but the signer is another.
      return smallBundle(other, i % 2 === 0 ? smallDrill() : [...smallDrill(), noted("S-1", 4, `forged ${i}`)]);
    }));
    const expected = [expectedFingerprint(fingerprint)];
    for (const bundle of forged) {
      const { status, problems } = verifyBundle(bundle, { knownKeys: [], expected });
      assert.deepEqual([status, problems[0]?.where], ["broken", "key.pem"]);
    }
    const second = await secondVerdictsOn(forged.map((bundle) => ({ bundle, fingerprint })));
    assert.equal(second.length, edits);
    for (const { status, where } of second) assert.deepEqual([status, where], ["broken", "key.pem"]);
    assert.equal(verifyBundle(honest, { knownKeys: [], expected }).status, "intact");
    assert.equal((await secondVerdictsOn([{ bundle: honest, fingerprint }]))[0]?.status, "intact");
  });
});

/** A drill as the product exports it: people by reference, report and all, under a checkpoint. */
async function exportedBundle(events: readonly DrillEvent[], keyFor: (rehearsal: boolean) => SigningKey): Promise<{ readonly bundle: Uint8Array; readonly signer: SigningKey }> {
  const [launch, ...rest] = events;
  if (launch?.type !== "drill.launched") throw new Error("the first event is a launch");
  const source = Buffer.from("# Drawn by chance\n");
  const inner = memoryStore();
  const store = referencingStore<DrillStore>(inner, randomBytes, () => 0);
  await store.append({ drill: launch.drill, expectedSeq: 0, events: [{ ...launch, runbook: { ...launch.runbook, hash: sha256(source) } }, ...rest], wakeAt: null, blobs: [source, ...blobsDrawn] });
  const signer = keyFor(launch.mode === "rehearsal");
  const log = launch.mode === "rehearsal" ? "rehearsal" : "drills";
  const entries = (await inner.read(launch.drill)).map(({ event: { seq }, head }) => ({ drill: launch.drill, seq, head }));
  const identity = { id: "0123456789abcdef", restored: null };
  const facts = { log, identity, size: entries.length, root: merkleTree(entries.map(entryHash)).root(entries.length), at: new Date("2026-11-20T22:00:00.000Z") } as const;
  const note = await signedNote(checkpointText(facts, signer), originOf(log, identity), signer);
  const kept = { entries: async (name: string) => (name === log ? entries : []), lastCheckpoint: async (name: string) => (name === log ? { size: entries.length, note } : null) };
  return { bundle: await exportBundle({ ...store, log: kept }, launch.drill, keyFor), signer };
}

async function* counted<T>(all: AsyncIterable<T>, look: (one: T) => void): AsyncGenerator<T> {
  for await (const one of all) {
    look(one);
    yield one;
  }
}

/** A sequence of numbers that is the same in every run. */
function sequence(seed: string): (below: number) => number {
  let state = seed;
  return (below) => {
    state = sha256(state);
    return Number.parseInt(state.slice(0, 12), 16) % below;
  };
}
