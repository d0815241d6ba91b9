import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { DrillbookError } from "../../errors.ts";
import type { Clock } from "../../drills/ports.ts";
import type { Store } from "../store.ts";
import { sqliteAddressStore } from "./address-store.ts";
import { backUp } from "./backup.ts";
import { sqliteDrillStore } from "./drill-store.ts";
import { sqliteLogStore } from "./log-store.ts";
import { takeRunnerLock } from "./runner-lock.ts";
import { migrate, requireCurrent } from "./schema.ts";
import { sqliteScheduleStore } from "./schedule-store.ts";
import { sqliteSurfaceStore } from "./surface-store.ts";
import { groupWriter } from "./writer.ts";

/** The embedded store: one file, one writer. */
export type SqliteStore = Store & {
  /** A whole copy of the store as of now, while it is in use. Throws `bad-input` when the target exists. */
  backup(target: string): Promise<void>;
  close(): void;
};

/** How long a statement waits for another process that writes, in milliseconds. */
const busyTimeoutMs = 5_000;

/**
 * Opens the embedded store: as its one runner, creating or lifting the file as needed, or read-only beside whoever runs
 * it. Throws `store-busy` when another runner holds it, `store-newer` when a later Drillbook wrote it, `bad-setting`
 * when it is no store of ours; read-only also `not-found`, and `not-now` when it must be lifted first.
 */
export function openSqliteStore(file: string, options: { readonly clock: Clock } | { readonly readOnly: true }): SqliteStore {
  return "readOnly" in options ? openForReading(file) : openAsRunner(file, options.clock);
}

function openAsRunner(file: string, clock: Clock): SqliteStore {
  const runner = { pid: process.pid, host: hostname(), since: clock().toISOString() };
  const lock = opened(file, () => takeRunnerLock(`${file}.lock`, runner));
  try {
    const db = connect(file, false);
    const close = () => {
      db.close();
      lock.release();
    };
    return storeOn(db, file, migrate, close);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openForReading(file: string): SqliteStore {
  if (!existsSync(file)) {
    throw new DrillbookError("not-found", `There is no store at ${file}.`, "Check DRILLBOOK_DATA, or start the bot once.");
  }
  const db = connect(file, true);
  return storeOn(db, file, requireCurrent, () => db.close());
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  const db = opened(file, () => new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true }));
  return orClosed(file, db, () => {
    if (!readOnly) db.exec("PRAGMA journal_mode = WAL");
    // FULL: a commit that was answered survives a power cut; WAL alone would lose the last ones.
    db.exec("PRAGMA synchronous = FULL");
    // What is erased must not stay readable in a free page of the file.
    if (!readOnly) db.exec("PRAGMA secure_delete = ON");
    return db;
  });
}

function storeOn(db: DatabaseSync, file: string, prepare: (db: DatabaseSync, file: string) => void, close: () => void): SqliteStore {
  return orClosed(file, db, () => {
    prepare(db, file);
    const { write, flush } = groupWriter(db);
    const closeAll = (): void => {
      flush();
      close();
    };
    return { ...sqliteDrillStore(db, write), ...sqliteSurfaceStore(db, write), ...sqliteAddressStore(db, write), log: sqliteLogStore(db, write), schedules: sqliteScheduleStore(db), onlyOne: (begin) => begin(), backup: (target) => backUp(db, target), close: closeAll };
  });
}

function orClosed<T>(file: string, db: DatabaseSync, work: () => T): T {
  try {
    return opened(file, work);
  } catch (error) {
    if (db.isOpen) db.close();
    throw error;
  }
}

const cannotOpen = 14;
const notADatabase = 26;

/** SQLite's own codes for what only the person who chose the folder can mend. */
function opened<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? error.errcode : null;
    const why = code === cannotOpen ? "cannot be opened or created" : code === notADatabase ? "is not a database" : null;
    if (why === null) throw error;
    throw new DrillbookError("bad-setting", `${file} ${why}.`, "Point DRILLBOOK_DATA at a folder that exists, may be written to, and is Drillbook's own.", { cause: error });
  }
}
