import { createHash, verify } from "node:crypto";
import { notCanonical, publicKey } from "./signer.ts";

/** What a checkpoint says. `root` in hex. */
export type Checkpoint = {
  readonly origin: string;
  readonly log: string;
  readonly size: number;
  readonly root: string;
  readonly time: string;
  readonly signer: string;
  /** Azure's clock less Drillbook's own, in milliseconds, when it was signed; null: Azure was not asked. */
  readonly clockMs: number | null;
  /** What cannot be followed any more, because the store was restored from an older backup; null: nothing. */
  readonly restored: string | null;
};

const form = new RegExp(
  [
    "^(?<text>(?<origin>drillbook/(?<log>rehearsal|drills)/[0-9a-f]{16})",
    "(?<size>0|[1-9][0-9]{0,8})",
    "(?<root>[A-Za-z0-9+/]{43}=)",
    "time (?<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)",
    "signer (?<signer>local key|Azure Key Vault)",
    "(?:clock (?<clock>0|-?[1-9][0-9]{0,8})\n)?(?:restored (?<restored>drillbook/(?:rehearsal|drills)/[0-9a-f]{16} (?:0|[1-9][0-9]{0,8}) [0-9a-f]{64})\n)?)",
    "— (?<name>[^ +\n]{1,100}) (?<signature>[A-Za-z0-9+/]+={0,2})\n$",
  ].join("\n"),
);

/** Reads a checkpoint in its one form and checks its signature under this key; text says why it is refused. */
export function readCheckpoint(note: Uint8Array, spki: Buffer): Checkpoint | string {
  const fields = form.exec(Buffer.from(note).toString("utf8"))?.groups;
  if (fields === undefined) return "is not a checkpoint in its one form";
  const { origin = "", log = "", name, size, root = "", time = "", signer = "", clock, restored, text = "", signature = "" } = fields;
  if (name !== origin) return "is signed under another name than its origin";
  const hash = Buffer.from(root, "base64");
  const signed = Buffer.from(signature, "base64");
  if (hash.length !== 32 || hash.toString("base64") !== root || signed.toString("base64") !== signature) return "holds base64 that is not canonical";
  const why = signatureWrong(Buffer.from(text, "utf8"), signed, spki);
  if (why !== null) return why;
  return { origin, log, size: Number(size), root: hash.toString("hex"), time, signer, clockMs: clock === undefined ? null : Number(clock), restored: restored ?? null };
}

/** Four bytes that name the key, then the signature. */
function signatureWrong(text: Buffer, signed: Buffer, spki: Buffer): string | null {
  const key = publicKey(spki);
  if (key === null || !signed.subarray(0, 4).equals(keyId(spki))) return "is signed by another key";
  const der = signed.subarray(4);
  return notCanonical(der) ?? (verify("sha256", text, key, der) ? null : "has a signature that does not fit");
}

function keyId(spki: Buffer): Buffer {
  return createHash("sha256").update(spki).digest().subarray(0, 4);
}
