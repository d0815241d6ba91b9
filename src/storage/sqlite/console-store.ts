import { DatabaseSync } from "node:sqlite";
import type { ConsoleActivity, ConsoleStore } from "../../web/console/store.ts";

/** Messages kept: the console is a rehearsal's chat, not evidence. */
const kept = 500;

/** The console's chat in a file of its own, apart from the evidence: losing it loses nothing that counts. */
export function openConsoleStore(file: string): ConsoleStore & { close(): void } {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS activities (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL) STRICT");
  const insert = db.prepare("INSERT INTO activities (id, body) VALUES (?, ?)");
  const update = db.prepare("UPDATE activities SET body = ? WHERE id = ?");
  const trim = db.prepare("DELETE FROM activities WHERE n <= (SELECT max(n) FROM activities) - ?");
  const all = db.prepare("SELECT body FROM activities ORDER BY n");
  return {
    async save(activity) {
      insert.run(activity.id, JSON.stringify(activity));
      trim.run(kept);
    },
    async replace(activity) {
      update.run(JSON.stringify(activity), activity.id);
    },
    all: async () => all.all().map((row) => JSON.parse(String(row["body"])) as ConsoleActivity),
    close: () => db.close(),
  };
}
