import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One server of a backend as HAProxy sees it: its decision, and the last check's own code (L7OK, L7STS, L7TOUT…). */
export type Decision = { readonly up: boolean; readonly check: string; readonly detail: string };

export type Backend = { readonly name: string; readonly lines: readonly string[]; readonly server: string; readonly ports: ReadonlyMap<string, number> };

/**
 * Starts HAProxy with these backends, waits until it has decided about every server, and stops it. One failed check is
 * enough for down and one good one for up, so that the decision is about one exchange.
 */
export async function decisions(backends: readonly Backend[], timeoutMs: number): Promise<ReadonlyMap<string, Decision>> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-haproxy-"));
  const socket = join(folder, "stats.sock");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, configuration(backends, socket, timeoutMs));
  const child = spawn("haproxy", ["-f", file, "-db"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((settle) => child.once("close", () => settle()));
  try {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`);
      if (Date.now() > deadline) throw new Error(`HAProxy did not decide in time: ${said}`);
      await new Promise((settle) => setTimeout(settle, 250));
      const rows = await stats(socket).catch(() => null);
      if (rows !== null && rows.size > 0 && [...rows.values()].every((row) => row !== null)) return rows as ReadonlyMap<string, Decision>;
    }
  } finally {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(backends: readonly Backend[], socket: string, timeoutMs: number): string {
  return [
    "global",
    "  maxconn 500",
    "  max-spread-checks 200",
    "  ssl-server-verify none",
    `  stats socket ${socket} level operator`,
    "defaults",
    "  mode http",
    `  timeout connect ${timeoutMs}ms`,
    "  timeout client 5s",
    "  timeout server 5s",
    `  timeout check ${timeoutMs}ms`,
    ...backends.flatMap((backend) => [
      `backend ${backend.name}`,
      ...backend.lines.map((line) => `  ${line}`),
      ...[...backend.ports].map(([server, port]) => `  server ${server} 127.0.0.1:${port} check inter 2000 fastinter 2000 downinter 2000 rise 1 fall 1 ${backend.server}`),
    ]),
    "",
  ].join("\n");
}

/** `show stat` of the runtime API: null for a server that was not yet decided about. */
async function stats(socket: string): Promise<ReadonlyMap<string, Decision | null>> {
  const [head = "", ...lines] = (await runtime(socket, "show stat -1 4 -1")).trim().split("\n");
  const columns = head.replace(/^# /, "").split(",");
  const rows = lines.filter((line) => line !== "").map((line) => new Map(line.split(",").map((value, at) => [columns[at] ?? "", value])));
  return new Map(rows.map((row) => {
    const check = row.get("check_status")?.replace(/^\* /, "") ?? "";
    const decided = check !== "" && check !== "INI" && check !== "UNK";
    return [`${row.get("pxname")}/${row.get("svname")}`, decided ? { up: row.get("status")?.startsWith("UP") === true, check, detail: row.get("last_chk") ?? "" } : null];
  }));
}

function runtime(socket: string, command: string): Promise<string> {
  return new Promise((settle, reject) => {
    let text = "";
    const client = connect(socket, () => client.write(`${command}\n`));
    client.on("data", (chunk) => (text += chunk.toString()));
    client.on("end", () => settle(text));
    client.on("error", reject);
  });
}
