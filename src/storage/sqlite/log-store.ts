import { randomBytes } from "node:crypto";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { LogEntry, LogName, LogStore, Restored, Sequenced } from "../../evidence/log/ports.ts";
import { logNames } from "../../evidence/log/ports.ts";
import type { Writer } from "./writer.ts";

/** The logs of drill heads, in the file that holds the drills. What is written goes to disk with what the drills write. */
export function sqliteLogStore(db: DatabaseSync, write: Writer): LogStore {
  const sql = {
    behind: db.prepare("SELECT id, mode, events, head, logged FROM drill WHERE events > logged ORDER BY id"),
    decisive: db.prepare("SELECT 1 FROM event WHERE drill = ? AND seq > ? AND seq <= ? AND type IN ('approval.decided', 'drill.ended') LIMIT 1"),
    size: db.prepare("SELECT coalesce(max(n) + 1, 0) AS n FROM log_entry WHERE log = ?"),
    insert: db.prepare("INSERT INTO log_entry (log, n, drill, seq, head) VALUES (?, ?, ?, ?, ?)"),
    logged: db.prepare("UPDATE drill SET logged = ? WHERE id = ?"),
    entries: db.prepare("SELECT drill, seq, head FROM log_entry WHERE log = ? AND n >= ? ORDER BY n LIMIT ?"),
    identity: db.prepare("SELECT id, restored FROM log WHERE name = ?"),
    restart: db.prepare("UPDATE log SET id = ?, restored = ? WHERE name = ?"),
    keep: db.prepare("INSERT INTO checkpoint (log, size, note) VALUES (?, ?, ?)"),
    last: db.prepare("SELECT size, note FROM checkpoint WHERE log = ? ORDER BY n DESC LIMIT 1"),
    signed: db.prepare("SELECT max(seq) AS seq FROM log_entry WHERE log = ? AND drill = ? AND n < (SELECT size FROM checkpoint WHERE log = log_entry.log ORDER BY checkpoint.n DESC LIMIT 1)"),
    running: db.prepare("SELECT count(*) AS n FROM drill WHERE ended_at IS NULL AND (mode = 'rehearsal') = ?"),
  };

  // A restart reads all of them: rows as lists cost a third less than rows as records.
  sql.entries.setReturnArrays(true);

  const sequenceNow = (): readonly Sequenced[] => {
    const found = sql.behind.all().map((row) => ({ ...toEntry(row.id, row.events, row.head), logged: Number(row.logged), log: logOf(row.mode) }));
    return logNames.flatMap((log): Sequenced[] => {
      const mine = found.filter((f) => f.log === log);
      if (mine.length === 0) return [];
      let n = Number(sql.size.get(log)?.n);
      for (const { drill, seq, head } of mine) {
        sql.insert.run(log, n, drill, seq, head);
        sql.logged.run(seq, drill);
        n += 1;
      }
      return [{
        log,
        entries: mine.map(({ drill, seq, head }) => ({ drill, seq, head })),
        events: mine.reduce((sum, { seq, logged }) => sum + seq - logged, 0),
        decisive: mine.some(({ drill, seq, logged }) => sql.decisive.get(drill, logged, seq) !== undefined),
      }];
    });
  };

  return {
    async identity(log) {
      const row = sql.identity.get(log);
      if (row === undefined) throw new Error(`the store has no log ${log}`);
      return { id: String(row.id), restored: row.restored === null ? null : (JSON.parse(String(row.restored)) as Restored) };
    },
    async restart(log, restored) {
      await write(() => sql.restart.run(newLogId(), JSON.stringify(restored), log));
    },
    async sequence() {
      // Most of the time there is nothing, and a write transaction would hold up whoever writes.
      return sql.behind.get() === undefined ? [] : write(sequenceNow);
    },
    async entries(log, from, limit = -1) {
      return (sql.entries.all(log, from, limit) as unknown as readonly SQLOutputValue[][]).map(([drill, seq, head]) => toEntry(drill, seq, head));
    },
    async keepCheckpoint(log, { size, note }) {
      await write(() => sql.keep.run(log, size, note));
    },
    async lastCheckpoint(log) {
      const row = sql.last.get(log);
      return row === undefined ? null : { size: Number(row.size), note: String(row.note) };
    },
    async signedUpTo(log, drill) {
      return Number(sql.signed.get(log, drill)?.seq ?? 0);
    },
    async running(log) {
      return Number(sql.running.get(log === "rehearsal" ? 1 : 0)?.n);
    },
  };
}

/** 64 random bits: a copy of an old store keeps its log's id, a restarted log and another store have others. */
function newLogId(): string {
  return randomBytes(8).toString("hex");
}

function logOf(mode: unknown): LogName {
  return mode === "rehearsal" ? "rehearsal" : "drills";
}

function toEntry(drill: unknown, seq: unknown, head: unknown): LogEntry {
  return { drill: String(drill), seq: Number(seq), head: String(head) };
}
