import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as loading from "node:module";
import { constants } from "node:os";
import { pathToFileURL } from "node:url";
import { findNode, thisMachine } from "./find-node.mjs";

/**
 * Runs one of the project's scripts on a Node that is new enough: in this process when it is one, else in a child that
 * shares its terminal, gets its signals and decides its exit code.
 * @param {string} script absolute path
 * @param {readonly string[]} args
 * @param {{ compiled?: string | null, machine?: import("./find-node.mjs").Machine, folder?: string }} [how] `compiled`: where
 *   code is kept as it was compiled, for the next time; `folder`: where a fetched Node lies
 */
export async function runScript(script, args, { compiled = null, machine = thisMachine(), folder } = {}) {
  const found = findNode(machine, folder);
  if ("missing" in found) return giveUp(found.missing);
  if (!existsSync(new URL("../node_modules", import.meta.url))) return giveUp("Drillbook is not installed yet: run `npm ci` in its folder first.");
  if (found.node !== machine.execPath) return runChild(found.node, [script, ...args], compiled);
  if (compiled !== null) loading.enableCompileCache(compiled);
  process.argv = [machine.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @param {string | null} compiled
 */
function runChild(node, args, compiled) {
  const child = spawn(node, args, { stdio: "inherit", env: { ...process.env, ...(compiled === null ? {} : { NODE_COMPILE_CACHE: compiled }) } });
  // A terminal sends Ctrl-C to the child as well: passing it on would be a second one, which asks for a hurried end.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => giveUp(`${node} could not be started (${error.message}): install a newer Node from https://nodejs.org.`));
  child.on("exit", (code, signal) => endLike(code, signal));
}

/**
 * Whoever started this process sees what it would have seen of the child.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endLike(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Windows, and signals that this process ignores, come back here.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
}

/** @param {string} sentence */
function giveUp(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}
