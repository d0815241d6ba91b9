import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Simulator } from "../../src/simulator/start.ts";

export type SpawnedBot = {
  readonly link: string;
  /** How the process ended: a signal's name, or its exit code. */
  readonly ended: Promise<string>;
  readonly stop: (signal: "SIGTERM" | "SIGKILL") => Promise<string>;
};

/** Starts a bot of its own process and waits until it says where to go. Throws with what it printed when it does not. */
export async function spawnBot(data: string, simulator: Simulator, crash?: { readonly boundary: string; readonly nth: number }): Promise<SpawnedBot> {
  const script = fileURLToPath(new URL("./bot-process.ts", import.meta.url));
  const args = [script, data, simulator.url, simulator.subscription, ...(crash === undefined ? [] : [crash.boundary, String(crash.nth)])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  const link = await Promise.race([
    once(child.stdout, "data").then(([chunk]) => String(chunk).trim()),
    ended.then((how) => Promise.reject(new Error(`the bot ended (${how}) before it was ready: ${printed}`))),
  ]);
  return {
    link,
    ended,
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
