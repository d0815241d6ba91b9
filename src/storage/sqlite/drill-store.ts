import type { DatabaseSync } from "node:sqlite";
import type { Append, DrillStore, DrillSummary, StoredEvent } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { genesisHead } from "../../evidence/chain.ts";
import { sha256 } from "../../evidence/hash.ts";
import { requireSequence } from "../append-rules.ts";
import { conflict, endsDrill, followed, requireBytesOf, requireSameEnd, scopeHeld, sealAll, unknownDrill } from "../history.ts";
import { summaryAfter } from "../summary.ts";
import type { Writer } from "./writer.ts";

type Row = Record<string, unknown>;

/** The drills' histories in one SQLite file. Every function throws `evidence-broken` rather than give out a forged row. */
export function sqliteDrillStore(db: DatabaseSync, write: Writer): DrillStore {
  const sql = statements(db);

  const storeBlob = (bytes: Uint8Array): string => {
    const hash = sha256(bytes);
    sql.insertBlob.run(hash, bytes);
    return hash;
  };

  const appendNow = (append: Append): void => {
    const row = sql.drill.get(append.drill);
    const last = requireIntactEnd(sql, append.drill, row);
    if (last.seq !== append.expectedSeq) throw conflict(append, last.seq);
    const sealed = sealAll(last.head, append.events);
    const summary = summaryAfter(toSummary(row), append);
    sql.upsertDrill.run(
      summary.id, summary.runbook, summary.title, summary.mode, summary.startedAt, summary.endedAt, summary.result,
      summary.events, sealed.at(-1)?.head ?? last.head, millis(append.wakeAt),
    );
    for (const { event, bytes, head } of sealed) {
      sql.insertEvent.run(event.drill, event.seq, event.at, event.type, bytes, head);
    }
    append.blobs?.forEach(storeBlob);
    for (const { ref, salt, value } of append.records ?? []) sql.insertRecord.run(append.drill, ref, salt, JSON.stringify(value));
    for (const ref of append.erases?.records ?? []) sql.eraseRecord.run(append.drill, ref);
    for (const hash of append.erases?.blobs ?? []) sql.eraseBlob.run(hash);
    holdNow(append);
  };

  const holdNow = ({ drill, holds, events }: Append): void => {
    const ends = endsDrill(events);
    if (holds !== undefined || ends) sql.letGo.run(drill);
    for (const scope of ends ? [] : (holds ?? [])) {
      const holder = sql.holder.get(scope)?.drill;
      if (holder !== undefined && holder !== drill) throw scopeHeld(String(holder), scope);
      sql.hold.run(scope, drill);
    }
  };

  return {
    async append(append) {
      requireSequence(append);
      await write(() => appendNow(append));
    },
    async read(drill, afterSeq = 0, limit = -1) {
      // One transaction, so that the summary row and the events are of the same moment.
      return inReadTransaction(db, () => readChecked(sql, drill, afterSeq, limit));
    },
    async list() {
      return sql.listDrills.all().map((row) => toSummary(row)!);
    },
    async holders(scopes) {
      return [...new Set(scopes.flatMap((scope) => sql.holder.get(scope)?.drill ?? []).map(String))];
    },
    async nextNumber() {
      return write(() => Number(sql.nextNumber.get()?.last));
    },
    async due(now) {
      const next = sql.nextDue.get(now.getTime())?.wake_at;
      return {
        drills: sql.due.all(now.getTime()).map((row) => String(row.id)),
        next: typeof next === "number" ? new Date(next) : null,
      };
    },
    async setWakeUp(drill, at) {
      if ((await write(() => sql.setWakeUp.run(millis(at), drill).changes)) === 0) throw unknownDrill(drill);
    },
    async records(drill) {
      return sql.records.all(drill).map((row) => ({ ref: String(row.ref), salt: String(row.salt), value: JSON.parse(String(row.value)) as Json }));
    },
    async putBlob(bytes) {
      return write(() => storeBlob(bytes));
    },
    async blob(hash) {
      const row = sql.blob.get(hash);
      if (row === undefined) return null;
      return requireBytesOf(hash, row.bytes);
    },
  };
}

type Statements = ReturnType<typeof statements>;

