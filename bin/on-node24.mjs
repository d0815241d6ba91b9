#!/usr/bin/env node
import { resolve } from "node:path";
import { runScript } from "../runtime/run-script.mjs";

// Runs any script of the project on Node 24 or newer: node bin/on-node24.mjs <script> [arguments]
const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error("Usage: node bin/on-node24.mjs <script> [arguments]");
  process.exitCode = 2;
} else {
  await runScript(resolve(script), args);
}
