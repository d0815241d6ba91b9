import { createPublicKey } from "node:crypto";
import { CryptographyClient, KeyClient, type CryptographyClientOptions } from "@azure/keyvault-keys";
import type { TokenCredential } from "@azure/core-auth";
import { DrillbookError } from "../errors.ts";

/** A P-256 key that never leaves its vault. `sign` gives r and s, 32 bytes each, over the SHA-256 of the bytes. */
export type VaultKey = { readonly publicPem: string; readonly sign: (bytes: Uint8Array) => Promise<Uint8Array> };

/**
 * The key of this identifier, https://<vault>/keys/<name>/<version>. The version is part of it: a rotated key is another
 * signer, and has to be said so. Throws `bad-setting` when the key is no P-256 key or cannot be read.
 */
export async function openVaultKey(identifier: string, credential: TokenCredential, options: CryptographyClientOptions = {}): Promise<VaultKey> {
  const url = new URL(identifier);
  const [, , name = "", version = ""] = url.pathname.split("/");
  const found = await new KeyClient(url.origin, credential, options).getKey(name, { version }).catch((cause: unknown) => {
    throw new DrillbookError("bad-setting", `The signing key ${identifier} cannot be read from Key Vault.`, "Give Drillbook's identity the role Key Vault Crypto User on this key, and check DRILLBOOK_SIGNING_KEY.", { cause });
  });
  const { kty, crv, x, y } = found.key ?? {};
  if (!(kty === "EC" || kty === "EC-HSM") || crv !== "P-256" || x === undefined || y === undefined) {
    throw new DrillbookError("bad-setting", `The signing key ${identifier} is no P-256 key.`, "Create one: az keyvault key create --kty EC --curve P-256 --ops sign");
  }
  const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
  const publicPem = createPublicKey({ key: { kty: "EC", crv: "P-256", x: base64url(x), y: base64url(y) }, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
  const client = new CryptographyClient(found, credential, options);
  return { publicPem, sign: async (bytes) => (await client.signData("ES256", Buffer.from(bytes))).result };
}
