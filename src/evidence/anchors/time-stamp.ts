import { DrillbookError } from "../../errors.ts";
import { sha256 } from "../hash.ts";

/** Asks a time-stamping authority; `bytes` is a TimeStampReq in DER, the answer a TimeStampResp. */
export type AskAuthority = (bytes: Uint8Array) => Promise<Uint8Array>;

const sha256Algorithm = Buffer.from("300d06096086480165030402010500", "hex");
const version = Buffer.of(0x02, 0x01, 0x01);
const withCertificate = Buffer.of(0x01, 0x01, 0xff);

/** An RFC 3161 request for these bytes: by their SHA-256, with a nonce (8 bytes) and the wish for the certificate. */
function timeStampRequest(bytes: Uint8Array, nonce: Buffer): Uint8Array {
  const digest = Buffer.from(sha256(bytes), "hex");
  return sequence(version, sequence(sha256Algorithm, tagged(0x04, digest)), tagged(0x02, positive(nonce)), withCertificate);
}

/**
 * The authority's answer over these bytes, kept as it came: `openssl ts -verify` reads it. Here it is only held against what
 * was asked. Throws `bad-input` when it was refused or is about something else.
 */
export async function timeStamp(bytes: Uint8Array, ask: AskAuthority, nonce: Buffer): Promise<Uint8Array> {
  const answer = Buffer.from(await ask(timeStampRequest(bytes, nonce)));
  // TimeStampResp is a sequence that begins with PKIStatusInfo, whose first member is the status: 0 and 1 are grants.
  const status = /^30(?:[0-7].|81..|82....)30(?:[0-7].)0201(0[01])/.exec(answer.subarray(0, 16).toString("hex"));
  const about = answer.includes(Buffer.from(sha256(bytes), "hex")) && answer.includes(positive(nonce));
  if (status !== null && about) return answer;
  throw new DrillbookError("bad-input", `The time-stamping authority ${status === null ? "refused" : "answered about something else"}.`, "Look at DRILLBOOK_TIMESTAMP_URL; the checkpoint itself is signed and kept.");
}

function sequence(...members: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(members));
}

/** Shorter than 128 bytes, as everything here is. */
function tagged(tag: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, body.length), body]);
}

function positive(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  return shortest[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), shortest]) : shortest;
}