function statements(db: DatabaseSync) {
  return {
    lastEvent: db.prepare("SELECT seq, head FROM event WHERE drill = ? ORDER BY seq DESC LIMIT 1"),
    headAt: db.prepare("SELECT head FROM event WHERE drill = ? AND seq = ?"),
    eventsAfter: db.prepare("SELECT seq, at, type, bytes, head FROM event WHERE drill = ? AND seq > ? ORDER BY seq LIMIT ?"),
    insertEvent: db.prepare("INSERT INTO event (drill, seq, at, type, bytes, head) VALUES (?, ?, ?, ?, ?, ?)"),
    drill: db.prepare("SELECT * FROM drill WHERE id = ?"),
    listDrills: db.prepare("SELECT * FROM drill ORDER BY started_at DESC, id DESC"),
    upsertDrill: db.prepare(`
      INSERT INTO drill (id, runbook, title, mode, started_at, ended_at, result, events, head, wake_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, result = excluded.result, events = excluded.events,
        head = excluded.head, wake_at = excluded.wake_at`),
    nextNumber: db.prepare(`
      INSERT INTO counter (name, last) VALUES ('drill', 1)
      ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last`),
    due: db.prepare("SELECT id FROM drill WHERE wake_at <= ? ORDER BY wake_at, id"),
    nextDue: db.prepare("SELECT min(wake_at) AS wake_at FROM drill WHERE wake_at > ?"),
    setWakeUp: db.prepare("UPDATE drill SET wake_at = ? WHERE id = ?"),
    holder: db.prepare("SELECT drill FROM scope WHERE scope = ?"),
    hold: db.prepare("INSERT OR REPLACE INTO scope (scope, drill) VALUES (?, ?)"),
    letGo: db.prepare("DELETE FROM scope WHERE drill = ?"),
    insertBlob: db.prepare("INSERT INTO blob (sha256, bytes) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING"),
    insertRecord: db.prepare("INSERT INTO record (drill, ref, salt, value) VALUES (?, ?, ?, ?)"),
    records: db.prepare("SELECT ref, salt, value FROM record WHERE drill = ? ORDER BY ref"),
    eraseRecord: db.prepare("DELETE FROM record WHERE drill = ? AND ref = ?"),
    eraseBlob: db.prepare("DELETE FROM blob WHERE sha256 = ?"),
    blob: db.prepare("SELECT bytes FROM blob WHERE sha256 = ?"),
  };
}

function inReadTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN");
  try {
    return work();
  } finally {
    db.exec("COMMIT");
  }
}

/**
 * The end of a drill's chain, known twice: from its summary row and from its last event. Were only one looked at, the
 * next append would heal a history whose last events somebody deleted.
 */
function requireIntactEnd(sql: Statements, drill: string, summary: Row | undefined): { seq: number; head: string } {
  const last = sql.lastEvent.get(drill) ?? { seq: 0, head: genesisHead(drill) };
  const known = summary ?? { events: 0, head: genesisHead(drill) };
  requireSameEnd(drill, { seq: Number(known.events), head: String(known.head) }, { seq: Number(last.seq), head: String(last.head) });
  return { seq: Number(last.seq), head: String(last.head) };
}

/** A negative `limit` is none, as SQLite has it. */
function readChecked(sql: Statements, drill: string, afterSeq: number, limit: number): readonly StoredEvent[] {
  const end = requireIntactEnd(sql, drill, sql.drill.get(drill));
  if (afterSeq >= end.seq) return [];
  const head = afterSeq === 0 ? genesisHead(drill) : String(sql.headAt.get(drill, afterSeq)?.head);
  return followed(drill, afterSeq, head, sql.eventsAfter.all(drill, afterSeq, limit));
}

function toSummary(row: Row | undefined): DrillSummary | null {
  if (row === undefined) return null;
  return {
    id: String(row.id),
    runbook: String(row.runbook),
    title: String(row.title),
    mode: String(row.mode),
    startedAt: String(row.started_at),
    endedAt: row.ended_at === null ? null : String(row.ended_at),
    result: row.result === null ? null : String(row.result),
    events: Number(row.events),
  };
}

function millis(at: Date | null): number | null {
  return at === null ? null : at.getTime();
}
