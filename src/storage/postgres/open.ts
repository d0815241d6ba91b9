import { randomUUID } from "node:crypto";
import type { Clock, Wakeups } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import type { Store } from "../store.ts";
import { connectPostgres, type Connection } from "./connection.ts";
import { postgresDrillStore, type Sharing } from "./drill-store.ts";
import { postgresLogStore } from "./log-store.ts";
import { onlyOneOf } from "./only-one.ts";
import { createReplica } from "./replica.ts";
import { migrate, requireCurrent } from "./schema.ts";
import { postgresScheduleStore } from "./schedule-store.ts";
import { postgresSurfaceStore } from "./surface-store.ts";

/** The store on PostgreSQL. */
export type PostgresStore = Store & { close(): Promise<void> };

export type PostgresOptions = {
  /** The schema that holds our tables; tests take others. */
  readonly schema?: string;
  /** Leave the database in the form that it has. */
  readonly readOnly?: boolean;
};

export type SharedStore = PostgresStore & { readonly wakeups: Wakeups };

/** The store of one replica among others, and which drills it has. Throws as `openPostgresStore`. */
export async function openSharedStore(url: Secret, options: PostgresOptions & { readonly onFault: (drill: string, fault: unknown) => void; readonly clock: Clock; readonly uptime?: () => number }): Promise<SharedStore> {
  const { schema = usualSchema, onFault, clock, uptime = () => performance.now() } = options;
  const connection = connectPostgres(url);
  const replica = createReplica({ connection, schema, id: randomUUID(), clock, uptime, every, newId: randomUUID, onFault });
  try {
    await requireServer(connection.query);
    await migrate(connection, schema);
    await replica.prepare();
  } catch (error) {
    await connection.close();
    throw refused(error);
  }
  return { ...parts(connection, schema, replica.sharing), wakeups: replica.wakeups };
}

function parts(connection: Connection, schema: string, sharing?: Sharing): PostgresStore {
  return {
    ...postgresDrillStore(connection, schema, sharing),
    ...postgresSurfaceStore(connection, schema),
    log: postgresLogStore(connection, schema),
    schedules: postgresScheduleStore(connection, schema),
    onlyOne: onlyOneOf(connection, schema),
    close: () => connection.close(),
  };
}

/** One after another, never two at once. */
function every(ms: number, work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const again = (): void => {
    timer = setTimeout(() => void work().finally(() => stopped || again()), ms);
  };
  again();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

const usualSchema = "drillbook";

/**
 * Opens the store in a PostgreSQL database, lifting its schema as needed. Throws `bad-setting` when the server refuses us or
 * is too old, `store-busy` when it does not answer, `store-newer` when a later Drillbook changed it in a way unknown here.
 */
export async function openPostgresStore(url: Secret, options: PostgresOptions = {}): Promise<PostgresStore> {
  const { schema = usualSchema, readOnly = false } = options;
  const connection = connectPostgres(url, { readOnly });
  try {
    await requireServer(connection.query);
    if (readOnly) await requireCurrent(connection, schema);
    else await migrate(connection, schema);
  } catch (error) {
    await connection.close();
    throw refused(error);
  }
  return parts(connection, schema);
}

const oldest = 130_000;

async function requireServer(query: (text: string) => Promise<readonly Record<string, unknown>[]>): Promise<void> {
  const [row] = await query("SHOW server_version_num");
  if (Number(row?.["server_version_num"]) >= oldest) return;
  throw new DrillbookError("bad-setting", "The database's PostgreSQL is older than 13.", "Drillbook needs PostgreSQL 13 or later.");
}

/** What only the person who set DATABASE_URL can mend. The server's own words name users and databases, never a password. */
function refused(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^(28...|3D000|42501|3F000)$/.test(code)) return error;
  const why = error instanceof Error ? error.message : "";
  return new DrillbookError("bad-setting", `The database refuses us: ${why}.`, "Check user, password, database and rights of DATABASE_URL; the user must be able to create a schema.", { cause: error });
}
