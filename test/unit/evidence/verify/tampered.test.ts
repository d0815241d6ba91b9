import assert from "node:assert/strict";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openLocalKey, type SigningKey } from "../../../../src/evidence/keys.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { expectedFingerprint } from "../../../../src/evidence/verify/expected.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { payrollBundle, smallBundle, smallDrill } from "../fixtures/bundles.ts";
import { noted } from "../../storage/events.ts";
import { hasPython, secondVerdicts, secondVerdictsOn } from "./second-verifier.ts";

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
    const bundles = await Promise.all(Array.from({ length: honestOnes - 1 }, (_, i) => smallBundle(key, says(i))));
    const all = [honest, ...bundles];
    for (const bundle of all) assert.deepEqual(verifyBundle(bundle, { knownKeys: [key.publicPem] }).problems, []);
    for (const [known, status] of [[key.publicPem, "intact"], [openLocalKey(folder.path("other"), { rehearsal: true }).publicPem, "unknown-signer"]] as const) {
      for (const verdict of await secondVerdicts(known === key.publicPem ? all : all.slice(0, 5), known)) assert.deepEqual(verdict, { status, where: "", why: "" });
    }
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

/** A sequence of numbers that is the same in every run. */
function sequence(seed: string): (below: number) => number {
  let state = seed;
  return (below) => {
    state = sha256(state);
    return Number.parseInt(state.slice(0, 12), 16) % below;
  };
}
