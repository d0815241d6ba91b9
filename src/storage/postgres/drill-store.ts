import pg from "pg";
import type { Append, DrillStore, DrillSummary, StoredEvent } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { genesisHead } from "../../evidence/chain.ts";
import { sha256 } from "../../evidence/hash.ts";
import { requireSequence } from "../append-rules.ts";
import { broken, conflict, endsDrill, followed, requireBytesOf, requireSameEnd, scopeHeld, sealAll, unknownDrill, type End } from "../history.ts";
import { summaryAfter } from "../summary.ts";
import type { Connection, Query, Row, Rows } from "./connection.ts";
import { grouped } from "./grouped.ts";
import { recentEnds } from "./recent-ends.ts";
import { statements, type Statements } from "./statements.ts";
import type { Wakeup } from "./wakeup-queue.ts";

/** What a replica adds to an append: whose drill it is afterwards, and what goes into the same transaction. */
export type Sharing = {
  /** The replica that takes the drill when it is nobody's; null: nobody does. */
  readonly replica: () => string | null;
  /** The wake-up that goes into the queue in the transaction of the events; null: none does. */
  readonly alongside: (append: Append) => Wakeup | null;
  readonly send: (query: Query, wakeups: readonly Wakeup[]) => Promise<void>;
  /** Called after an append with whoever has the drill now. */
  readonly appended: (append: Append, owner: string | null) => void;
};

/** An append to a drill whose end is known. */
type Next = { readonly append: Append; readonly known: End };

const alone: Sharing = { replica: () => null, alongside: () => null, send: async () => undefined, appended: () => undefined };

