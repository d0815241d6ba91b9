#!/usr/bin/env node
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runScript } from "../runtime/run-script.mjs";
import { usualData } from "../runtime/usual-data.mjs";

// The `drillbook` command, for whatever Node happens to be installed.
const args = process.argv.slice(2);
// The bot keeps its code as it was compiled, before any of it loads: half of a restart is loading. It lies beside the keys,
// where nobody else may write: whoever could would have their code run.
const compiled = args[0] === "start" ? join(process.env["DRILLBOOK_DATA"] || usualData, "compiled") : null;
await runScript(fileURLToPath(new URL("../src/cli.ts", import.meta.url)), args, { compiled });
