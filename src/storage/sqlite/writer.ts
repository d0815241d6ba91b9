import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./transaction.ts";

/** Does a write, and answers once it is safe on disk. What it throws undoes it alone. */
export type Writer = <T>(work: () => T) => Promise<T>;

type Waiting = { readonly work: () => unknown; readonly resolve: (value: never) => void; readonly reject: (error: unknown) => void };

/**
 * Whatever is to be written in one turn of the event loop goes to disk together: a sync takes as long for one write as for a
 * hundred, and while it runs nothing else does.
 */
export function groupWriter(db: DatabaseSync): { readonly write: Writer; readonly flush: () => void } {
  let waiting: Waiting[] = [];

  function writeAll(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      const answers = inTransaction(db, () => group.map((each) => writeOne(db, each)));
      for (const answer of answers) answer();
    } catch (error) {
      // Nothing of the group was stored.
      for (const { reject } of group) reject(error);
    }
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve, reject });
        if (waiting.length === 1) setImmediate(writeAll);
      }),
    flush: writeAll,
  };
}

/** What to tell whoever asked, once the group is on disk. Throws when the whole transaction is gone. */
function writeOne(db: DatabaseSync, { work, resolve, reject }: Waiting): () => void {
  db.exec("SAVEPOINT one");
  try {
    const value = work() as never;
    db.exec("RELEASE one");
    return () => resolve(value);
  } catch (error) {
    // A full disk may have rolled everything back by itself.
    if (!db.isTransaction) throw error;
    db.exec("ROLLBACK TO one; RELEASE one");
    return () => reject(error);
  }
}
