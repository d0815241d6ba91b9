import { sha256 } from "../hash.ts";
import { fault, type Fault } from "./fault.ts";
import type { History } from "./history.ts";
import { readCheckpoint, type Checkpoint } from "./note.ts";
import { isIncluded } from "./tree.ts";

/** A checkpoint under which the drill lies, as far as event `event`. */
export type Covered = Checkpoint & { readonly event: number };

type Files = ReadonlyMap<string, Uint8Array>;

const form = /^drillbook inclusion 1\nevent ([1-9][0-9]{0,8})\nindex (0|[1-9][0-9]{0,8})\nsize ([1-9][0-9]{0,8})\n((?:[0-9a-f]{64}\n){0,31})$/;

/** Checks the checkpoint and the path to it. null: the bundle has neither, because the drill lay under none yet. */
export function checkpointOver(history: History, files: Files, spki: Buffer): Covered | Fault | null {
  const note = files.get("checkpoint.txt");
  const text = files.get("inclusion.txt");
  if (note === undefined && text === undefined) return null;
  if (note === undefined) return fault("checkpoint.txt", "is missing, and inclusion.txt speaks of it");
  if (text === undefined) return fault("inclusion.txt", "is missing, and checkpoint.txt needs it");
  const checkpoint = readCheckpoint(note, spki);
  if (typeof checkpoint === "string") return fault("checkpoint.txt", checkpoint);
  if ((checkpoint.log === "rehearsal") !== (history.mode === "rehearsal")) return fault("checkpoint.txt", `is of the log of ${checkpoint.log}, the drill has mode ${history.mode}`);
  const proof = form.exec(Buffer.from(text).toString("latin1"));
  if (proof === null) return fault("inclusion.txt", "is not in its one form");
  const [, event, index, size, path = ""] = proof;
  const head = history.heads[Number(event) - 1];
  if (head === undefined) return fault("inclusion.txt", `speaks of event ${event}, which the drill does not have`);
  if (Number(size) !== checkpoint.size) return fault("inclusion.txt", "has another size than the checkpoint");
  const entry = Buffer.from(`drillbook/log/1/head\n${history.drill}\n${event}\n${head}\n`, "utf8");
  const holds = isIncluded(sha256(Buffer.of(0), entry), Number(index), checkpoint.size, path.split("\n").slice(0, -1), checkpoint.root);
  return holds ? { ...checkpoint, event: Number(event) } : fault("inclusion.txt", `does not lead from event ${event} to the checkpoint's root`);
}
