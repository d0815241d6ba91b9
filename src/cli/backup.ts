import { accessSync, constants } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { openSqliteStore } from "../storage/sqlite/open.ts";
import { parsed } from "./options.ts";

/**
 * Copies the store while the bot runs. Throws `bad-input` for a place that cannot be written to, `not-now` where a PostgreSQL
 * database holds the drills.
 */
export async function backUpStore(args: readonly string[]): Promise<number> {
  const [target] = parsed(args, {}).positionals;
  if (target === undefined) throw new DrillbookError("bad-input", "backup needs a file to write.", "For example: drillbook backup /backups/drillbook-monday.db");
  const { data, database } = readConfig(process.env);
  if (database !== null) throw new DrillbookError("not-now", "backup copies the embedded store, and DATABASE_URL names a PostgreSQL database.", "Back that up with its own means, for example: pg_dump --format=custom --file=drillbook.dump <DATABASE_URL>");
  const folder = dirname(resolve(target));
  if (!canBeWrittenTo(folder)) throw new DrillbookError("bad-input", `There is no folder ${folder} that can be written to.`, "Make it first, or name a file in another one.");
  // The copy holds people's names as the store does.
  process.umask(0o077);
  const store = openSqliteStore(join(data, "drillbook.db"), { readOnly: true });
  try {
    await store.backup(target);
  } finally {
    store.close();
  }
  console.log(`${target}: every drill in ${data} as of now. The keys beside the store are not in it: keep copies of them elsewhere.`);
  return 0;
}

function canBeWrittenTo(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
