import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../hash.ts";
import type { LogName } from "../log/ports.ts";

/** A place outside of our reach that keeps a copy of a checkpoint, or dates it. What it gives back goes into bundles. */
export type Anchor = { readonly file: "anchor.tsr" | "anchor.json"; readonly keep: (note: Uint8Array, log: LogName) => Promise<Uint8Array> };

/** Places outside that keep or date checkpoints, so that whoever holds the key cannot write another history unseen. */
export type Anchors = {
  /** Brings a checkpoint to every place. One that fails does not keep the others from it; the first fault is thrown at the end. */
  keep(note: string, log: LogName): Promise<void>;
  /** What the places gave back for this checkpoint; empty when none did, or none is set. */
  of(note: string): ReadonlyMap<string, Uint8Array>;
};

/** Receipts lie in a folder beside the store, by the hash of the checkpoint. */
export function anchorsIn(folder: string, anchors: readonly Anchor[]): Anchors {
  const path = (note: string, file: string): string => join(folder, `${sha256(note)}-${file}`);
  return {
    async keep(note, log) {
      mkdirSync(folder, { recursive: true });
      const results = await Promise.allSettled(anchors.map(async ({ file, keep }) => {
        const receipt = await keep(Buffer.from(note, "utf8"), log);
        // Whole or not at all: an export may read it at this moment.
        writeFileSync(`${path(note, file)}.part`, receipt);
        renameSync(`${path(note, file)}.part`, path(note, file));
      }));
      const failed = results.find((r) => r.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
    of: (note) => new Map((["anchor.tsr", "anchor.json"] as const).filter((file) => existsSync(path(note, file))).map((file) => [file, readFileSync(path(note, file))])),
  };
}
