import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type FakeKeyVault = { readonly identifier: string; readonly signed: number; refuse(status: number | null): void; close(): Promise<void> };

/** The two requests of Key Vault that a signer makes, over HTTP; the private key stays in here. */
export async function fakeKeyVault(curve: "P-256" | "P-384" = "P-256"): Promise<FakeKeyVault> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const secret = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const { x, y } = publicKey.export({ format: "jwk" });
  const path = "/keys/drillbook/0123456789abcdef0123456789abcdef";
  let signed = 0;
  let refusal: number | null = null;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
      const answer = (status: number, body: object): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      const kid = `http://${request.headers.host ?? ""}${path}`;
      const url = new URL(request.url ?? "/", "http://vault");
      if (refusal !== null) return answer(refusal, { error: { code: "Forbidden", message: "no" } });
      if (request.headers.authorization !== "Bearer vault-token") {
        response.setHeader("www-authenticate", 'Bearer authorization="https://login.example/tenant", resource="https://vault.azure.net"');
        return answer(401, { error: { code: "Unauthorized", message: "who" } });
      }
      if (request.method === "GET" && url.pathname === path) return answer(200, { key: { kid, kty: "EC", crv: curve, x, y, key_ops: ["sign", "verify"] }, attributes: { enabled: true, created: 1, updated: 1 } });
      if (request.method === "POST" && url.pathname === `${path}/sign`) {
        const { alg, value } = JSON.parse(Buffer.concat(parts).toString()) as { alg: string; value: string };
        if (alg !== "ES256") return answer(400, { error: { code: "BadParameter", message: alg } });
        signed += 1;
        return answer(200, { kid, value: rawSignature(secret, Buffer.from(value, "base64url")).toString("base64url") });
      }
      return answer(404, { error: { code: "KeyNotFound", message: url.pathname } });
    });
  });
  // A signature is asked for once: a connection that is closed as idle just then would lose it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    identifier: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    get signed() { return signed; },
    refuse: (status) => void (refusal = status),
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** Node signs only what it hashes itself: openssl signs the digest as it is. Of its DER, r and s. */
function rawSignature(pem: string, digest: Buffer): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-vault-"));
  try {
    writeFileSync(join(folder, "key.pem"), pem);
    const der = execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", join(folder, "key.pem")], { input: digest });
    const integer = (at: number): Buffer => Buffer.concat([Buffer.alloc(32), der.subarray(at + 2, at + 2 + der[at + 1]!)]).subarray(-32);
    return Buffer.concat([integer(2), integer(4 + der[3]!)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
