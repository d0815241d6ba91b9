import { entryHash } from "./checkpoint.ts";
import type { LogName, LogStore } from "./ports.ts";
import { merkleTree } from "./tree.ts";

/** What shows offline that a drill's head lies under a signed checkpoint. */
export type LogProof = {
  /** The last event whose head lies under the checkpoint, and where that entry stands in the log. */
  readonly seq: number;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  /** The checkpoint as it was signed. */
  readonly checkpoint: string;
  /** The leaf hashes of the whole log up to it, hex: with them any earlier checkpoint can be held against this one. */
  readonly leaves: readonly string[];
};

/** The drill's latest head under the log's last checkpoint; null: none lies under it yet. */
export async function proofOf(store: Pick<LogStore, "entries" | "lastCheckpoint">, log: LogName, drill: string): Promise<LogProof | null> {
  const checkpoint = await store.lastCheckpoint(log);
  if (checkpoint === null) return null;
  const { size, note } = checkpoint;
  const entries = (await store.entries(log, 0)).slice(0, size);
  const index = entries.findLastIndex((entry) => entry.drill === drill);
  const entry = entries[index];
  if (entry === undefined) return null;
  const leaves = entries.map(entryHash);
  return { seq: entry.seq, index, size, path: merkleTree(leaves).inclusion(index, size), checkpoint: note, leaves };
}

/** The proof as the text that a bundle holds beside the checkpoint. */
export function inclusionText({ seq, index, size, path }: LogProof): string {
  return ["drillbook inclusion 1", `event ${seq}`, `index ${index}`, `size ${size}`, ...path].map((line) => `${line}\n`).join("");
}
