import assert from "node:assert/strict";
import { writeBundle } from "../../../../src/evidence/bundle.ts";
import { sha256 } from "../../../../src/evidence/hash.ts";
import { openLocalKey, type SigningKey } from "../../../../src/evidence/keys.ts";
import { checkpointText, entryHash, originOf, signedNote } from "../../../../src/evidence/log/checkpoint.ts";
import type { LogProof } from "../../../../src/evidence/log/proof.ts";
import { merkleTree } from "../../../../src/evidence/log/tree.ts";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { noted } from "../../storage/events.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { smallDrill } from "../fixtures/bundles.ts";
import { sealAll } from "../fixtures/history.ts";
import { hasPython, secondVerdictsOn, type Asked } from "./second-verifier.ts";

const forks = process.env["TEST_FULL"] ? 1_000 : 20;
const source = Buffer.from("# Small\n");
const card = Buffer.from("card");
const blobs = new Map([source, card].map((bytes) => [sha256(bytes), bytes] as const));

describe("a bundle held against what was kept from before", function () {
  this.timeout(process.env["TEST_FULL"] ? 3_600_000 : 600_000);
  const folder = inTemporaryFolder();
  let key: SigningKey;
  before(() => void (key = openLocalKey(folder.path("data"), { rehearsal: true })));

  /** The drill under a log whose other entries are named by `others`; this drill's head is the last. */
  async function bundleOf(events: readonly DrillEvent[], others: readonly string[], id = "0123456789abcdef", restored: Parameters<typeof checkpointText>[0]["identity"]["restored"] = null): Promise<{ bundle: Buffer; proof: LogProof }> {
    const sealed = sealAll(events);
    const { head, event } = sealed.at(-1)!;
    const leaves = [...others.map((name) => entryHash({ drill: "A-1", seq: 1, head: sha256(name) })), entryHash({ drill: event.drill, seq: event.seq, head })];
    const tree = merkleTree(leaves);
    const size = leaves.length;
    const identity = { id, restored };
    const checkpoint = await signedNote(checkpointText({ log: "rehearsal", identity, size, root: tree.root(size), at: new Date("2026-11-20T22:00:00.000Z") }, key), originOf("rehearsal", identity), key);
    const proof = { seq: event.seq, index: size - 1, size, path: tree.inclusion(size - 1, size), checkpoint, leaves };
    return { bundle: Buffer.from(await writeBundle({ events: sealed, blobs, report: "", key, proof })), proof };
  }
  const others = (count: number, name = "o"): readonly string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);

  /** What both verifiers say of each, with one Python for all of them. */
  async function verdictsOn(all: readonly { readonly bundle: Buffer; readonly earlier: Uint8Array | string }[]): Promise<readonly (readonly [string, string, string])[]> {
    const asked = all.map(({ bundle, earlier }) => ({ bundle, known: key.publicPem, earlier: [Buffer.from(earlier)] }) satisfies Asked);
    const second = hasPython() ? await secondVerdictsOn(asked) : null;
    return asked.map(({ bundle, earlier }, i) => {
      const { status, problems } = verifyBundle(bundle, { knownKeys: [key.publicPem], earlier });
      return [status, second === null ? status : (second[i]?.status ?? ""), problems[0] === undefined ? "" : `${problems[0].where} ${problems[0].why}`] as const;
    });
  }
  const verdicts = async (bundle: Buffer, earlier: Uint8Array | string): Promise<readonly [string, string, string]> => (await verdictsOn([{ bundle, earlier }]))[0] ?? ["", "", ""];

  it("goes on from an earlier bundle of itself, and from any earlier checkpoint of its log", async () => {
    const early = await bundleOf(smallDrill(), others(3));
    // The log keeps the earlier entry of this drill, then others, then its new head.
    const events = [...smallDrill(), noted("S-1", 4, "more")];
    const sealed = sealAll(smallDrill()).at(-1)!;
    const leaves = [...early.proof.leaves, entryHash({ drill: "B-1", seq: 1, head: sha256("b") }), entryHash({ drill: "S-1", seq: 4, head: sealAll(events).at(-1)!.head })];
    assert.equal(early.proof.leaves.at(-1), entryHash({ drill: "S-1", seq: 3, head: sealed.head }));
    const tree = merkleTree(leaves);
    const identity = { id: "0123456789abcdef", restored: null };
    const checkpoint = await signedNote(checkpointText({ log: "rehearsal", identity, size: 6, root: tree.root(6), at: new Date() }, key), originOf("rehearsal", identity), key);
    const later = Buffer.from(await writeBundle({ events: sealAll(events), blobs, report: "", key, proof: { seq: 4, index: 5, size: 6, path: tree.inclusion(5, 6), checkpoint, leaves } }));
    assert.deepEqual(await verdicts(later, early.bundle), ["intact", "intact", ""]);
    assert.deepEqual(await verdicts(later, early.proof.checkpoint), ["intact", "intact", ""]);
    assert.deepEqual(await verdicts(later, later), ["intact", "intact", ""]);
  });

  it(`refuses ${forks} forks, naming where`, async () => {
    const all: { bundle: Buffer; earlier: string }[] = [];
    for (let i = 0; i < forks; i += 1) {
      const size = 2 + (i % 9);
      const { proof } = await bundleOf(smallDrill(), others(size));
      // Another history by the same key: one entry of the past is another one.
      const changed = others(size + (i % 4)).map((name, at) => (at === i % size ? `forged${i}` : name));
      const { bundle } = await bundleOf([...smallDrill(), noted("S-1", 4, `fork ${i}`)], [...changed, "last"]);
      all.push({ bundle, earlier: proof.checkpoint });
    }
    const said = await verdictsOn(all);
    assert.equal(said.length, forks);
    said.forEach(([ours, second, why], i) => {
      assert.deepEqual([ours, second], ["broken", "broken"], `fork ${i}`);
      assert.match(why, /^checkpoint\.txt does not go on from the earlier one/);
    });
  });

  it("names the event in which it departs from an earlier bundle of the same drill", async () => {
    const { bundle: early } = await bundleOf([...smallDrill(), noted("S-1", 4, "as it was")], others(2));
    const { bundle } = await bundleOf([...smallDrill(), noted("S-1", 4, "as somebody would rather have it")], others(4));
    assert.match((await verdicts(bundle, early))[2], /^events\.jsonl, event 4/);
    const { bundle: shorter } = await bundleOf(smallDrill(), others(4));
    assert.match((await verdicts(shorter, early))[2], /^events\.jsonl, event 4 is missing/);
  });

  it("refuses an older log, another log, another signer, and says when a restore was acknowledged", async () => {
    const { proof } = await bundleOf(smallDrill(), others(5));
    const { bundle: older } = await bundleOf(smallDrill(), others(2));
    assert.match((await verdicts(older, proof.checkpoint))[2], /has 3 entries, the earlier one 6/);
    const { bundle: foreign } = await bundleOf(smallDrill(), others(5), "fedcba9876543210");
    assert.match((await verdicts(foreign, proof.checkpoint))[2], /is of drillbook\/rehearsal\/fedcba9876543210/);
    const restored = { at: "", by: "", reason: "", origin: "drillbook/rehearsal/0123456789abcdef", size: 6, root: "0".repeat(64) };
    const { bundle: anew } = await bundleOf(smallDrill(), others(5), "fedcba9876543210", restored);
    assert.match((await verdicts(anew, proof.checkpoint))[2], /began anew after a restore/);
    const stranger = proof.checkpoint.replace(/— \S+ /, (name) => name).replace(/[A-Za-z0-9]{8}(?=\S*\n$)/, "AAAAAAAA");
    assert.equal((await verdicts(older, stranger))[0], "broken");
  });

  it("finds fault with a checkpoint that does not hold, and calls nothing missing that is there", async () => {
    const sealed = sealAll(smallDrill());
    const { bundle: early, proof } = await bundleOf(smallDrill(), others(2));
    const bundle = Buffer.from(await writeBundle({ events: sealed, blobs, report: "", key, proof: { ...proof, path: [...proof.path.slice(1), "0".repeat(64)] } }));
    const { problems } = verifyBundle(bundle, { knownKeys: [key.publicPem], earlier: [early] });
    assert.deepEqual(problems.map(({ where, why }) => `${where} ${why}`), ["inclusion.txt does not lead from event 3 to the checkpoint's root"]);
    assert.deepEqual((await verdicts(bundle, early)).slice(0, 2), ["broken", "broken"]);
    const without = Buffer.from(await writeBundle({ events: sealed, blobs, report: "", key, proof: null }));
    const said = (bytes: Uint8Array) => verifyBundle(bytes, { knownKeys: [key.publicPem] }).remarks.filter((remark) => /checkpoint/.test(remark)).join();
    assert.match(said(without), /^No signed checkpoint lies in this bundle/);
    assert.equal(said(Buffer.concat([without, Buffer.of(0)])), "", "what is broken may be what held it");
  });
});
