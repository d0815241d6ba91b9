import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { SigningKey } from "./keys.ts";

const folder = "qualifications";

/** What a qualification says of itself; the rest of it is kept as it was signed. */
const document = z.looseObject({
  v: z.literal(1),
  provider: z.string().min(1).max(64).regex(/^[A-Za-z0-9]+$/),
  /** `simulator`: run to try the command, and no leave for anything. */
  azure: z.enum(["real", "simulator"]),
  qualified: z.boolean(),
  at: z.string(),
});
const stored = z.strictObject({ qualification: document, signer: z.string(), signature: z.string() });

export type Qualification = z.infer<typeof document>;

/**
 * Signs a qualification and stores it in the data folder, in place of an earlier one of the same kind. Gives its file. Throws
 * `internal` for what is no plain data.
 */
export async function storeQualification(data: string, qualification: Json, key: SigningKey): Promise<string> {
  const checked = document.parse(qualification);
  const bytes = canonical(qualification);
  const signature = Buffer.from(await key.sign(bytes)).toString("base64");
  const file = join(data, folder, `${checked.provider}-${checked.azure}.json`);
  mkdirSync(join(data, folder), { recursive: true });
  // Whole or not at all: half a file would be read as no leave, and look like a broken one.
  writeFileSync(`${file}.part`, `${JSON.stringify({ qualification, signer: key.fingerprint, signature }, null, 2)}\n`);
  renameSync(`${file}.part`, file);
  return file;
}

/**
 * The replication providers for which a real Azure was qualified here, by files that this key signed. A file that cannot be
 * read or was changed gives no leave.
 */
export function qualifiedProviders(data: string, key: Pick<SigningKey, "publicPem">): ReadonlySet<string> {
  return new Set(files(join(data, folder)).flatMap((file) => {
    const qualification = verified(file, key);
    return qualification?.azure === "real" && qualification.qualified ? [qualification.provider] : [];
  }));
}

/** A stored qualification whose signature holds; null: it does not, or the file is none. */
function verified(file: string, key: Pick<SigningKey, "publicPem">): Qualification | null {
  try {
    const raw: { readonly qualification: Json } & object = JSON.parse(readFileSync(file, "utf8"));
    const { qualification, signature } = stored.parse(raw);
    const holds = verify("sha256", canonical(raw.qualification), createPublicKey(key.publicPem), Buffer.from(signature, "base64"));
    return holds ? qualification : null;
  } catch {
    return null;
  }
}

function files(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith(".json")).map((name) => join(path, name));
  } catch {
    return [];
  }
}

function canonical(data: Json): Uint8Array {
  const text = canonicalize(data);
  if (text === undefined) throw new DrillbookError("internal", "A qualification is not plain data.", "Report this fault.");
  return Buffer.from(`drillbook qualification v1\n${text}`, "utf8");
}
