import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DrillbookError } from "../errors.ts";
import { canonicalSignature } from "./signature.ts";

/** What signs evidence. A *local key* lies in the data folder: it shows accidents and outsiders' edits, not the operator's own. */
export type SigningKey = {
  readonly kind: "local key" | "Azure Key Vault";
  /** A rehearsal's key never signs a real drill, nor the other way about. */
  readonly rehearsal: boolean;
  /** SPKI in PEM, nothing around it. */
  readonly publicPem: string;
  /** SHA-256 (hex) of the SPKI in DER. */
  readonly fingerprint: string;
  /** Where the public key lies, to be handed to whoever verifies. */
  readonly publicFile: string;
  /** ECDSA P-256 over SHA-256 of the bytes, DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/**
 * The local key of a data folder, made on first use. Throws `bad-setting` when other accounts may read the private file,
 * or the two files do not belong together.
 */
export function openLocalKey(folder: string, options: { readonly rehearsal: boolean }): SigningKey {
  const { rehearsal } = options;
  const privateFile = join(folder, rehearsal ? "rehearsal-key.pem" : "evidence-key.pem");
  const publicFile = join(folder, rehearsal ? "rehearsal.pub" : "drillbook.pub");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(privateFile)) createOnce(privateFile, newPrivatePem(), 0o600);
  const secret = readPrivate(privateFile);
  const publicPem = spkiPem(createPublicKey(secret));
  if (!existsSync(publicFile)) createOnce(publicFile, publicText(publicPem, rehearsal), 0o644);
  requirePair(publicFile, privateFile, publicPem);
  return {
    kind: "local key",
    rehearsal,
    publicPem,
    publicFile,
    fingerprint: fingerprint(publicPem),
    sign: async (bytes) => canonicalSignature(sign("sha256", bytes, { key: secret, dsaEncoding: "ieee-p1363" })),
  };
}

/** A key that another service holds: `sign` gives r and s, 32 bytes each. Its public half is written down for whoever verifies. */
export function remoteKey(folder: string, remote: { readonly publicPem: string; readonly sign: (bytes: Uint8Array) => Promise<Uint8Array> }): SigningKey {
  const publicFile = join(folder, "key-vault.pub");
  mkdirSync(folder, { recursive: true });
  writeFileSync(publicFile, `Drillbook key in Azure Key Vault\n${remote.publicPem}`);
  return {
    kind: "Azure Key Vault",
    rehearsal: false,
    publicPem: remote.publicPem,
    publicFile,
    fingerprint: fingerprint(remote.publicPem),
    sign: async (bytes) => canonicalSignature(await remote.sign(bytes)),
  };
}

function fingerprint(pem: string): string {
  return createHash("sha256").update(createPublicKey(pem).export({ type: "spki", format: "der" })).digest("hex");
}

/** The line above the PEM is kept by `verify`: a key known for rehearsals alone must never pass for the other. */
function publicText(pem: string, rehearsal: boolean): string {
  return `Drillbook ${rehearsal ? "rehearsal key: what it signs counts as no test" : "local key"}\n${pem}`;
}

function newPrivatePem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function spkiPem(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

function readPrivate(file: string): KeyObject {
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new DrillbookError("bad-setting", `Other accounts may read the private key ${file}.`, `Run: chmod 600 ${file}`);
  }
  const key = parsePrivate(file);
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new DrillbookError("bad-setting", `${file} is not a P-256 key.`, "Restore it from a backup, or move it away: a new one is made.");
  }
  return key;
}

function parsePrivate(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    // The cause could quote the file: it stays behind.
    const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new DrillbookError("bad-setting", `${file} cannot be read as a private key${why}.`, "Restore it from a backup, or move it away: a new one is made.");
  }
}

function requirePair(publicFile: string, privateFile: string, publicPem: string): void {
  if (readFileSync(publicFile, "utf8").endsWith(publicPem)) return;
  throw new DrillbookError(
    "bad-setting",
    `${publicFile} is not the public half of ${privateFile}.`,
    "Find out which of the two was replaced. A new pair is made when both are moved away.",
  );
}

/** Appears whole or not at all, and never over another: two processes may start on an empty folder at once. */
function createOnce(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${process.pid}.part`;
  const descriptor = openSync(unfinished, "wx", mode);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(unfinished);
  }
}
