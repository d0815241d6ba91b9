import type { DatabaseSync } from "node:sqlite";
import { DrillbookError } from "../../errors.ts";
import { inTransaction } from "./transaction.ts";

/** Marks the file as ours ("DRIL"), so that a setting that points at another program's database is noticed. */
const applicationId = 0x4452494c;

/** Step n lifts a file from schema n to n + 1. A step that was released is never edited: add another. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE drill (
    id         TEXT    PRIMARY KEY,
    runbook    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    mode       TEXT    NOT NULL,
    started_at TEXT    NOT NULL,
    ended_at   TEXT,
    result     TEXT,
    events     INTEGER NOT NULL,
    head       TEXT    NOT NULL,
    wake_at    INTEGER
  ) STRICT;
  CREATE INDEX drill_wake ON drill (wake_at) WHERE wake_at IS NOT NULL;

  CREATE TABLE event (
    drill TEXT    NOT NULL REFERENCES drill (id),
    seq   INTEGER NOT NULL CHECK (seq > 0),
    at    TEXT    NOT NULL,
    type  TEXT    NOT NULL,
    bytes BLOB    NOT NULL,
    head  TEXT    NOT NULL,
    PRIMARY KEY (drill, seq)
  ) STRICT;

  -- A history is only ever added to; a stray UPDATE from a SQL prompt should fail, not pass unseen until the next read.
  CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

  CREATE TABLE blob (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
  ) STRICT;

  CREATE TABLE counter (
    name TEXT    PRIMARY KEY,
    last INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE surface (
    drill        TEXT    NOT NULL,
    surface      TEXT    NOT NULL,
    generation   INTEGER NOT NULL,
    conversation TEXT    NOT NULL,
    message_id   TEXT,
    state        TEXT    NOT NULL CHECK (state IN ('wanted', 'posting', 'shown', 'lost', 'retired')),
    shown_hash   TEXT,
    shown_seq    INTEGER NOT NULL,
    PRIMARY KEY (drill, surface)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX surface_open ON surface (state) WHERE state <> 'retired';

  CREATE TABLE seen (
    key TEXT    PRIMARY KEY,
    at  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_at ON seen (at);
  `,
  `
  -- The last event whose head is in a log.
  ALTER TABLE drill ADD COLUMN logged INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX drill_behind ON drill (id) WHERE events > logged;

  CREATE TABLE log (
    name     TEXT PRIMARY KEY,
    id       TEXT NOT NULL,
    restored TEXT
  ) STRICT;
  INSERT INTO log (name, id) VALUES ('rehearsal', lower(hex(randomblob(8)))), ('drills', lower(hex(randomblob(8))));

  CREATE TABLE log_entry (
    log   TEXT    NOT NULL REFERENCES log (name),
    n     INTEGER NOT NULL CHECK (n >= 0),
    drill TEXT    NOT NULL REFERENCES drill (id),
    seq   INTEGER NOT NULL,
    head  TEXT    NOT NULL,
    PRIMARY KEY (log, n)
  ) STRICT;
  CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'log entries are never changed'); END;
  CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'log entries are never deleted'); END;

  CREATE TABLE checkpoint (
    n    INTEGER PRIMARY KEY,
    log  TEXT    NOT NULL REFERENCES log (name),
    size INTEGER NOT NULL,
    note TEXT    NOT NULL
  ) STRICT;
  `,
  `
  -- Where to reach a person in person, as Teams last said.
  CREATE TABLE address (
    person       TEXT PRIMARY KEY,
    conversation TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What drills protect from each other. Those under way hold the recovery plans that they were launched with.
  CREATE TABLE scope (
    scope TEXT PRIMARY KEY,
    drill TEXT NOT NULL REFERENCES drill (id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scope_drill ON scope (drill);
  INSERT OR IGNORE INTO scope (scope, drill)
    SELECT lower(given.value), event.drill
    FROM event JOIN drill ON drill.id = event.drill AND drill.ended_at IS NULL,
      json_each(CAST(event.bytes AS TEXT), '$.runbook.parameters') AS parameter, json_each(CAST(event.bytes AS TEXT), '$.params') AS given
    WHERE event.seq = 1 AND json_extract(parameter.value, '$.type') = 'recovery-plan' AND given.key = json_extract(parameter.value, '$.name');
  `,
  `
  -- What events name by reference; the one part of the evidence that may be erased.
  CREATE TABLE record (
    drill TEXT NOT NULL REFERENCES drill (id),
    ref   TEXT NOT NULL,
    salt  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (drill, ref)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A piece of a schedule's work, by a name that it has for ever; times in milliseconds since 1970.
  CREATE TABLE schedule_claim (key TEXT PRIMARY KEY, at INTEGER NOT NULL, done INTEGER NOT NULL) STRICT;
  CREATE TABLE schedule_anchor (runbook TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  `,
];

export const schemaVersion = migrations.length;

/** Brings the file to this program's schema. Throws `store-newer` or `bad-setting` before anything is changed. */
export function migrate(db: DatabaseSync, file: string): void {
  inTransaction(db, () => {
    for (let version = requireOurs(db, file); version < schemaVersion; version += 1) {
      db.exec(migrations[version]!);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    }
    db.exec(`PRAGMA application_id = ${applicationId}`);
  });
}

/** For a reader, which may not lift the file itself. Throws `store-newer`, `not-now` or `bad-setting`. */
export function requireCurrent(db: DatabaseSync, file: string): void {
  if (requireOurs(db, file) === schemaVersion) return;
  throw new DrillbookError(
    "not-now",
    `The store ${file} still has the form of an older Drillbook.`,
    "Start the bot of this version once: it brings the store up to date.",
  );
}

/**
 * The file's schema version; 0 for an empty file. Throws `bad-setting` for another program's database, `store-newer` for a newer
 * schema than ours.
 */
export function requireOurs(db: DatabaseSync, file: string): number {
  const version = pragma(db, "user_version");
  const id = pragma(db, "application_id");
  const empty = version === 0 && id === 0 && db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n === 0;
  if (!empty && id !== applicationId) {
    throw new DrillbookError(
      "bad-setting",
      `${file} is a database, but not one of Drillbook's.`,
      "Point DRILLBOOK_DATA at another folder.",
    );
  }
  if (version > schemaVersion) {
    throw new DrillbookError(
      "store-newer",
      `The store ${file} was written by a newer Drillbook (schema ${version}, this program knows ${schemaVersion}).`,
      "Run that version or a later one; a store is never taken back.",
    );
  }
  return version;
}

function pragma(db: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
