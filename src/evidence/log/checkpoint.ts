import type { SigningKey } from "../keys.ts";
import { sha256 } from "../hash.ts";
import type { LogEntry, LogIdentity, LogName } from "./ports.ts";

/** The log's name in every checkpoint: kind and id, so that a rehearsal's can never be taken for another's. */
export function originOf(log: LogName, { id }: LogIdentity): string {
  return `drillbook/${log}/${id}`;
}

/** The bytes of an entry, hashed as a leaf of RFC 6962; hex. */
export function entryHash({ drill, seq, head }: LogEntry): string {
  // As `leafHash` would: a restart hashes a hundred thousand of them, and each text that is put together once more costs.
  return sha256(`\0drillbook/log/1/head\n${drill}\n${seq}\n${head}\n`);
}

export type CheckpointFacts = {
  readonly log: LogName;
  readonly identity: LogIdentity;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly at: Date;
  /** Azure's clock less ours, in whole milliseconds; null: it was not asked, or did not answer. */
  readonly clockMs?: number | null;
};

/** A C2SP checkpoint: origin, size and root, then what else is signed, a line each. */
export function checkpointText({ log, identity, size, root, at, clockMs = null }: CheckpointFacts, key: SigningKey): string {
  const { restored } = identity;
  const lines = [
    originOf(log, identity),
    String(size),
    Buffer.from(root, "hex").toString("base64"),
    `time ${at.toISOString()}`,
    `signer ${key.kind}`,
    ...(clockMs === null ? [] : [`clock ${Math.round(clockMs)}`]),
    ...(restored === null ? [] : [`restored ${restored.origin} ${restored.size} ${restored.root}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The text as a C2SP signed note with one signature: ECDSA (type 2), key id from the SPKI. */
export async function signedNote(text: string, name: string, key: SigningKey): Promise<string> {
  const keyId = Buffer.from(key.fingerprint.slice(0, 8), "hex");
  const signature = Buffer.concat([keyId, await key.sign(Buffer.from(text, "utf8"))]);
  return `${text}\n— ${name} ${signature.toString("base64")}\n`;
}