/** The drills' histories in PostgreSQL. Every function throws `evidence-broken` rather than give out a forged row. */
export function postgresDrillStore(connection: Connection, schema: string, sharing: Sharing = alone): DrillStore {
  const sql = statements(schema);
  const ends = recentEnds();

  const endOf = async (drill: string): Promise<End> => {
    const [row] = await connection.query(sql.end, [drill], "end");
    const known = { seq: Number(row?.["events"] ?? 0), head: String(row?.["head"] ?? genesisHead(drill)) };
    requireSameEnd(drill, known, { seq: Number(row?.["last_seq"] ?? 0), head: String(row?.["last_head"] ?? genesisHead(drill)) });
    return known;
  };

  /** The answer to a commit may be lost: a head names everything before it, so finding ours says that it was stored. */
  const appendOnce = async (append: Append, known: End, again = false): Promise<"stored" | "moved"> => {
    const sealed = sealAll(known.head, append.events);
    const head = sealed.at(-1)?.head ?? known.head;
    const { statement, values } = statementOf(append, sealed, known, head, sharing.replica());
    const alongside = sharing.alongside(append);
    const write = async (query: Query): Promise<string | null | undefined> => ownerIn((await query(sql[statement], values, statement))[0]);
    const run = async (query: Query): Promise<string | null | undefined> => {
      const owner = await write(query);
      if (owner === undefined) return undefined;
      await holdNow(query, sql, append);
      await eraseNow(query, sql, append);
      if (alongside !== null) await sharing.send(query, [alongside]);
      return owner;
    };
    const single = alongside === null && append.erases === undefined && (append.expectedSeq === 0 || (append.holds === undefined && !endsDrill(append.events)));
    let tried = again;
    const owner = await connection.persist(async () => {
      if (tried && (await endOf(append.drill)).head === head && head !== known.head) return ownerNow(append.drill);
      tried = true;
      return single ? write(connection.once) : connection.transaction(run);
    }).catch(async (thrown: unknown) => { throw await launchRefused(thrown, append); });
    if (owner === undefined) return "moved";
    ends.keep(append.drill, { seq: append.expectedSeq + append.events.length, head });
    sharing.appended(append, owner);
    return "stored";
  };

  /** An index refuses a second holder of a scope, and a first event where there is one: who and what it is. */
  const launchRefused = async (thrown: unknown, { drill, holds = [] }: Append): Promise<unknown> => {
    if (!(thrown instanceof pg.DatabaseError) || thrown.code !== uniqueViolation) return thrown;
    if (thrown.constraint !== "scope_pkey") return endOf(drill).then(() => thrown, (broken: unknown) => broken);
    const [taken] = await connection.query(sql.holdersOf, [holds]);
    return taken === undefined ? heldJustNow(holds) : scopeHeld(String(taken["drill"]), String(taken["scope"]));
  };

  /** Many at once, each to a drill of its own and all of the plain kind: whatever else an append can bring is written by itself. */
  const appendTogether = async (ones: readonly Next[]): Promise<readonly ("stored" | "moved")[]> => {
    // In one order, so that two replicas that write into the same drills wait for each other instead of both failing.
    const made = ones.map(({ append, known }) => ({ append, known, sealed: sealAll(known.head, append.events) })).toSorted((a, b) => (a.append.drill < b.append.drill ? -1 : 1));
    const wakeups = ones.flatMap(({ append }) => sharing.alongside(append) ?? []);
    const run = async (query: Query): Promise<Rows> => {
      const rows = await query(sql.appendTogether, valuesTogether(made, sharing.replica()), "append-together");
      const stored = new Set(rows.map((row) => row["id"]));
      await sharing.send(query, wakeups.filter(({ drill }) => stored.has(drill)));
      return rows;
    };
    const owners = new Map((wakeups.length === 0 ? await run(connection.once) : await connection.transaction(run)).map((row) => [row["id"], row["owner"]]));
    for (const { append, sealed, known } of made) {
      const owner = owners.get(append.drill);
      if (owner === undefined) continue;
      ends.keep(append.drill, { seq: append.expectedSeq + append.events.length, head: sealed.at(-1)?.head ?? known.head });
      sharing.appended(append, owner === null ? null : String(owner));
    }
    return ones.map(({ append }) => (owners.has(append.drill) ? "stored" : "moved"));
  };

  const groups = (atOnce: number) => grouped<Next, "stored" | "moved">({ together: appendTogether, alone: ({ append, known }, again) => appendOnce(append, known, again), key: ({ append }) => append.drill, atOnce });
  // A wake-up in the queue makes four round trips of one: whoever sends none must not wait for those.
  const [appendNext, appendWithWakeUp] = [groups(4), groups(2)];
  const write = (one: Next): Promise<"stored" | "moved"> => {
    if (!isPlain(one.append)) return appendOnce(one.append, one.known);
    return (sharing.alongside(one.append) === null ? appendNext : appendWithWakeUp)(one);
  };

  const ownerNow = async (drill: string): Promise<string | null> => {
    return ownerIn((await connection.query(sql.owner, [drill]))[0]) ?? null;
  };

  return {
    async append(append) {
      requireSequence(append);
      const remembered = append.expectedSeq === 0 ? { seq: 0, head: genesisHead(append.drill) } : ends.of(append.drill);
      if (remembered?.seq === append.expectedSeq && (await write({ append, known: remembered })) === "stored") return;
      ends.forget(append.drill);
      const known = await endOf(append.drill);
      if (known.seq !== append.expectedSeq) throw conflict(append, known.seq);
      if ((await appendOnce(append, known)) === "moved") throw conflict(append, (await endOf(append.drill)).seq);
    },
    async read(drill, afterSeq = 0, limit) {
      // One more than asked for: the event before the first gives the head to go on from.
      const rows = limit === undefined ? null : limit + (afterSeq > 0 ? 1 : 0);
      return readChecked(drill, afterSeq, await connection.query(sql.read, [drill, afterSeq, rows], "read"));
    },
    async list() {
      return (await connection.query(sql.list)).map(toSummary);
    },
    async holders(scopes) {
      return (await connection.query(sql.holders, [scopes])).map((row) => String(row["drill"]));
    },
    async nextNumber() {
      return Number((await connection.query(sql.nextNumber))[0]?.["last"]);
    },
    async due(now) {
      const due = await connection.query(sql.due, [now.getTime()], "due");
      const next = (await connection.query(sql.nextDue, [now.getTime()], "next-due"))[0]?.["wake_at"];
      return { drills: due.map((row) => String(row["id"])), next: next == null ? null : new Date(Number(next)) };
    },
    async setWakeUp(drill, at) {
      if ((await connection.query(sql.setWakeUp, [drill, millis(at)], "wake-up")).length === 0) throw unknownDrill(drill);
    },
    async records(drill) {
      return (await connection.query(sql.records, [drill])).map((row) => ({ ref: String(row["ref"]), salt: String(row["salt"]), value: JSON.parse(String(row["value"])) as Json }));
    },
    async putBlob(bytes) {
      const hash = sha256(bytes);
      await connection.query(sql.putBlob, [hash, bytes]);
      return hash;
    },
    async blob(hash) {
      const [row] = await connection.query(sql.blob, [hash]);
      return row === undefined ? null : requireBytesOf(hash, row["bytes"]);
    },
  };
}

/** Null: nobody has the drill; undefined: there is no such row. */
function ownerIn(row: Row | undefined): string | null | undefined {
  return row === undefined ? undefined : row["owner"] === null ? null : String(row["owner"]);
}

const uniqueViolation = "23505";

function heldJustNow(scopes: readonly string[]): DrillbookError {
  return new DrillbookError("conflict", `Another drill held ${scopes.join(", ")} until just now.`, "Try again.");
}

/** A launch holds in its own statement. */
async function holdNow(query: Query, sql: Statements, { drill, holds, events, expectedSeq }: Append): Promise<void> {
  const ends = endsDrill(events);
  if (expectedSeq === 0 || (holds === undefined && !ends)) return;
  await query(sql.letGo, [drill]);
  if (ends || holds === undefined || holds.length === 0) return;
  const wanted = inOneOrder(holds);
  if ((await query(sql.hold, [drill, wanted])).length === wanted.length) return;
  const [taken] = (await query(sql.holdersOf, [wanted])).filter((row) => row["drill"] !== drill);
  if (taken !== undefined) throw scopeHeld(String(taken["drill"]), String(taken["scope"]));
}

