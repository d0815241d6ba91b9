import type { ScheduleStore } from "../../wakeups/scheduler.ts";
import type { Connection } from "./connection.ts";

/** What was announced, launched and missed of schedules, in the database that every replica shares. */
export function postgresScheduleStore({ query }: Connection, s: string): ScheduleStore {
  return {
    async anchor(runbook, now) {
      await query(`INSERT INTO ${s}.schedule_anchor (runbook, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [runbook, now.getTime()]);
      const [row] = await query(`SELECT at FROM ${s}.schedule_anchor WHERE runbook = $1`, [runbook]);
      return new Date(Number(row?.["at"]));
    },
    async claim(key, now, leaseMs) {
      const taken = await query(
        `INSERT INTO ${s}.schedule_claim AS c (key, at, done) VALUES ($1, $2, false)
         ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE NOT c.done AND c.at <= $3 RETURNING key`,
        [key, now.getTime(), now.getTime() - leaseMs],
      );
      if (taken.length === 1) return "mine";
      const [row] = await query(`SELECT done FROM ${s}.schedule_claim WHERE key = $1`, [key]);
      return row?.["done"] === true ? "done" : "taken";
    },
    async finish(key) {
      await query(`UPDATE ${s}.schedule_claim SET done = true WHERE key = $1`, [key]);
    },
  };
}
