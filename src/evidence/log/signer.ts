import { existsSync, readFileSync, renameSync } from "node:fs";
import { open, rename } from "node:fs/promises";
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

/**
 * The signer of one log. `key` is asked for only when something is read or signed: a local key that nobody needs is never made.
 * When the key cannot sign, what it throws goes through, and nothing is written.
 */
export function checkpointSigner(folder: string, log: LogName, key: () => SigningKey): CheckpointSigner {
  const file = checkpointFile(folder, log);
  const lastBy = (by: SigningKey): Checkpoint | null => (existsSync(file) ? read(file, by) : null);
  return {
    last: () => lastBy(key()),
    async sign(facts, proof) {
      const signing = key();
      requireGoingOn(lastBy(signing), facts, proof);
      const note = await signedNote(checkpointText(facts, signing), originOf(log, facts.identity), signing);
      // On disk before anybody sees it: were it lost, the next one might contradict it unnoticed.
      await writeDurably(file, note);
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

/** Without holding up the process meanwhile: a slow disk must not keep anybody waiting who presses a button. */
async function writeDurably(file: string, text: string): Promise<void> {
  const unfinished = `${file}.part`;
  const written = await open(unfinished, "w", 0o644);
  try {
    await written.writeFile(text);
    await written.sync();
  } finally {
    await written.close();
  }
  await rename(unfinished, file);
  await syncFolder(dirname(file));
}

/** The new name is durable only once the folder is. Windows cannot open one, and needs no such help. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const opened = await open(folder, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
