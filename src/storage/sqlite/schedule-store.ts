import type { DatabaseSync } from "node:sqlite";
import type { ScheduleStore } from "../../wakeups/scheduler.ts";

/** What was announced, launched and missed of schedules, in the file that holds the drills. */
export function sqliteScheduleStore(db: DatabaseSync): ScheduleStore {
  const first = db.prepare("INSERT INTO schedule_anchor (runbook, at) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const anchor = db.prepare("SELECT at FROM schedule_anchor WHERE runbook = ?");
  const take = db.prepare("INSERT INTO schedule_claim (key, at, done) VALUES (?, ?, 0) ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE done = 0 AND at <= ?");
  const isDone = db.prepare("SELECT done FROM schedule_claim WHERE key = ?");
  const finish = db.prepare("UPDATE schedule_claim SET done = 1 WHERE key = ?");
  return {
    async anchor(runbook, now) {
      first.run(runbook, now.getTime());
      return new Date(Number(anchor.get(runbook)?.["at"]));
    },
    async claim(key, now, leaseMs) {
      if (take.run(key, now.getTime(), now.getTime() - leaseMs).changes === 1) return "mine";
      return isDone.get(key)?.["done"] === 1 ? "done" : "taken";
    },
    async finish(key) {
      finish.run(key);
    },
  };
}
