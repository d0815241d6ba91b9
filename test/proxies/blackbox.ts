import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";

export type Blackbox = {
  /** What its probe says of a target: whether it was a success, and all of its answer. */
  readonly probe: (module: string, target: string, more?: string) => Promise<{ readonly success: boolean; readonly text: string }>;
  readonly stop: () => Promise<void>;
};

/** Starts a real prometheus-blackbox-exporter with these modules. */
export async function startBlackbox(modules: string): Promise<Blackbox> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-blackbox-"));
  const config = join(folder, "blackbox.yml");
  writeFileSync(config, `modules:\n${modules}`);
  const port = await freePort();
  const child = spawn("prometheus-blackbox-exporter", [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((settle) => child.once("close", () => settle()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const probe: Blackbox["probe"] = async (module, target, more = "") => {
    const text = await (await fetch(`http://127.0.0.1:${port}/probe?module=${module}&target=${encodeURIComponent(target)}${more}`)).text();
    return { success: /^probe_success 1$/m.test(text), text };
  };
  for (let n = 0; n < 1_200; n += 1) {
    if (child.exitCode !== null) break;
    if (await fetch(`http://127.0.0.1:${port}/-/healthy`).then((answer) => answer.ok, () => false)) return { probe, stop };
    await new Promise((settle) => setTimeout(settle, 50));
  }
  await stop();
  throw new Error(`The exporter did not start: ${said}`);
}
