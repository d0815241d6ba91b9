import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { StorageSharedKeyCredential } from "@azure/storage-blob";

const program = join(import.meta.dirname, "node_modules", "azurite", "dist/src/blob/main.js");

export type Azurite = {
  /** Of the account, without a slash at its end. */
  readonly url: string;
  readonly owner: StorageSharedKeyCredential;
  /** PEM of the certificate that it shows. */
  readonly certificate: string;
  readonly close: () => Promise<void>;
};

/** Azurite's blob service in memory, over TLS because it takes tokens no other way. Throws when it is not installed. */
export async function startAzurite(): Promise<Azurite> {
  if (!existsSync(program)) throw new Error("Azurite is not here: npm ci --ignore-scripts --prefix test/azurite");
  const folder = mkdtempSync(join(tmpdir(), "drillbook-azurite-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], { stdio: "ignore" });
  const account = { name: "drillbook", key: Buffer.alloc(32, 7).toString("base64") };
  // The client speaks a newer version of the API than the newest Azurite knows.
  const options = ["--skipApiVersionCheck", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--silent", "--oauth", "basic", "--cert", certificate, "--key", key];
  const child = spawn(process.execPath, [program, ...options], { cwd: folder, env: { ...process.env, AZURITE_ACCOUNTS: `${account.name}:${account.key}` }, stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(child, "exit");
  const origin = await Promise.race([originSaid(child.stdout), gone.then(([code]) => Promise.reject(new Error(`Azurite ended with ${code}`)))]);
  child.stdout.resume();
  return {
    url: `${origin}/${account.name}`,
    owner: new StorageSharedKeyCredential(account.name, account.key),
    certificate: readFileSync(certificate, "utf8"),
    async close() {
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function originSaid(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const origin = /listens on (https:\/\/\S+)/.exec(line)?.[1];
    if (origin !== undefined) return origin;
  }
  throw new Error("Azurite said nothing of where it listens");
}
