import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { DrillEvent } from "../src/drills/events.ts";
import { openLocalKey } from "../src/evidence/keys.ts";
import { startSequencer } from "../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../src/evidence/log/signer.ts";
import { referencingStore } from "../src/evidence/personal/referencing-store.ts";
import { openPostgresStore } from "../src/storage/postgres/open.ts";
import { startPostgres } from "../test/postgres/server.ts";
import { drillOf, source } from "./evidence-drill.ts";
import { cost, type Bench } from "./figure.ts";

const writers = 50;

/**
 * Appending with evidence against the same transaction without: 50 drills that write at once through two replicas, on a
 * PostgreSQL whose commit takes 2 ms. Beside it, how far the log of drill heads falls behind meanwhile.
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
    const pools = [new pg.Pool({ connectionString: server.url, max: 10 }), new pg.Pool({ connectionString: server.url, max: 10 })];
    const stores = replicas.map((store) => referencingStore(store, randomBytes, () => performance.now()));
    const clock = (): Date => new Date();
    const sequencer = await startSequencer({
      store: replicas[0]!.log, signer: (name) => checkpointSigner(folder, name, () => openLocalKey(folder, { rehearsal: name === "rehearsal" })), clock,
      after: (ms, callback) => { const timer = setTimeout(callback, ms); return () => clearTimeout(timer); }, onFault: (fault) => console.error(fault),
    });
    try {
      const rounds = effort === "quick" ? 1 : 5;
      const each = effort === "quick" ? 5 : 40;
      const drill = drillOf(3 + rounds * each);
      const own = (w: number, event: DrillEvent): DrillEvent => ({ ...event, drill: `D-${w}`, at: new Date().toISOString() });
      await admin.query(plainTables);
      for (let w = 0; w < writers; w += 1) {
        await stores[w % 2]!.append({ drill: `D-${w}`, expectedSeq: 0, events: drill.slice(0, 3).map((e) => own(w, e)), wakeAt: null, blobs: [source] });
        await admin.query("INSERT INTO plain.drill (id, events) VALUES ($1, 3)", [`D-${w}`]);
      }
      const all = (one: (w: number, event: DrillEvent) => Promise<unknown>, from: number) =>
        took(() => Promise.all(Array.from({ length: writers }, async (_, w) => { for (const event of drill.slice(from, from + each)) await one(w, own(w, event)); })));
      const plain = (w: number, event: DrillEvent) =>
        pools[w % 2]!.query({ name: "plain", text: plainAppend, values: [event.drill, 1, null, null, event.seq, null, [event.seq], [event.at], [event.type], [Buffer.from(JSON.stringify(event))], event.seq - 1] });
      const times: { ours: number; floor: number }[] = [];
      const lags: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const from = 3 + round * each;
        const floor = await all(plain, from);
        let under = true;
        const watching = (async () => { while (under) { lags.push(await behind(admin)); await pause(50); } })();
        const ours = await all((w, event) => stores[w % 2]!.append({ drill: event.drill, expectedSeq: event.seq - 1, events: [event], wakeAt: new Date(1) }), from);
        under = false;
        await watching;
        times.push({ ours, floor });
      }
      const middle = times.toSorted((a, b) => a.ours / a.floor - b.ours / b.floor)[Math.floor(times.length / 2)]!;
      const per = (ms: number): number => ms / (writers * each);
      return [
        cost(`append one event, ${writers} drills at once through two replicas`, "ms", per(middle.ours), per(middle.floor), 1.3),
        cost("the log of drill heads behind the drills, at most", "ms", Math.max(...lags), 1_000, 1),
      ];
    } finally {
      await sequencer.stop();
      for (const pool of pools) await pool.end();
      for (const replica of replicas) await replica.close();
      await admin.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The store's own tables and statement, without what evidence adds: heads, their check, records, and the log's index. */
const plainTables = `
  CREATE SCHEMA plain;
  CREATE TABLE plain.drill (id text COLLATE "C" PRIMARY KEY, ended_at text, result text, events integer NOT NULL, wake_at bigint, owner uuid) WITH (fillfactor = 70);
  CREATE INDEX plain_wake ON plain.drill (wake_at) WHERE wake_at IS NOT NULL;
  CREATE TABLE plain.event (drill text COLLATE "C" NOT NULL, seq integer NOT NULL CHECK (seq > 0), at text NOT NULL, type text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (drill, seq))`;
const plainAppend = `
  WITH moved AS (
    UPDATE plain.drill SET wake_at = $2, ended_at = coalesce($3, ended_at), result = coalesce($4, result), events = $5,
      owner = CASE WHEN EXISTS (SELECT 1 FROM drillbook.replica r WHERE r.id = owner AND r.beat_at > clock_timestamp() - interval '15 seconds') THEN owner ELSE $6::uuid END
    WHERE id = $1 AND events = $11 RETURNING owner),
  added AS (
    INSERT INTO plain.event (drill, seq, at, type, bytes)
    SELECT $1, e.* FROM unnest($7::int[], $8::text[], $9::text[], $10::bytea[]) AS e WHERE EXISTS (SELECT 1 FROM moved))
  SELECT owner FROM moved`;

/** The age of the oldest event whose head is in no log yet, in milliseconds. */
async function behind(admin: pg.Pool): Promise<number> {
  const { rows } = await admin.query<{ at: string | null }>("SELECT min(e.at) AS at FROM drillbook.drill d JOIN drillbook.event e ON e.drill = d.id AND e.seq = d.logged + 1 WHERE d.events > d.logged");
  const at = rows[0]?.at;
  return at === null || at === undefined ? 0 : Date.now() - Date.parse(at);
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
