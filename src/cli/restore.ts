import { join } from "node:path";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { restoreStore } from "../storage/sqlite/restore.ts";
import { parsed } from "./options.ts";

/**
 * Puts a backup in the place of the store while no bot runs on it. Throws `not-now` where a PostgreSQL database holds the
 * drills, and what `restoreStore` throws.
 */
export async function restore(args: readonly string[]): Promise<number> {
  const [from] = parsed(args, {}).positionals;
  if (from === undefined) throw new DrillbookError("bad-input", "restore needs the backup to read.", "For example: drillbook restore /backups/drillbook-monday.db");
  const { data, database } = readConfig(process.env);
  if (database !== null) throw new DrillbookError("not-now", "restore puts back the embedded store, and DATABASE_URL names a PostgreSQL database.", "Restore that with its own means, for example: pg_restore --clean --if-exists --dbname=<DATABASE_URL> drillbook.dump");
  const { former } = await restoreStore(join(data, "drillbook.db"), from, () => new Date());
  console.log(`The store is as ${from} has it.`);
  if (former !== null) console.log(`The store that was there is kept: ${former}`);
  console.log('Before the bot starts again: look in Azure for what was begun after the backup.\nIf it is older than what was signed, the bot says so and waits for: drillbook acknowledge-restore --reason "..."');
  return 0;
}
