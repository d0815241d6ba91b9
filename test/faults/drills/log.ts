import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../../src/drills/ports.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { entryHash, originOf } from "../../../src/evidence/log/checkpoint.ts";
import { logNames, type LogName } from "../../../src/evidence/log/ports.ts";
import { startSequencer } from "../../../src/evidence/log/sequencer.ts";
import { checkpointFile, checkpointSigner, type CheckpointSigner } from "../../../src/evidence/log/signer.ts";
import { merkleTree } from "../../../src/evidence/log/tree.ts";
import { readCheckpoint } from "../../../src/evidence/verify/note.ts";
import type { Store } from "../../../src/storage/store.ts";

type Sequencing = {
  readonly clock: Clock;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (fault: unknown) => void;
  readonly meet: (at: "sequenced" | "signed") => void;
};

/** The log of every drill's head, signed by a key in `folder`: by this process, or by whichever replica does it now. */
export function sequencing(store: Pick<Store, "log" | "onlyOne">, folder: string, { clock, after, onFault, meet }: Sequencing): Promise<{ stop(): Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  const key = openLocalKey(folder, { rehearsal: false });
  const signer = (name: LogName): CheckpointSigner => {
    const own = checkpointSigner(folder, name, () => key);
    return {
      ...own,
      async sign(facts, proof) {
        const note = await own.sign(facts, proof);
        meet("signed");
        return note;
      },
    };
  };
  const log: Store["log"] = {
    ...store.log,
    async sequence(...known) {
      const sequenced = await store.log.sequence(...known);
      if (sequenced.length > 0) meet("sequenced");
      return sequenced;
    },
  };
  return store.onlyOne(() => startSequencer({ store: log, signer, clock, after, onFault }), onFault);
}

/**
 * Every drill's last head is in the log, once and nowhere twice, every entry is a head that the drill had, and all of it lies
 * under a checkpoint that verifies. Where replicas run on, whichever writes the log is given a while for the rest.
 */
export async function judgeLog(store: Pick<Store, "log">, folder: string, heads: ReadonlyMap<string, readonly string[]>, waitMs: number): Promise<void> {
  for (const end = Date.now() + waitMs; Date.now() < end && !(await isWhole(store, heads)); ) await pause(250);
  const entered = new Map<string, number>();
  for (const name of logNames) {
    const entries = await store.log.entries(name, 0);
    for (const { drill, seq, head } of entries) {
      assert.ok(seq > (entered.get(drill) ?? 0), `${drill} ${seq} is in the log again after ${entered.get(drill)}`);
      assert.equal(head, heads.get(drill)?.[seq - 1], `the log has a head of ${drill} that it never had`);
      entered.set(drill, seq);
    }
    const kept = await store.log.lastCheckpoint(name);
    if (entries.length === 0) {
      assert.equal(kept, null);
      continue;
    }
    assert.ok(kept !== null, `the log of ${name} was never signed`);
    const note = readFileSync(checkpointFile(folder, name));
    assert.equal(kept.note, note.toString("utf8"), "the last checkpoint beside the store is another one");
    const { publicPem } = openLocalKey(folder, { rehearsal: false });
    const checkpoint = readCheckpoint(note, createPublicKey(publicPem).export({ type: "spki", format: "der" }));
    if (typeof checkpoint === "string") return assert.fail(`the last checkpoint ${checkpoint}`);
    const tree = merkleTree(entries.map(entryHash));
    assert.deepEqual([checkpoint.origin, checkpoint.size, checkpoint.root], [originOf(name, await store.log.identity(name)), entries.length, tree.root(entries.length)]);
  }
  assert.deepEqual([...entered].toSorted(), [...heads].map(([drill, all]) => [drill, all.length] as const).toSorted(), "a drill's last head is not in the log");
  return undefined;
}

async function isWhole({ log }: Pick<Store, "log">, heads: ReadonlyMap<string, readonly string[]>): Promise<boolean> {
  const newest = new Map<string, number>();
  for (const name of logNames) {
    const entries = await log.entries(name, 0);
    for (const { drill, seq } of entries) newest.set(drill, seq);
    if (((await log.lastCheckpoint(name))?.size ?? 0) !== entries.length) return false;
  }
  return [...heads].every(([drill, all]) => newest.get(drill) === all.length);
}
