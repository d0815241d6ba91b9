import type { DatabaseSync } from "node:sqlite";

/**
 * Runs `work` in one write transaction. IMMEDIATE, because a transaction that starts as a reader cannot become a writer
 * once somebody else wrote in between, however long the busy timeout is.
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk may have rolled back by itself already.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
