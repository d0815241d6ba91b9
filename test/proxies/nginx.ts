import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Nginx = { readonly folder: string; readonly log: () => string; readonly stop: () => Promise<void> };

/** Starts a real nginx in the foreground with these `http` blocks, and waits until `port` listens. `{folder}` is its own. */
export async function startNginx(http: string, port: number, files: Readonly<Record<string, string>> = {}): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-nginx-"));
  mkdirSync(join(folder, "logs"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `  ${name}_temp_path ${folder}/${name};`).join("\n");
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off;\nmaster_process off;\npid ${folder}/nginx.pid;\nerror_log ${folder}/logs/error.log;\nevents { worker_connections 512; }\nhttp {\n${temporary}\n  server_names_hash_bucket_size 128;\n  access_log ${folder}/logs/access.log;\n${http.replaceAll("{folder}", folder)}\n}\n`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "logs", "error.log")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((settle) => child.once("close", () => settle()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let n = 0; n < 1_200; n += 1) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`nginx ended: ${said}`);
    }
    if (await listens(port)) return { folder, stop, log: () => readFileSync(join(folder, "logs", "access.log"), "utf8") };
    await new Promise((settle) => setTimeout(settle, 50));
  }
  await stop();
  throw new Error(`nginx does not listen on ${port}: ${said}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      settle(true);
    });
    socket.on("error", () => settle(false));
  });
}
