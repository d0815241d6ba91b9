import { join } from "node:path";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { openSqliteStore } from "../storage/sqlite/open.ts";
import { parsed } from "./options.ts";

/** Copies the store while the bot runs. */
export async function backUpStore(args: readonly string[]): Promise<number> {
  const [target] = parsed(args, {}).positionals;
  if (target === undefined) throw new DrillbookError("bad-input", "backup needs a file to write.", "For example: drillbook backup /backups/drillbook-monday.db");
  const store = openSqliteStore(join(readConfig(process.env).data, "drillbook.db"), { readOnly: true });
  try {
    await store.backup(target);
  } finally {
    store.close();
  }
  console.log(`${target}: every drill as of now. The keys beside the store are not in it: keep copies of them elsewhere.`);
  return 0;
}
