import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { catalogueFor, openAzure } from "../composition.ts";
import { readConfig, type Config } from "../config.ts";
import { coverageCsv, type CoverageRow } from "../coverage/coverage.ts";
import { readCoverage } from "../coverage/read-coverage.ts";
import { compile } from "../runbooks/compile.ts";
import { sourcesBeside } from "../runbooks/include/folder.ts";
import { runbookFiles } from "../runbooks/runbook-files.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import { openStore } from "../storage/open.ts";
import { contents, parsed } from "./options.ts";
import { print } from "./output.ts";

/** Prints when everything was last exercised for real, beside a running bot; 1 when something needs a test. */
export async function showCoverage(args: readonly string[]): Promise<number> {
  const { values } = parsed(args, { csv: { type: "boolean" }, json: { type: "boolean" } });
  const rows = await coverage(readConfig(process.env));
  if (values["csv"] === true) process.stdout.write(coverageCsv(rows));
  else if (values["json"] === true) print(rows.map((row) => ({ ...row })));
  else for (const row of rows) console.log(`${row.state.padEnd(8)} ${row.kind.padEnd(8)} ${row.name}${row.within === "" ? "" : ` (${row.within})`}${row.why === "" ? "" : `: ${row.why}`}`);
  return rows.some((row) => row.state !== "current") ? 1 : 0;
}

async function coverage(config: Config): Promise<readonly CoverageRow[]> {
  // A simulated Azure of its own: the bot's keeps its world in a file that has one writer.
  const folder = mkdtempSync(join(tmpdir(), "drillbook-coverage-"));
  const clock = (): Date => new Date();
  const store = await openStore(config, { readOnly: true });
  const side = await openAzure(config.azure, folder, clock);
  try {
    const { estate, reader, boots } = side.azure;
    return await readCoverage({ store, estate, reader, boots, runbooks: () => compiledIn(config), now: clock() }, { signal: AbortSignal.timeout(120_000), record: () => undefined });
  } finally {
    await side.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What does not compile cannot be covered, and `lint` says why. */
async function compiledIn(config: Config): Promise<readonly Runbook[]> {
  const catalogue = catalogueFor(config);
  const found = await Promise.all(readdirSync(config.runbooks).filter((name) => name.endsWith(".md")).map(async (name) => {
    const file = join(config.runbooks, name);
    const source = contents(file);
    return compile(source, basename(file), catalogue, await sourcesBeside(file, source, runbookFiles)).runbook;
  }));
  return found.filter((runbook) => runbook !== null);
}
