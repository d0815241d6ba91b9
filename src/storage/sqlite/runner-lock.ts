import { DatabaseSync } from "node:sqlite";
import { DrillbookError } from "../../errors.ts";

/** Who runs the drills of a store. */
export type Runner = { readonly pid: number; readonly host: string; readonly since: string };

/** Held by the one process that may run drills of a data folder. */
export type RunnerLock = { release(): void };

/** Long enough for one that is stopping, or only reading the name, to be gone. */
const patienceMs = 500;

/**
 * At most one process runs the drills of a store. The lock is a write transaction left open on a small database beside
 * the store: the operating system drops it however the process dies, and everybody may still read the row that names
 * the holder. Throws `store-busy`, naming the holder.
 */
export function takeRunnerLock(file: string, runner: Runner): RunnerLock {
  const db = new DatabaseSync(file, { timeout: patienceMs });
  try {
    holdWith(db, runner, file);
  } catch (error) {
    db.close();
    throw error;
  }
  return { release: () => db.close() };
}

function holdWith(db: DatabaseSync, runner: Runner, file: string): void {
  const row = JSON.stringify(runner);
  // Not WAL: there a reader of the row would need files of its own beside the lock.
  seize(() => db.exec("PRAGMA journal_mode = DELETE; CREATE TABLE IF NOT EXISTS holder (row TEXT NOT NULL)"), db, file);
  // The row must be committed to be read by others, and the lock is free for a moment after the commit. Whoever slips in
  // there writes a row of its own, so hold only what names us.
  for (;;) {
    seize(() => db.exec("BEGIN IMMEDIATE"), db, file);
    if (db.prepare("SELECT row FROM holder").get()?.row === row) return;
    db.exec("DELETE FROM holder");
    db.prepare("INSERT INTO holder (row) VALUES (?)").run(row);
    seize(() => db.exec("COMMIT"), db, file);
  }
}

function seize(attempt: () => void, db: DatabaseSync, file: string): void {
  try {
    attempt();
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new DrillbookError(
      "store-busy",
      `Another Drillbook is already running on this store: ${describeHolder(db)} (${file}).`,
      "Stop that one first, or give this one another DRILLBOOK_DATA. Reading commands work beside it.",
      { cause: error },
    );
  }
}

/** Only words for a person: the lock itself is the truth, this row may be of a holder that is just going. */
function describeHolder(db: DatabaseSync): string {
  try {
    const holder: unknown = JSON.parse(String(db.prepare("SELECT row FROM holder").get()?.row));
    if (isRunner(holder)) return `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  } catch {
    // The holder is between two states of its own; what matters to the reader is that there is one.
  }
  return "a process that has not given its name yet";
}

function isRunner(value: unknown): value is Runner {
  return typeof value === "object" && value !== null && "pid" in value && "host" in value && "since" in value;
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === sqliteBusy;
}
