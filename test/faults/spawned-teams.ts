import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type SpawnedTeams = { readonly port: number; readonly pid: number; /** Bytes that it holds once its garbage is collected. */ readonly held: () => Promise<number>; readonly stop: () => Promise<void> };

/** Starts a script that prints its port, with one argument as JSON. Throws with what it printed when it ends before. */
export async function spawnTeams(script: URL, argument: object): Promise<SpawnedTeams> {
  const child = spawn(process.execPath, ["--expose-gc", fileURLToPath(script), JSON.stringify(argument)], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "exit");
  const said = await Promise.race([once(child.stdout, "data").then(([chunk]) => String(chunk)), ended.then(() => Promise.reject(new Error(`it ended before it was ready: ${printed}`)))]);
  return {
    port: Number(said.trim()),
    pid: child.pid ?? 0,
    async held() {
      child.kill("SIGUSR2");
      for (;;) {
        const [chunk] = (await once(child.stdout, "data")) as [Buffer];
        const [, bytes] = /held (\d+)/.exec(String(chunk)) ?? [];
        if (bytes !== undefined) return Number(bytes);
      }
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
