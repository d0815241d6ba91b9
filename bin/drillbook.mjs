#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runScript } from "../runtime/run-script.mjs";

// The `drillbook` command, for whatever Node happens to be installed.
await runScript(fileURLToPath(new URL("../src/cli.ts", import.meta.url)), process.argv.slice(2));
