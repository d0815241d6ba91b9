import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { DrillbookError } from "../../errors.ts";
import { sha256 } from "../hash.ts";
import { fault, type Fault } from "./fault.ts";

/** A key that the reader of a bundle trusts, as it was handed over. */
export type KnownKey = { readonly fingerprint: string; readonly rehearsalOnly: boolean };

/** The SPKI form of a P-256 key up to its 65 bytes of point, which begin with 4: the uncompressed form. */
const spkiPrefix = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");
const spkiLength = 91;

const pemBlock = /-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----/;

/** Reads a public key as Drillbook hands it out, or any PEM. Throws `bad-input`. */
export function knownKey(pem: string): KnownKey {
  const der = Buffer.from(pemBlock.exec(pem)?.[1] ?? "", "base64");
  if (!isP256(der)) {
    throw new DrillbookError("bad-input", "This is no P-256 public key in PEM.", "Give the .pub file from the data folder of the bot that ran the drill.");
  }
  const [before] = pem.split("-----BEGIN", 1);
  return { fingerprint: sha256(der), rehearsalOnly: /rehearsal key/i.test(before ?? "") };
}

/** The key in the bundle: exactly the one PEM form of a P-256 point, so that no bit of it is without meaning. */
export function bundledKey(bytes: Uint8Array): { readonly der: Buffer; readonly fingerprint: string } | Fault {
  const pem = Buffer.from(bytes).toString("latin1");
  const der = Buffer.from(pemBlock.exec(pem)?.[1] ?? "", "base64");
  if (!isP256(der)) return fault("key.pem", "is no P-256 public key in PEM");
  const lines = der.toString("base64").replace(/(.{64})/g, "$1\n");
  if (pem !== `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`) {
    return fault("key.pem", "is not in the one form a bundle uses");
  }
  return { der, fingerprint: sha256(der) };
}

function isP256(der: Buffer): boolean {
  return der.length === spkiLength && der.subarray(0, spkiPrefix.length).equals(spkiPrefix);
}

/** null when the signature holds. */
export function signatureFault(text: Uint8Array, signature: Uint8Array, spki: Buffer): Fault | null {
  const line = Buffer.from(signature).toString("latin1");
  const der = Buffer.from(line, "base64");
  if (`${der.toString("base64")}\n` !== line) return fault("manifest.sig", "is not one line of canonical base64");
  const why = notCanonical(der);
  if (why !== null) return fault("manifest.sig", why);
  const key = publicKey(spki);
  if (key === null) return fault("key.pem", "is no point of the curve");
  if (!verify("sha256", text, key, der)) return fault("manifest.sig", "does not fit manifest.txt under key.pem");
  return null;
}

const halfOrder = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

/** Strict DER: SEQUENCE of two positive INTEGERs in their shortest form and nothing else, with the smaller s. */
export function notCanonical(der: Buffer): string | null {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return "is no DER signature";
  const r = integerAt(der, 2);
  const s = r === null ? null : integerAt(der, r.end);
  if (r === null || s === null || s.end !== der.length) return "is no DER signature in its shortest form";
  return s.value > halfOrder ? "has the larger of the two possible values of s" : null;
}

function integerAt(der: Buffer, at: number): { readonly value: bigint; readonly end: number } | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  const digits = der.subarray(at + 2, end);
  if (der[at] !== 0x02 || length < 1 || length > 33 || end > der.length) return null;
  const negative = digits[0]! >= 0x80;
  const padded = digits.length > 1 && digits[0] === 0 && digits[1]! < 0x80;
  if (negative || padded) return null;
  return { value: BigInt(`0x${digits.toString("hex")}`), end };
}

/** null: the bytes have the form of a P-256 key, but are no point of the curve. */
export function publicKey(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    return null;
  }
}
