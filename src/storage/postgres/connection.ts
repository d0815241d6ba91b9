import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DrillbookError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";

/** What a statement answers; numbers of 64 bits come as text. */
export type Row = Record<string, unknown>;
export type Rows = readonly Row[];

/** One statement with its values; `name` keeps it prepared on the connection. */
export type Query = (text: string, values?: readonly unknown[], name?: string) => Promise<Rows>;

/** The database, with a way to ask for each answer to "may this be done twice?". */
export type Connection = {
  /** One statement, again when the server was away. Only for what may be done twice. */
  readonly query: Query;
  /** One statement, once. */
  readonly once: Query;
  /** One transaction, once. Whoever asks knows whether it may be done again. */
  readonly transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  /** Does it again for as long as the server is away, but not for ever. `work` must bear being done twice. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>;
  /** A connection of its own, for what hangs on the session: LISTEN, an advisory lock. */
  readonly session: (onLost: () => void) => Promise<{ readonly client: pg.Client; readonly end: () => Promise<void> }>;
  readonly close: () => Promise<void>;
};

/** A server that restarts is back within seconds; a failover to a standby takes longer, and a person should hear of it. */
const patienceMs = 20_000;
const longestPauseMs = 1_000;

/** A pool of connections to the server that DATABASE_URL names. Opens none by itself. */
export function connectPostgres(url: Secret, options: { readonly connections?: number; readonly readOnly?: boolean } = {}): Connection {
  const settings = { connectionString: url.reveal(), application_name: "drillbook", connectionTimeoutMillis: 5_000, keepAlive: true, ...(options.readOnly === true ? { options: "-c default_transaction_read_only=on" } : {}) };
  const pool = new pg.Pool({ ...settings, max: options.connections ?? 10, idleTimeoutMillis: 30_000 });
  // A connection that breaks is replaced when it is needed; without a listener, idle or lent out, it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));

  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    const until = performance.now() + patienceMs;
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await work();
      } catch (error) {
        if (!isAway(error)) throw error;
        if (performance.now() + pauseMs > until) throw away(error);
        await pause(pauseMs);
      }
    }
  };
  const once = async (client: pg.Pool | pg.PoolClient, text: string, values: readonly unknown[] = [], name?: string): Promise<Rows> => {
    // Several statements in one text have a result each.
    const result: pg.QueryResult | pg.QueryResult[] = await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
    return (Array.isArray(result) ? result.flatMap((each) => each.rows) : result.rows) as Rows;
  };

  return {
    persist,
    once: (text, values, name) => once(pool, text, values, name),
    query: (text, values, name) => persist(() => once(pool, text, values, name)),
    async transaction(work) {
      const client = await pool.connect();
      let broken: unknown = null;
      try {
        await client.query("BEGIN");
        const result = await work((text, values, name) => once(client, text, values, name));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        broken = isAway(error) ? error : await client.query("ROLLBACK").then(() => null, (second: unknown) => second);
        throw error;
      } finally {
        client.release(broken !== null);
      }
    },
    async session(onLost) {
      const client = new pg.Client(settings);
      // Before it is open nothing is lost: whoever asked for it is told by the failure itself, and must not be told twice.
      let ended = true;
      const lost = (): void => {
        if (!ended) onLost();
        ended = true;
      };
      client.on("error", lost);
      client.on("end", lost);
      await client.connect();
      ended = false;
      return {
        client,
        end: async () => {
          ended = true;
          await client.end().catch(() => undefined);
        },
      };
    },
    close: () => pool.end(),
  };
}

/** Codes of PostgreSQL and of sockets that mean: not now, and nothing is known of what was under way. */
const awayCodes = /^(08...|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT|40001|40P01)$/;
const awayWords = /Connection terminated|timeout exceeded when trying to connect|^timeout expired$|Client has encountered a connection error/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isAway);
  const code = "code" in error ? String(error.code) : "";
  return awayCodes.test(code) || awayWords.test(error.message);
}

function away(cause: unknown): DrillbookError {
  // The cause may name host and user, never the password; it goes to the log and not to people.
  return new DrillbookError("store-busy", "The database does not answer.", "Try again in a moment; if it stays so, look at the server that DATABASE_URL names.", { cause });
}
