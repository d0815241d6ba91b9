import { spawn } from "node:child_process";

/** How long a script may live on after it has said its result, in milliseconds; then it is killed, and has failed. */
const endWithinMs = 30_000;

/**
 * Runs a script on the Node that runs this one, on the same terminal. `said` is what it sent over its channel; a script
 * that could not be started or was killed has code 1.
 */
export function run(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly said: readonly unknown[] }> {
  return new Promise((resolve, reject) => {
    const said: unknown[] = [];
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      env: { ...process.env, ...env },
    });
    let left: NodeJS.Timeout | undefined;
    child.on("message", (message) => {
      said.push(message);
      // What a test leaves running would keep the process, and whoever waits for it, for ever.
      left ??= setTimeout(() => child.kill("SIGKILL"), endWithinMs);
    });
    child.on("error", reject);
    // Not "exit": the channel may still hold a message then.
    child.on("close", (code) => {
      clearTimeout(left);
      resolve({ code: code ?? 1, said });
    });
  });
}
