import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../../src/drills/ports.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { sha256 } from "../../../src/evidence/hash.ts";
import { entryHash, originOf } from "../../../src/evidence/log/checkpoint.ts";
import { logNames, type LogName } from "../../../src/evidence/log/ports.ts";
import { startSequencer } from "../../../src/evidence/log/sequencer.ts";
import { checkpointFile, checkpointSigner, type CheckpointSigner } from "../../../src/evidence/log/signer.ts";
import { merkleTree, type MerkleTree } from "../../../src/evidence/log/tree.ts";
import { readCheckpoint, type Checkpoint } from "../../../src/evidence/verify/note.ts";
import { isConsistent } from "../../../src/evidence/verify/tree.ts";
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
        putBy(folder, name);
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
    const spki = createPublicKey(openLocalKey(folder, { rehearsal: false }).publicPem).export({ type: "spki", format: "der" });
    const tree = merkleTree(entries.map(entryHash));
    const last = verified("the last checkpoint", note, spki);
    assert.deepEqual([last.origin, last.size, last.root], [originOf(name, await store.log.identity(name)), entries.length, tree.root(entries.length)]);
    for (const earlier of signedBefore(folder, name)) requireGoneOn(verified("an earlier checkpoint", earlier, spki), last, tree);
  }
  assert.deepEqual([...entered].toSorted(), [...heads].map(([drill, all]) => [drill, all.length] as const).toSorted(), "a drill's last head is not in the log");
  return undefined;
}

/** The note that the next one replaces goes by another name too, at once and whole: whatever is killed, every note that was ever signed is there. */
function putBy(folder: string, name: LogName): void {
  const file = checkpointFile(folder, name);
  if (!existsSync(file)) return;
  const before = join(beforeFolder(folder, name), sha256(readFileSync(file)));
  mkdirSync(beforeFolder(folder, name), { recursive: true });
  if (!existsSync(before)) linkSync(file, before);
}

export function beforeFolder(folder: string, name: LogName): string {
  return join(folder, `signed-before-${name}`);
}

function signedBefore(folder: string, name: LogName): readonly Buffer[] {
  const before = beforeFolder(folder, name);
  return existsSync(before) ? readdirSync(before).map((file) => readFileSync(join(before, file))) : [];
}

function verified(which: string, note: Buffer, spki: Buffer): Checkpoint {
  const checkpoint = readCheckpoint(note, spki);
  return typeof checkpoint === "string" ? assert.fail(`${which} ${checkpoint}`) : checkpoint;
}

/** As whoever only has the two checkpoints and the proof would see it. */
function requireGoneOn(earlier: Checkpoint, last: Checkpoint, tree: MerkleTree): void {
  assert.equal(earlier.origin, last.origin, "an earlier checkpoint is of another log");
  const proof = earlier.size > last.size ? [] : tree.consistency(earlier.size, last.size);
  assert.ok(isConsistent(earlier.size, earlier.root, last.size, last.root, proof), `the log does not go on from its checkpoint of ${earlier.size} entries (${earlier.time})`);
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
