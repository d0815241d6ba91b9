import { DrillbookError } from "../../errors.ts";
import type { Connection, Query } from "./connection.ts";

type Migration = {
  readonly sql: (schema: string) => string;
  /** The least schema version that a program must know to work on the result: lower than this one while a step only adds. */
  readonly least: number;
};

/** Step n lifts a database from schema n to n + 1. A step that was released is never edited: add another. */
const migrations: readonly Migration[] = [
  {
    least: 1,
    // Names and times are compared byte by byte, whatever the database's own language is.
    sql: (s) => `
      CREATE TABLE ${s}.drill (
        id         text COLLATE "C" PRIMARY KEY,
        runbook    text NOT NULL,
        title      text NOT NULL,
        mode       text NOT NULL,
        started_at text COLLATE "C" NOT NULL,
        ended_at   text,
        result     text,
        events     integer NOT NULL,
        head       text NOT NULL,
        wake_at    bigint,
        logged     integer NOT NULL DEFAULT 0
      ) WITH (fillfactor = 70);
      CREATE INDEX drill_wake ON ${s}.drill (wake_at) WHERE wake_at IS NOT NULL;
      CREATE INDEX drill_behind ON ${s}.drill (id) WHERE events > logged;

      CREATE TABLE ${s}.event (
        drill text COLLATE "C" NOT NULL,
        seq   integer NOT NULL CHECK (seq > 0),
        at    text NOT NULL,
        type  text NOT NULL,
        bytes bytea NOT NULL,
        head  text NOT NULL,
        PRIMARY KEY (drill, seq)
      );
      CREATE TABLE ${s}.blob (sha256 text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL);
      -- What events name by reference; the one part of the evidence that may be erased.
      CREATE TABLE ${s}.record (drill text COLLATE "C" NOT NULL, ref text COLLATE "C" NOT NULL, salt text NOT NULL, value text NOT NULL, PRIMARY KEY (drill, ref));
      CREATE TABLE ${s}.counter (name text PRIMARY KEY, last bigint NOT NULL);
      CREATE TABLE ${s}.scope (scope text COLLATE "C" PRIMARY KEY, drill text COLLATE "C" NOT NULL);
      CREATE INDEX scope_drill ON ${s}.scope (drill);

      CREATE TABLE ${s}.surface (
        drill        text COLLATE "C" NOT NULL,
        surface      text COLLATE "C" NOT NULL,
        generation   integer NOT NULL,
        conversation text NOT NULL,
        message_id   text,
        state        text NOT NULL CHECK (state IN ('wanted', 'posting', 'shown', 'lost', 'retired')),
        shown_hash   text,
        shown_seq    integer NOT NULL,
        PRIMARY KEY (drill, surface)
      );
      CREATE TABLE ${s}.seen (key text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, caller uuid NOT NULL);
      CREATE INDEX seen_at ON ${s}.seen (at);
      CREATE TABLE ${s}.address (person text COLLATE "C" PRIMARY KEY, conversation text NOT NULL);

      CREATE TABLE ${s}.log (name text PRIMARY KEY, id text NOT NULL, restored text);
      INSERT INTO ${s}.log (name, id) SELECT name, substr(replace(gen_random_uuid()::text, '-', ''), 1, 16) FROM (VALUES ('rehearsal'), ('drills')) AS names (name);
      CREATE TABLE ${s}.log_entry (
        log   text NOT NULL,
        n     integer NOT NULL CHECK (n >= 0),
        drill text NOT NULL,
        seq   integer NOT NULL,
        head  text NOT NULL,
        PRIMARY KEY (log, n)
      );
      CREATE TABLE ${s}.checkpoint (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, log text NOT NULL, size integer NOT NULL, note text NOT NULL);

      -- A history is only ever added to; a stray UPDATE from a SQL prompt should fail, not pass unseen until the next read.
      CREATE FUNCTION ${s}.only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$;
      CREATE TRIGGER event_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.event EXECUTE FUNCTION ${s}.only_added_to();
      CREATE TRIGGER log_entry_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.log_entry EXECUTE FUNCTION ${s}.only_added_to();
    `,
  },
  {
    least: 1,
    sql: (s) => `
      -- Which replica has which drill. A replica that has not been heard from for a while has none.
      CREATE TABLE ${s}.replica (id uuid PRIMARY KEY, host text NOT NULL, since timestamptz NOT NULL DEFAULT clock_timestamp(), beat_at timestamptz NOT NULL);
      ALTER TABLE ${s}.drill ADD COLUMN owner uuid;
      CREATE INDEX drill_owner ON ${s}.drill (owner) WHERE owner IS NOT NULL;
    `,
  },
  {
    least: 1,
    sql: (s) => `
      -- A piece of a schedule's work, by a name that it has for ever; times in milliseconds since 1970.
      CREATE TABLE ${s}.schedule_claim (key text PRIMARY KEY, at bigint NOT NULL, done boolean NOT NULL);
      CREATE TABLE ${s}.schedule_anchor (runbook text PRIMARY KEY, at bigint NOT NULL);
    `,
  },
  {
    least: 1,
    sql: (s) => `
      -- An index whose condition names what every append changes makes every append write to every index of the table. This one's
      -- condition changes once when a drill begins to be written, and once when it has been quiet for a moment.
      ALTER TABLE ${s}.drill ADD COLUMN behind boolean GENERATED ALWAYS AS (events > logged) STORED;
      DROP INDEX ${s}.drill_behind;
      CREATE INDEX drill_maybe_behind ON ${s}.drill (id) WHERE behind;
      CREATE INDEX log_entry_drill ON ${s}.log_entry (drill COLLATE "C", seq);
    `,
  },
];

