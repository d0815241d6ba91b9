import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { Secret } from "../../src/secret.ts";
import { freePort } from "../free-port.ts";

export type TestServer = {
  readonly url: string;
  /** As DATABASE_URL is handed about. */
  readonly secret: Secret;
  /** Kills and starts it again, as a machine that fails does. Not for a server that is not ours. */
  readonly restart: (signal?: "SIGINT" | "SIGQUIT" | "SIGKILL") => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The server that TEST_DATABASE_URL names, or one of our own in a temporary folder, which runs as an unprivileged user because
 * PostgreSQL refuses root. Throws when neither is there.
 */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    return { url: given, secret: new Secret(given), restart: async () => { throw new Error("TEST_DATABASE_URL is not ours to restart"); }, close: async () => undefined };
  }
  const bin = binaries();
  const as = process.getuid?.() === 0 ? idsOf("postgres") ?? idsOf("nobody") : null;
  const folder = mkdtempSync(join(tmpdir(), "drillbook-postgres-"));
  if (as !== null) chownSync(folder, as.uid, as.gid);
  const data = join(folder, "data");
  const user = { ...as, cwd: folder, stdio: "ignore" as const };
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "drillbook", "--auth=trust", "--encoding=UTF8", "--no-locale"], user);
  const port = await freePort();
  const url = `postgres://drillbook@127.0.0.1:${port}/postgres`;
  const run = (): ChildProcess =>
    spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-c", "max_connections=200", "-c", "shared_buffers=128MB"], user);
  let server = run();
  await untilUp(url);
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(server, "exit");
    if (server.exitCode === null && server.signalCode === null) {
      server.kill(signal);
      await ended;
    }
  };
  return {
    url,
    secret: new Secret(url),
    async restart(signal = "SIGINT") {
      await stop(signal);
      // The children of a killed server live on for a moment, and a new one refuses the folder until they have gone.
      do {
        server = run();
        await Promise.race([untilUp(url), once(server, "exit")]);
      } while (server.exitCode !== null);
    },
    async close() {
      await stop("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function binaries(): string {
  const folder = "/usr/lib/postgresql";
  const versions = existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((v) => join(folder, v, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  if (found === undefined) throw new Error("PostgreSQL is not here: apt-get install postgresql, or name a server in TEST_DATABASE_URL");
  return found;
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } | null {
  try {
    const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

async function untilUp(url: string): Promise<void> {
  for (const end = Date.now() + 90_000; ; ) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
