import { PgBoss } from "pg-boss";
import type { Connection, Query } from "./connection.ts";
import { migrationLock } from "./schema.ts";

/** Look at this drill at that time; null: now. */
export type Wakeup = { readonly drill: string; readonly at: Date | null };

/** Carries wake-ups to whichever replica takes them. */
export type WakeupQueue = {
  /** Makes or lifts the queue's own tables. */
  prepare(): Promise<void>;
  /** Within the transaction that `query` belongs to. */
  send(query: Query, wakeups: readonly Wakeup[]): Promise<void>;
  /** From now on `take` gets the drills that are due. When it throws, they come again. */
  start(take: (drills: readonly string[]) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
};

const name = "drill";
const batch = 1_000;

/**
 * The wake-ups of all replicas, carried by pg-boss. The history stays the truth: a wake-up only says that a drill is to be
 * looked at, so that one too many does no harm.
 */
export function wakeupQueue(connection: Connection, schema: string, onFault: (fault: unknown) => void): WakeupQueue {
  const throughPool = { executeSql: async (text: string, values?: unknown[]) => ({ rows: [...(await connection.once(text, values))] }) };
  const boss = new PgBoss({ db: throughPool, schema: `${schema}_wakeups`, schedule: false, reindex: false });
  boss.on("error", onFault);
  return {
    async prepare() {
      try {
        // Replicas that come up together on an empty database would both make the queue's tables, and one would fail.
        await connection.persist(() => connection.transaction(async (query) => {
          await query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
          await boss.start();
        }));
        await connection.persist(() => boss.createQueue(name, { retryLimit: 1_000, retryDelay: 1, expireInSeconds: 60, deleteAfterSeconds: 3_600 }));
      } catch (error) {
        // Half started, it would go on asking a pool that is closed.
        await boss.stop({ graceful: false, close: false }).catch(onFault);
        throw error;
      }
    },
    async send(query, wakeups) {
      if (wakeups.length === 0) return;
      const jobs = wakeups.map(({ drill, at }) => ({ data: { drill }, ...(at === null ? {} : { startAfter: at }) }));
      await boss.insert(name, jobs, { db: { executeSql: async (text, values) => ({ rows: [...(await query(text, values))] }) } });
    },
    async start(take) {
      await connection.persist(() => boss.work<{ drill: string }>(name, { batchSize: batch, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }, (jobs) => take([...new Set(jobs.map((job) => job.data.drill))])));
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000, close: false }),
  };
}
