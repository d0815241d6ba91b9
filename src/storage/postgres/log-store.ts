import { randomBytes } from "node:crypto";
import { logNames, type LogEntry, type LogName, type LogStore, type Restored, type Sequenced } from "../../evidence/log/ports.ts";
import type { Connection, Query, Row, Rows } from "./connection.ts";

/** The logs of drill heads, in the database that holds the drills. */
export function postgresLogStore(connection: Connection, s: string): LogStore {
  const { query } = connection;

  /** What a commit left whose answer was lost, and what a replica wrote that had the log meanwhile: the caller has it not. */
  const sequenceNow = async (run: Query, known: ReadonlyMap<LogName, number>): Promise<readonly Sequenced[]> => {
    // One at a time: between what is read here and what is written somebody else must not write.
    await run(`SELECT 1 FROM ${s}.log ORDER BY name FOR NO KEY UPDATE`);
    const untold: Sequenced[] = [];
    for (const log of logNames) {
      const from = known.get(log);
      const rows = from === undefined ? [] : await run(`SELECT drill, seq, head FROM ${s}.log_entry WHERE log = $1 AND n >= $2 ORDER BY n`, [log, from]);
      if (rows.length > 0) untold.push({ log, entries: rows.map(toEntry), events: rows.length, decisive: true });
    }
    return [...untold, ...(await sequenceNew(run))];
  };

  let unsure = false;

  /**
   * Takes no lock on a drill that is being written: its next append would wait for this transaction, and this one for each of
   * them in turn. What a drill's row says of the log is brought up to date once the drill is quiet; until then the log says it.
   */
  const sequenceNew = async (run: Query): Promise<readonly Sequenced[]> => {
    const found = await run(
      `SELECT id, mode, events, head, greatest(logged, (SELECT max(e.seq) FROM ${s}.log_entry e WHERE e.drill = d.id)) AS logged FROM ${s}.drill d WHERE behind ORDER BY id`,
      [],
      "found",
    );
    const isNew = (row: Row): boolean => Number(row["events"]) > Number(row["logged"]);
    const sequenced: Sequenced[] = [];
    for (const log of logNames) {
      const mine = found.filter((row) => isNew(row) && logOf(row["mode"]) === log);
      if (mine.length > 0) sequenced.push(await sequenceLog(run, s, log, mine));
    }
    await settle(run, s, found.filter((row) => !isNew(row)));
    return sequenced;
  };

  return {
    async identity(log) {
      const [row] = await query(`SELECT id, restored FROM ${s}.log WHERE name = $1`, [log]);
      if (row === undefined) throw new Error(`the store has no log ${log}`);
      return { id: String(row["id"]), restored: row["restored"] === null ? null : (JSON.parse(String(row["restored"])) as Restored) };
    },
    async restart(log, restored) {
      await query(`UPDATE ${s}.log SET id = $1, restored = $2 WHERE name = $3`, [randomBytes(8).toString("hex"), JSON.stringify(restored), log]);
    },
    async sequence(known = new Map()) {
      // Most of the time there is nothing, and a transaction would cost three round trips more.
      const [behind] = await query(`SELECT 1 FROM ${s}.drill WHERE behind LIMIT 1`, [], "behind");
      if (behind === undefined && !unsure) return [];
      unsure = true;
      const sequenced = await connection.transaction((run) => sequenceNow(run, known));
      unsure = false;
      return sequenced;
    },
    async entries(log, from, limit) {
      return (await query(`SELECT drill, seq, head FROM ${s}.log_entry WHERE log = $1 AND n >= $2 ORDER BY n LIMIT $3`, [log, from, limit ?? null])).map(toEntry);
    },
    async keepCheckpoint(log, { size, note }) {
      await query(`INSERT INTO ${s}.checkpoint (log, size, note) VALUES ($1, $2, $3)`, [log, size, note]);
    },
    async lastCheckpoint(log) {
      const [row] = await query(`SELECT size, note FROM ${s}.checkpoint WHERE log = $1 ORDER BY n DESC LIMIT 1`, [log]);
      return row === undefined ? null : { size: Number(row["size"]), note: String(row["note"]) };
    },
    async signedUpTo(log, drill) {
      const [row] = await query(`SELECT max(seq) AS seq FROM ${s}.log_entry WHERE log = $1 AND drill = $2 AND n < (SELECT size FROM ${s}.checkpoint WHERE log = $1 ORDER BY n DESC LIMIT 1)`, [log, drill]);
      return Number(row?.["seq"] ?? 0);
    },
    async running(log) {
      const [row] = await query(`SELECT count(*) AS n FROM ${s}.drill WHERE ended_at IS NULL AND (mode = 'rehearsal') = $1`, [log === "rehearsal"]);
      return Number(row?.["n"]);
    },
  };
}

async function sequenceLog(run: Query, s: string, log: LogName, rows: Rows): Promise<Sequenced> {
  const entries = rows.map((row) => toEntry({ drill: row["id"], seq: row["events"], head: row["head"] }));
  const drills = entries.map((e) => e.drill);
  const logged = rows.map((row) => Number(row["logged"]));
  const seqs = entries.map((e) => e.seq);
  await run(
    `INSERT INTO ${s}.log_entry (log, n, drill, seq, head)
     SELECT $1, ${sizeOf(s)} + e.at - 1, e.drill, e.seq, e.head
     FROM unnest($2::text[], $3::int[], $4::text[]) WITH ORDINALITY AS e (drill, seq, head, at)`,
    [log, drills, seqs, entries.map((e) => e.head)],
    "enter",
  );
  const [decisive] = await run(
    `SELECT 1 FROM unnest($1::text[], $2::int[], $3::int[]) AS e (drill, logged, seq)
     JOIN ${s}.event v ON v.drill = e.drill AND v.seq > e.logged AND v.seq <= e.seq WHERE v.type IN ('approval.decided', 'drill.ended') LIMIT 1`,
    [drills, logged, seqs],
    "decisive",
  );
  const events = seqs.reduce((sum, seq, at) => sum + seq - (logged[at] ?? 0), 0);
  return { log, entries, events, decisive: decisive !== undefined };
}

/** Whoever writes such a drill at this moment has its row, and keeps it: the next pass comes soon. */
async function settle(run: Query, s: string, quiet: Rows): Promise<void> {
  if (quiet.length === 0) return;
  await run(
    `UPDATE ${s}.drill d SET logged = q.seq FROM (
       SELECT d.id, e.seq FROM unnest($1::text[], $2::int[]) AS e (drill, seq) JOIN ${s}.drill d ON d.id = e.drill AND d.events = e.seq FOR NO KEY UPDATE OF d SKIP LOCKED) q
     WHERE d.id = q.id`,
    [quiet.map((row) => row["id"]), quiet.map((row) => Number(row["events"]))],
    "settle",
  );
}

/** How many entries log $1 has: they are numbered from 0 without a gap, and are only ever added. */
function sizeOf(s: string): string {
  return `coalesce((SELECT n + 1 FROM ${s}.log_entry WHERE log = $1 ORDER BY n DESC LIMIT 1), 0)`;
}

function logOf(mode: unknown): LogName {
  return mode === "rehearsal" ? "rehearsal" : "drills";
}

function toEntry(row: Row): LogEntry {
  return { drill: String(row["drill"]), seq: Number(row["seq"]), head: String(row["head"]) };
}
