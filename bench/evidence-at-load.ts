import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { DrillEvent } from "../src/drills/events.ts";
import { openLocalKey } from "../src/evidence/keys.ts";
import type { LogStore } from "../src/evidence/log/ports.ts";
import { startSequencer } from "../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../src/evidence/log/signer.ts";
import { referencingStore } from "../src/evidence/personal/referencing-store.ts";
import { connectPostgres } from "../src/storage/postgres/connection.ts";
import { grouped } from "../src/storage/postgres/grouped.ts";
import { openPostgresStore } from "../src/storage/postgres/open.ts";
import { startPostgres } from "../test/postgres/server.ts";
import { drillOf, source } from "./evidence-drill.ts";
import { cost, type Bench, type Figure } from "./figure.ts";

const writers = 50;

/**
 * Appending with evidence against the same transaction without: 50 drills that write at once through two replicas, on a
 * PostgreSQL whose commit takes 2 ms, in short turns so that a busy machine disturbs both alike. Beside it the processor time
 * that both take, which a busy machine disturbs less, and how far the log of drill heads falls behind meanwhile.
 */
export const appendAtLoad: Bench = {
  name: "append-at-load",
  run: async (effort) => {
    const server = await startPostgres().catch((error: unknown) => {
      console.error(`append-at-load is left out: ${String(error)}`);
      return null;
    });
    if (server === null) return [];
    const folder = mkdtempSync(join(tmpdir(), "drillbook-bench-"));
    const admin = new pg.Pool({ connectionString: server.url, max: 4 });
    admin.on("error", () => undefined);
    for (const setting of ["commit_delay = 2000", "commit_siblings = 0"]) await admin.query(`ALTER SYSTEM SET ${setting}`);
    await admin.query("SELECT pg_reload_conf()");
    const replicas = [await openPostgresStore(server.secret), await openPostgresStore(server.secret)];
    const plainly = [connectPostgres(server.secret), connectPostgres(server.secret)];
    const stores = replicas.map((store) => referencingStore(store, randomBytes, () => performance.now()));
    const lags = lagsOf(replicas[0]!.log);
    const keys = { drills: openLocalKey(folder, { rehearsal: false }), rehearsal: openLocalKey(folder, { rehearsal: true }) };
    const sequencer = await startSequencer({
      store: lags.watched, signer: (name) => checkpointSigner(folder, name, () => keys[name]), clock: () => new Date(),
      after: (ms, callback) => { const timer = setTimeout(callback, ms); return () => clearTimeout(timer); }, onFault: (fault) => console.error(fault),
    });
    try {
      const turns = effort === "quick" ? 2 : 16;
      const each = effort === "quick" ? 5 : 20;
      // A process that has just begun is still compiling its code, and the database its plans.
      const warmUp = effort === "quick" ? 1 : 4;
      const drill = drillOf(3 + (warmUp + turns) * each);
      const own = (w: number, event: DrillEvent): DrillEvent => ({ ...event, drill: `D-${w}`, at: new Date().toISOString() });
      await admin.query(plainTables);
      for (let w = 0; w < writers; w += 1) {
        await stores[w % 2]!.append({ drill: `D-${w}`, expectedSeq: 0, events: drill.slice(0, 3).map((e) => own(w, e)), wakeAt: new Date(1), blobs: [source] });
        await admin.query("INSERT INTO plain.drill (id, events, wake_at) VALUES ($1, 3, 1)", [`D-${w}`]);
      }
      const plainGroups = plainly.map((connection) => {
        const together = async (events: readonly DrillEvent[]): Promise<readonly string[]> => {
          const of = <T>(one: (event: DrillEvent) => T): readonly T[] => events.map(one);
          const none = of(() => null);
          await connection.query(plainAppend, [null, of((e) => e.drill), of(() => 1), none, none, of((e) => e.seq), of((e) => e.seq - 1), of((e) => e.drill), of((e) => e.seq), of((e) => e.at), of((e) => e.type), of((e) => Buffer.from(JSON.stringify(e)))], "plain");
          return of((e) => e.drill);
        };
        return grouped({ together, alone: async (event) => (await together([event]))[0]!, key: (event) => event.drill, atOnce: 4 });
      });
      const plain = (w: number, event: DrillEvent): Promise<unknown> => plainGroups[w % 2]!(event);
      const sealed = (w: number, event: DrillEvent): Promise<unknown> => {
        lags.begun(event);
        return stores[w % 2]!.append({ drill: event.drill, expectedSeq: event.seq - 1, events: [event], wakeAt: new Date(1) });
      };
      const all = (one: typeof plain, from: number) =>
        took(admin, () => Promise.all(Array.from({ length: writers }, async (_, w) => { for (const event of drill.slice(from, from + each)) await one(w, own(w, event)); })));
      const times: { ours: Took; floor: Took }[] = [];
      for (let turn = 0; turn < warmUp + turns; turn += 1) {
        const from = 3 + turn * each;
        const first = turn % 2 === 0 ? await all(plain, from) : null;
        const ours = await all(sealed, from);
        // What the log still has to do belongs to nobody else's turn.
        await pause(600);
        const floor = first ?? (await all(plain, from));
        if (turn >= warmUp) times.push({ ours, floor });
      }
      const per = (ms: number): number => ms / (writers * each);
      const row = (name: string, of: (took: Took) => number): Figure => {
        const { ours, floor } = times.toSorted((a, b) => of(a.ours) / of(a.floor) - of(b.ours) / of(b.floor))[Math.floor(times.length / 2)]!;
        return cost(name, "ms", per(of(ours)), per(of(floor)), 1.3);
      };
      return [
        row(`append one event, ${writers} drills at once through two replicas`, ({ ms }) => ms),
        ...(times.some(({ floor }) => floor.processorMs === 0) ? [] : [row("processor time of an append, database and writer", ({ processorMs }) => processorMs)]),
        cost("the log of drill heads behind the drills, at most", "ms", lags.greatest(), 1_000, 1),
      ];
    } finally {
      await sequencer.stop();
      for (const connection of plainly) await connection.close();
      for (const replica of replicas) await replica.close();
      await admin.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The store's own tables and statement for many appends at once, without what evidence adds: heads, their check, records, and the log's index. */
const plainTables = `
  CREATE SCHEMA plain;
  CREATE TABLE plain.drill (id text COLLATE "C" PRIMARY KEY, ended_at text, result text, events integer NOT NULL, wake_at bigint, owner uuid) WITH (fillfactor = 70);
  CREATE INDEX plain_wake ON plain.drill (wake_at) WHERE wake_at IS NOT NULL;
  CREATE TABLE plain.event (drill text COLLATE "C" NOT NULL, seq integer NOT NULL CHECK (seq > 0), at text NOT NULL, type text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (drill, seq))`;
const plainAppend = `
  WITH moved AS (
    UPDATE plain.drill d SET wake_at = g.wake_at, ended_at = coalesce(g.ended_at, d.ended_at), result = coalesce(g.result, d.result), events = g.events,
      owner = CASE WHEN EXISTS (SELECT 1 FROM drillbook.replica r WHERE r.id = owner AND r.beat_at > clock_timestamp() - interval '15 seconds') THEN owner ELSE $1::uuid END
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::int[]) AS g (id, wake_at, ended_at, result, events, after_seq)
    WHERE d.id = g.id AND d.events = g.after_seq RETURNING d.id, d.owner, g.ended_at),
  added AS (
    INSERT INTO plain.event (drill, seq, at, type, bytes)
    SELECT e.* FROM unnest($8::text[], $9::int[], $10::text[], $11::text[], $12::bytea[]) AS e (drill, seq, at, type, bytes) WHERE e.drill IN (SELECT id FROM moved)),
  freed AS (DELETE FROM drillbook.scope WHERE drill IN (SELECT id FROM moved WHERE ended_at IS NOT NULL))
  SELECT id, owner FROM moved`;

/** How old the oldest event was whenever the log took in a drill's head, from before its append began. */
function lagsOf(log: LogStore) {
  const since = new Map<string, { readonly seq: number; readonly at: number }[]>();
  let greatest = 0;
  return {
    begun({ drill, seq }: DrillEvent): void {
      since.set(drill, [...(since.get(drill) ?? []), { seq, at: performance.now() }]);
    },
    greatest: () => greatest,
    watched: {
      ...log,
      async sequence() {
        const sequenced = await log.sequence();
        const now = performance.now();
        for (const { drill, seq } of sequenced.flatMap(({ entries }) => entries)) {
          const waiting = since.get(drill) ?? [];
          for (const { at } of waiting.filter((event) => event.seq <= seq)) greatest = Math.max(greatest, now - at);
          since.set(drill, waiting.filter((event) => event.seq > seq));
        }
        return sequenced;
      },
    } satisfies LogStore,
  };
}

type Took = { readonly ms: number; readonly processorMs: number };

async function took(admin: pg.Pool, work: () => Promise<unknown>): Promise<Took> {
  const database = await databaseMs(admin);
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, processorMs: database === 0 ? 0 : (await databaseMs(admin)) - database + (user + system) / 1_000 };
}

/** The processor time of the database's processes until now; 0 where the system does not tell it. */
async function databaseMs(admin: pg.Pool): Promise<number> {
  const { rows } = await admin
    .query<{ ms: string }>("SELECT sum(split_part(pg_read_file('/proc/' || pid || '/schedstat'), ' ', 1)::numeric) / 1e6 AS ms FROM pg_stat_activity")
    .catch(() => ({ rows: [] }));
  return Number(rows[0]?.ms ?? 0);
}