/** So that two drills that want the same scopes wait for each other instead of both failing. */
function inOneOrder(holds: readonly string[]): readonly string[] {
  return [...new Set(holds)].toSorted();
}

async function eraseNow(query: Query, sql: Statements, { drill, erases }: Append): Promise<void> {
  if (erases === undefined) return;
  await query(sql.eraseRecords, [drill, erases.records]);
  await query(sql.eraseBlobs, [erases.blobs]);
}

function statementOf(append: Append, sealed: readonly StoredEvent[], known: End, head: string, replica: string | null) {
  const { drill, expectedSeq, events, wakeAt, blobs = [], records = [] } = append;
  const end = events.find((e) => e.type === "drill.ended");
  const common = [
    drill, millis(wakeAt), end?.at ?? null, end?.type === "drill.ended" ? end.result : null, expectedSeq + events.length, head, replica,
    sealed.map((s) => s.event.seq), sealed.map((s) => s.event.at), sealed.map((s) => s.event.type), sealed.map((s) => Buffer.from(s.bytes)), sealed.map((s) => s.head),
  ];
  const more = (): readonly unknown[] => [blobs.map((b) => sha256(b)), blobs.map((b) => Buffer.from(b)), records.map((r) => r.ref), records.map((r) => r.salt), records.map((r) => JSON.stringify(r.value))];
  if (expectedSeq === 0) {
    const { runbook, title, mode, startedAt } = summaryAfter(null, append);
    return { statement: "launch", values: [...common, runbook, title, mode, startedAt, ...more(), end === undefined ? inOneOrder(append.holds ?? []) : []] } as const;
  }
  if (blobs.length + records.length === 0) return { statement: "append", values: [...common, expectedSeq, known.head] } as const;
  return { statement: "appendMore", values: [...common, expectedSeq, known.head, ...more()] } as const;
}

/** What most appends are: events and what they name by reference, no more. */
function isPlain({ expectedSeq, blobs = [], holds, erases }: Append): boolean {
  return expectedSeq > 0 && blobs.length === 0 && holds === undefined && erases === undefined;
}

function valuesTogether(ones: readonly (Next & { readonly sealed: readonly StoredEvent[] })[], replica: string | null): readonly unknown[] {
  const ends = ones.map(({ append }) => append.events.find((e) => e.type === "drill.ended") ?? null);
  const sealed = ones.flatMap((one) => one.sealed);
  const records = ones.flatMap(({ append: { drill, records = [] } }) => records.map((record) => ({ drill, ...record })));
  return [
    replica, ones.map(({ append }) => append.drill), ones.map(({ append }) => millis(append.wakeAt)), ends.map((e) => e?.at ?? null), ends.map((e) => e?.result ?? null),
    ones.map(({ append }) => append.expectedSeq + append.events.length), ones.map((one) => one.sealed.at(-1)?.head ?? one.known.head), ones.map(({ known }) => known.seq), ones.map(({ known }) => known.head),
    sealed.map((s) => s.event.drill), sealed.map((s) => s.event.seq), sealed.map((s) => s.event.at), sealed.map((s) => s.event.type), sealed.map((s) => Buffer.from(s.bytes)), sealed.map((s) => s.head),
    records.map((r) => r.drill), records.map((r) => r.ref), records.map((r) => r.salt), records.map((r) => JSON.stringify(r.value)),
  ];
}

function readChecked(drill: string, afterSeq: number, rows: Awaited<ReturnType<Query>>): readonly StoredEvent[] {
  const [first] = rows;
  if (first === undefined) return [];
  const stored = rows.filter((row) => row["seq"] !== null);
  const known = { seq: Number(first["events"] ?? 0), head: String(first["end"] ?? genesisHead(drill)) };
  requireSameEnd(drill, known, { seq: Number(first["last_seq"] ?? 0), head: String(first["last_head"] ?? genesisHead(drill)) });
  if (afterSeq > known.seq) return [];
  if (afterSeq === 0) return followed(drill, 0, genesisHead(drill), stored);
  const before = stored[0];
  if (before?.["seq"] !== afterSeq) throw broken(`Event ${afterSeq} of drill ${drill} is missing.`);
  return followed(drill, afterSeq, String(before["head"]), stored.slice(1));
}

function toSummary(row: Row): DrillSummary {
  return {
    id: String(row["id"]),
    runbook: String(row["runbook"]),
    title: String(row["title"]),
    mode: String(row["mode"]),
    startedAt: String(row["started_at"]),
    endedAt: row["ended_at"] === null ? null : String(row["ended_at"]),
    result: row["result"] === null ? null : String(row["result"]),
    events: Number(row["events"]),
  };
}

function millis(at: Date | null): number | null {
  return at === null ? null : at.getTime();
}
