import type { ReadFile } from "./container.ts";
import { fault, type Fault } from "./fault.ts";
import type { History } from "./history.ts";
import type { Covered } from "./inclusion.ts";
import { readCheckpoint } from "./note.ts";
import { rootOf } from "./tree.ts";

/** What somebody kept from before: a checkpoint, and when it was a bundle of the same drill, its heads. */
export type Earlier = { readonly note: Uint8Array; readonly drill: string | null; readonly heads: readonly string[] };

/** The leaves must make the checkpoint's root: then any earlier size of the log can be computed from them. */
export function leavesFault(files: ReadonlyMap<string, ReadFile>, covered: Covered | null): Fault | null {
  const bytes = files.get("leaves.txt")?.bytes;
  if (bytes === undefined || bytes === null) return null;
  if (covered === null) return fault("leaves.txt", "is there, and no checkpoint is");
  const leaves = leavesOf(bytes);
  if (leaves === null) return fault("leaves.txt", "is not one hash a line");
  if (leaves.length !== covered.size) return fault("leaves.txt", `has ${leaves.length} lines, the checkpoint ${covered.size} entries`);
  return rootOf(leaves) === covered.root ? null : fault("leaves.txt", "does not lead to the checkpoint's root");
}

/** Whether the bundle goes on from what was kept; a fork does not. The earlier checkpoint must be signed by the same key. */
export function forkFault({ note, drill, heads }: Earlier, history: History, files: ReadonlyMap<string, ReadFile>, covered: Covered | null, spki: Buffer): Fault | null {
  const checkpoint = readCheckpoint(note, spki);
  if (typeof checkpoint === "string") return fault("earlier checkpoint", checkpoint);
  if (drill === history.drill) {
    const at = heads.findIndex((head, index) => head !== history.heads[index]);
    if (at >= 0) return fault(`events.jsonl, event ${at + 1}`, `${at < history.heads.length ? "is another one than" : "is missing, and stands"} in the earlier bundle`);
  }
  if (covered === null) return fault("checkpoint.txt", "is missing: without it nothing leads from the earlier checkpoint here");
  if (covered.origin !== checkpoint.origin) {
    const said = covered.restored?.startsWith(`${checkpoint.origin} `) === true;
    return fault("checkpoint.txt", said ? `is of a log that began anew after a restore: what the earlier checkpoint saw of ${checkpoint.origin} cannot be followed` : `is of ${covered.origin}, the earlier one of ${checkpoint.origin}`);
  }
  if (covered.size < checkpoint.size) return fault("checkpoint.txt", `has ${covered.size} entries, the earlier one ${checkpoint.size}: it is older, or another history`);
  const bytes = files.get("leaves.txt")?.bytes;
  const leaves = bytes === undefined || bytes === null ? null : leavesOf(bytes);
  if (leaves === null) return covered.size === checkpoint.size && covered.root === checkpoint.root ? null : fault("leaves.txt", "is missing: nothing leads from the earlier checkpoint to this one");
  return rootOf(leaves.slice(0, checkpoint.size)) === checkpoint.root ? null : fault("checkpoint.txt", `does not go on from the earlier one of ${checkpoint.time}: this is another history`);
}

function leavesOf(bytes: Uint8Array): readonly string[] | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return /^(?:[0-9a-f]{64}\n)*$/.test(text) ? text.split("\n").slice(0, -1) : null;
}
