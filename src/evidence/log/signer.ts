import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { createPublicKey } from "node:crypto";
import { DrillbookError } from "../../errors.ts";
import type { SigningKey } from "../keys.ts";
import { readCheckpoint, type Checkpoint } from "../verify/note.ts";
import { isConsistent } from "../verify/tree.ts";
import { checkpointText, originOf, signedNote, type CheckpointFacts } from "./checkpoint.ts";
import type { LogName } from "./ports.ts";

/** Signs checkpoints of one log, and only those that go on from the last one it signed. */
export type CheckpointSigner = {
  /** What was signed last; null: nothing yet. Throws `evidence-broken` when the file was changed. */
  last(): Checkpoint | null;
  /** `proof`: from the last checkpoint's size to this one's. Throws `evidence-broken`; nothing is signed then. */
  sign(facts: CheckpointFacts, proof: readonly string[]): Promise<string>;
  /** Puts the last checkpoint aside, under a name with this time. The next one may begin anew. */
  putAside(at: Date): void;
};

/** The last checkpoint lies beside the store and not in it: a store restored from a backup cannot bring an old one along. */
export function checkpointFile(folder: string, log: LogName): string {
  return join(folder, `checkpoint-${log}.txt`);
}

export function checkpointSigner(folder: string, log: LogName, key: () => SigningKey): CheckpointSigner {
  const file = checkpointFile(folder, log);
  const last = (): Checkpoint | null => (existsSync(file) ? read(file, key()) : null);
  return {
    last,
    async sign(facts, proof) {
      requireGoingOn(last(), facts, proof);
      const signing = key();
      const note = await signedNote(checkpointText(facts, signing), originOf(log, facts.identity), signing);
      // On disk before anybody sees it: were it lost, the next one might contradict it unnoticed.
      writeDurably(file, note);
      return note;
    },
    putAside(at) {
      if (existsSync(file)) renameSync(file, join(folder, `checkpoint-${log}-until-${at.toISOString().replaceAll(/[-:.]/g, "")}.txt`));
    },
  };
}

function read(file: string, key: SigningKey): Checkpoint {
  const checkpoint = readCheckpoint(readFileSync(file), createPublicKey(key.publicPem).export({ type: "spki", format: "der" }));
  if (typeof checkpoint !== "string") return checkpoint;
  throw new DrillbookError("evidence-broken", `${file} ${checkpoint}.`, "Find out who changed it or the key, and put back what was there.");
}

function requireGoingOn(last: Checkpoint | null, { log, identity, size, root }: CheckpointFacts, proof: readonly string[]): void {
  if (last === null) return;
  if (last.origin === originOf(log, identity) && isConsistent(last.size, last.root, size, root, proof)) return;
  throw new DrillbookError(
    "evidence-broken",
    `The log of ${log} (${size} entries) does not go on from its last checkpoint (${last.size} entries, ${last.time}): nothing was signed.`,
    "Keep the store as it is and compare it with a backup. See docs/evidence-format.md, A store that was restored.",
  );
}

function writeDurably(file: string, text: string): void {
  const unfinished = `${file}.part`;
  const descriptor = openSync(unfinished, "w", 0o644);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
  syncFolder(dirname(file));
}

/** The new name is durable only once the folder is. Windows cannot open one, and needs no such help. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
