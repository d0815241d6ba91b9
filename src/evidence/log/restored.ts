import type { Clock } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import type { Checkpoint } from "../verify/note.ts";
import { entryHash, originOf } from "./checkpoint.ts";
import { logNames, type LogName, type LogStore } from "./ports.ts";
import type { CheckpointSigner } from "./signer.ts";
import { merkleTree, type MerkleTree } from "./tree.ts";

/** Throws `evidence-broken` when the last checkpoint was signed for another store, or for more than this one holds. */
export function requireSameStore(log: LogName, origin: string, tree: MerkleTree, last: Checkpoint | null): void {
  const why = last === null ? null : whyNot(origin, tree, last);
  if (why === null) return;
  throw new DrillbookError(
    "evidence-broken",
    `This store is not the one whose log of ${log} was signed last: ${why}. It was probably restored from an older backup.`,
    'Put the newer store back. If it is lost: drillbook acknowledge-restore --reason "what happened". That stays visible in every later checkpoint.',
  );
}

function whyNot(origin: string, tree: MerkleTree, last: Checkpoint): string | null {
  if (last.origin !== origin) return `the checkpoint of ${last.time} is of ${last.origin}, the store holds ${origin}`;
  if (last.size > tree.size()) return `the checkpoint of ${last.time} has ${last.size} entries, the store ${tree.size()}`;
  return tree.root(last.size) === last.root ? null : `its first ${last.size} entries are others than those signed at ${last.time}`;
}

/**
 * Somebody's word that an older store shall go on. Only the logs that do not fit their last checkpoint begin anew, with a
 * line in every checkpoint that says what cannot be followed any more. Returns the names of those.
 */
export async function acknowledgeRestore(
  store: LogStore,
  signer: (log: LogName) => CheckpointSigner,
  word: { readonly by: string; readonly reason: string },
  clock: Clock,
): Promise<readonly LogName[]> {
  const restarted: LogName[] = [];
  for (const log of logNames) {
    const last = signer(log).last();
    if (last === null) continue;
    const tree = merkleTree((await store.entries(log, 0)).map(entryHash));
    if (whyNot(originOf(log, await store.identity(log)), tree, last) === null) continue;
    const at = clock();
    await store.restart(log, { ...word, at: at.toISOString(), origin: last.origin, size: last.size, root: last.root });
    signer(log).putAside(at);
    restarted.push(log);
  }
  return restarted;
}
