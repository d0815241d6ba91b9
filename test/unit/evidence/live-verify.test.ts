import assert from "node:assert/strict";
import { verifyStored } from "../../../src/evidence/live-verify.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { checkpointText, entryHash, originOf, signedNote } from "../../../src/evidence/log/checkpoint.ts";
import { merkleTree } from "../../../src/evidence/log/tree.ts";
import { memoryStore } from "../../fakes/memory-store.ts";
import { inTemporaryFolder } from "../storage/sqlite/temporary.ts";
import { smallDrill } from "./fixtures/bundles.ts";

describe("a drill verified in the store", () => {
  const folder = inTemporaryFolder();

  it("calls a checkpoint missing only where there is none, and speaks of no bundle", async () => {
    const [key, other] = ["data", "other"].map((name) => openLocalKey(folder.path(name), { rehearsal: true }));
    const store = memoryStore();
    await store.append({ drill: "S-1", expectedSeq: 0, events: smallDrill(), wakeAt: null });
    const entries = (await store.read("S-1")).map(({ event: { seq }, head }) => ({ drill: "S-1", seq, head }));
    const identity = { id: "0123456789abcdef", restored: null };
    const size = entries.length;
    const facts = { log: "rehearsal", identity, size, root: merkleTree(entries.map(entryHash)).root(size), at: new Date("2026-11-20T22:00:00.000Z") } as const;
    const note = await signedNote(checkpointText(facts, other!), originOf("rehearsal", identity), other!);
    const verdict = async (last: { readonly size: number; readonly note: string } | null) =>
      verifyStored({ read: (drill, after, most) => store.read(drill, after, most), log: { entries: async () => entries, lastCheckpoint: async () => last } }, "S-1", () => key!.publicPem);
    const uncovered = await verdict(null);
    assert.deepEqual([uncovered?.status, uncovered?.remarks[0]], ["intact", "No signed checkpoint covers this drill yet: nothing but the store stands behind it."]);
    const foreign = await verdict({ size, note });
    assert.deepEqual([foreign?.status, foreign?.problem], ["broken", "checkpoint.txt is signed by another key"]);
    for (const said of [uncovered, foreign]) assert.equal(said?.remarks.some((remark) => /bundle/.test(remark)), false);
    assert.equal(foreign?.remarks.some((remark) => /No signed checkpoint/.test(remark)), false);
  });
});
