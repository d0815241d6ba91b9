import { isAlive } from "./heartbeat.ts";

export type Statements = ReturnType<typeof statements>;

/** Whoever has a drill whose replica was heard from lately; else whoever asks, who is `$asks`. */
const ownerAfter = (s: string, asks = 7) => `CASE WHEN EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = owner AND ${isAlive}) THEN owner ELSE $${asks}::uuid END`;

/**
 * One round trip for a whole append: `moved` is empty when somebody else wrote first, and then nothing else is written. Most
 * appends bring events alone, and opening two tables more would cost them a quarter of their time.
 */
const withEvents = (s: string) => `
  added AS (
    INSERT INTO ${s}.event (drill, seq, at, type, bytes, head)
    SELECT $1, e.* FROM unnest($8::int[], $9::text[], $10::text[], $11::bytea[], $12::text[]) AS e WHERE EXISTS (SELECT 1 FROM moved))`;

/** What lies beside the events; the first of its five values is `$from`. */
const withMore = (s: string, from: number) => `,
  kept AS (
    INSERT INTO ${s}.blob (sha256, bytes)
    SELECT * FROM unnest($${from}::text[], $${from + 1}::bytea[]) AS b WHERE EXISTS (SELECT 1 FROM moved) ON CONFLICT DO NOTHING),
  recorded AS (
    INSERT INTO ${s}.record (drill, ref, salt, value)
    SELECT $1, r.* FROM unnest($${from + 2}::text[], $${from + 3}::text[], $${from + 4}::text[]) AS r WHERE EXISTS (SELECT 1 FROM moved))`;

// The last event is looked at too: were only the summary, an append would heal a history whose end was deleted.
const moved = (s: string) => `
  moved AS (
    UPDATE ${s}.drill SET wake_at = $2, ended_at = coalesce($3, ended_at), result = coalesce($4, result), events = $5, head = $6, owner = ${ownerAfter(s)}
    WHERE id = $1 AND events = $13 AND head = $14 AND EXISTS (SELECT 1 FROM ${s}.event e WHERE e.drill = $1 AND e.seq = $13 AND e.head = $14)
    RETURNING owner)`;

/** The SQL of the drill store. `s`: the schema, which is ours and no input. */
export function statements(s: string) {
  return {
    append: `WITH ${moved(s)}, ${withEvents(s)} SELECT owner FROM moved`,
    appendMore: `WITH ${moved(s)}, ${withEvents(s)}${withMore(s, 15)} SELECT owner FROM moved`,
    // As many appends as wait, each to a drill of its own: whichever was moved by somebody else is not among the answers.
    appendTogether: `
      WITH moved AS (
        UPDATE ${s}.drill d SET wake_at = g.wake_at, ended_at = coalesce(g.ended_at, d.ended_at), result = coalesce(g.result, d.result), events = g.events, head = g.head, owner = ${ownerAfter(s, 1)}
        FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[], $9::text[]) AS g (id, wake_at, ended_at, result, events, head, after_seq, after_head)
        WHERE d.id = g.id AND d.events = g.after_seq AND d.head = g.after_head
          AND EXISTS (SELECT 1 FROM ${s}.event e WHERE e.drill = g.id AND e.seq = g.after_seq AND e.head = g.after_head)
        RETURNING d.id, d.owner, g.ended_at),
      added AS (
        INSERT INTO ${s}.event (drill, seq, at, type, bytes, head)
        SELECT e.* FROM unnest($10::text[], $11::int[], $12::text[], $13::text[], $14::bytea[], $15::text[]) AS e (drill, seq, at, type, bytes, head) WHERE e.drill IN (SELECT id FROM moved)),
      recorded AS (
        INSERT INTO ${s}.record (drill, ref, salt, value)
        SELECT r.* FROM unnest($16::text[], $17::text[], $18::text[], $19::text[]) AS r (drill, ref, salt, value) WHERE r.drill IN (SELECT id FROM moved)),
      freed AS (DELETE FROM ${s}.scope WHERE drill IN (SELECT id FROM moved WHERE ended_at IS NOT NULL))
      SELECT id, owner FROM moved`,
    launch: `
      WITH moved AS (
        INSERT INTO ${s}.drill (id, wake_at, ended_at, result, events, head, owner, runbook, title, mode, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $13, $14, $15, $16) ON CONFLICT DO NOTHING RETURNING owner),
      ${withEvents(s)}${withMore(s, 17)},
      held AS (INSERT INTO ${s}.scope (scope, drill) SELECT scope, $1 FROM unnest($22::text[]) AS scope WHERE EXISTS (SELECT 1 FROM moved))
      SELECT owner FROM moved`,
    end: `
      SELECT d.events, d.head, e.seq AS last_seq, e.head AS last_head
      FROM (SELECT 1) AS one LEFT JOIN ${s}.drill d ON d.id = $1
      LEFT JOIN LATERAL (SELECT seq, head FROM ${s}.event WHERE drill = $1 ORDER BY seq DESC LIMIT 1) e ON true`,
    // From the event before the first that is wanted: its head is what the next one follows from.
    read: `
      SELECT d.events, d.head AS end, l.seq AS last_seq, l.head AS last_head, e.seq, e.bytes, e.head
      FROM (SELECT 1) AS one LEFT JOIN ${s}.drill d ON d.id = $1
      LEFT JOIN LATERAL (SELECT seq, head FROM ${s}.event WHERE drill = $1 ORDER BY seq DESC LIMIT 1) l ON true
      LEFT JOIN LATERAL (SELECT seq, bytes, head FROM ${s}.event WHERE drill = $1 AND seq >= $2 ORDER BY seq LIMIT $3) e ON true
      ORDER BY e.seq`,
    owner: `SELECT owner FROM ${s}.drill WHERE id = $1`,
    list: `SELECT id, runbook, title, mode, started_at, ended_at, result, events FROM ${s}.drill ORDER BY started_at DESC, id DESC`,
    holders: `SELECT DISTINCT drill FROM ${s}.scope WHERE scope = ANY($1::text[]) ORDER BY drill`,
    holdersOf: `SELECT scope, drill FROM ${s}.scope WHERE scope = ANY($1::text[])`,
    hold: `INSERT INTO ${s}.scope (scope, drill) SELECT scope, $1 FROM unnest($2::text[]) AS scope ON CONFLICT DO NOTHING RETURNING scope`,
    letGo: `DELETE FROM ${s}.scope WHERE drill = $1`,
    nextNumber: `INSERT INTO ${s}.counter AS c (name, last) VALUES ('drill', 1) ON CONFLICT (name) DO UPDATE SET last = c.last + 1 RETURNING last`,
    due: `SELECT id FROM ${s}.drill WHERE wake_at <= $1 ORDER BY wake_at, id`,
    nextDue: `SELECT min(wake_at) AS wake_at FROM ${s}.drill WHERE wake_at > $1`,
    setWakeUp: `UPDATE ${s}.drill SET wake_at = $2 WHERE id = $1 RETURNING id`,
    records: `SELECT ref, salt, value FROM ${s}.record WHERE drill = $1 ORDER BY ref`,
    eraseRecords: `DELETE FROM ${s}.record WHERE drill = $1 AND ref = ANY($2::text[])`,
    eraseBlobs: `DELETE FROM ${s}.blob WHERE sha256 = ANY($1::text[])`,
    putBlob: `INSERT INTO ${s}.blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    blob: `SELECT bytes FROM ${s}.blob WHERE sha256 = $1`,
  } as const;
}