export const schemaVersion = migrations.length;

/** Every migration of every replica takes its turn behind this number, "drillbo" in ASCII. */
export const migrationLock = "28270162653242223";

/**
 * Brings the database to this program's schema, one replica at a time. A newer schema is left as it is when it only added to
 * what this program knows, so that two replicas one release apart both run. Throws `store-newer` or `bad-setting`.
 */
export async function migrate(connection: Connection, schema: string, to: number = schemaVersion): Promise<void> {
  await connection.persist(() =>
    connection.transaction(async (query) => {
      await query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
      const version = await versionOf(query, schema);
      if (version === 0) {
        await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
        await query(`CREATE TABLE ${schema}.version (version integer NOT NULL, least integer NOT NULL)`);
        await query(`INSERT INTO ${schema}.version (version, least) VALUES (0, 0)`);
      }
      for (const [step, migration] of migrations.entries()) {
        if (step < version || step >= to) continue;
        await query(migration.sql(schema));
        await query(`UPDATE ${schema}.version SET version = $1, least = $2`, [step + 1, migration.least]);
      }
    }),
  );
}

/** For a command that only reads, and may not lift the database itself. Throws `store-newer`, `not-found`, `not-now`. */
export async function requireCurrent(connection: Connection, schema: string): Promise<void> {
  const version = await versionOf(connection.query, schema);
  if (version === 0) throw new DrillbookError("not-found", "The database that DATABASE_URL names holds no store of Drillbook.", "Check DATABASE_URL, or start the bot once.");
  if (version < schemaVersion) throw new DrillbookError("not-now", "The database still has the form of an older Drillbook.", "Start the bot of this version once: it brings the store up to date.");
}

async function versionOf(query: Query, schema: string): Promise<number> {
  const [there] = await query("SELECT to_regclass($1) IS NOT NULL AS is", [`${schema}.version`]);
  if (there?.["is"] !== true) return 0;
  const [row] = await query(`SELECT version, least FROM ${schema}.version`);
  const [version, least] = [Number(row?.["version"]), Number(row?.["least"])];
  if (least <= schemaVersion) return version;
  throw new DrillbookError(
    "store-newer",
    `The database was brought to schema ${version} by a newer Drillbook; this program knows ${schemaVersion}.`,
    "Run that version or a later one; a store is never taken back.",
  );
}
