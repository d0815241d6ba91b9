import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { carrier, findNode, isNewEnough, oldestMajor, thisMachine } from "./find-node.mjs";

// The root's postinstall. It never fails the install: whoever only reads or lints the project needs no Node of ours,
// and the launcher says the same sentence again when it matters.

const machine = thisMachine();
if (!isNewEnough(machine) && carrier(machine) !== null) fetchNode();
const found = findNode(machine);
if ("missing" in found) console.error(found.missing);

function fetchNode() {
  const here = dirname(fileURLToPath(import.meta.url));
  // The outer npm hands its own options down as environment: `--omit=optional` there must not empty this install.
  const args = ["ci", "--prefix", here, "--include=optional", "--package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const done =
    npm === undefined
      ? spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd: here, encoding: "utf8", shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, ...args], { cwd: here, encoding: "utf8" });
  if (done.status !== 0) console.error(`Node ${oldestMajor} could not be fetched: ${lastLine(done)}`);
}

/** @param {import("node:child_process").SpawnSyncReturns<string>} done */
function lastLine(done) {
  const lines = (done.stderr ?? "").split("\n").map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim());
  return done.error?.message ?? lines.find((line) => line !== "" && !/^(code|errno)\b/.test(line)) ?? `npm ended with ${done.status}`;
}
