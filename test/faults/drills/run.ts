import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Order } from "./plan.ts";

export const full = process.env["TEST_FULL"] === "1";

/** Everything that is drawn by lot follows from it: the same seed is the same run, as far as the machine is the same. */
export const seed = Number(process.env["TEST_SEED"] ?? (Date.now() % 1_000_000));

const [slice = 1, slices = 1] = (process.env["TEST_SLICE"] ?? "1/1").split("/").map(Number);

/** The share of a long list that `TEST_SLICE` asks for, such as 3/10: together the slices are the list. */
export function sliceOf<T>(all: readonly T[]): readonly T[] {
  return all.filter((_, i) => i % slices === slice - 1);
}

export type DrillProcess = { readonly child: ChildProcess; readonly ended: Promise<string>; readonly ready: Promise<void>; readonly said: () => string; readonly printed: () => string };

/** Compiled once for the thousands of processes that follow. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "drillbook-faults-compiled") };

/** `fileKb`: no file grows beyond it. `root`: the checkout whose code runs, if it is not this one. */
export function runDrills(orders: Order | readonly Order[], limits: { readonly fileKb?: number; readonly root?: string } = {}): DrillProcess {
  const script = limits.root === undefined ? fileURLToPath(new URL("./drill-process.ts", import.meta.url)) : join(limits.root, "test/faults/drills/drill-process.ts");
  const command = [process.execPath, script, JSON.stringify([orders].flat())] as const;
  const child = limits.fileKb === undefined
    ? spawn(command[0], command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] })
    : spawn("/bin/bash", ["-c", `ulimit -f ${limits.fileKb}; exec "$@"`, "bash", ...command], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-100_000)));
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => String(signal ?? code));
  const ready = Promise.race([once(child.stdout, "data").then(() => undefined), ended.then(() => undefined)]);
  return { child, ended, ready, said: () => said, printed: () => printed };
}

/** Runs until the process ends by itself. Throws with what it said when that takes too long. */
export async function finish(process: DrillProcess, ms = 200_000): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve("late"), ms)));
  const how = await Promise.race([process.ended, late]);
  clearTimeout(timer);
  if (how === "late") {
    process.child.kill("SIGKILL");
    throw new Error(`the drills did not end: ${process.said().slice(-2_000)}`);
  }
  return how;
}
