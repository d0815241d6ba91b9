import { hostname } from "node:os";
import type { Append, Clock, Wakeups } from "../../drills/ports.ts";
import type { Connection, Query } from "./connection.ts";
import type { Sharing } from "./drill-store.ts";
import { wakeupQueue, type WakeupQueue } from "./wakeup-queue.ts";

export type ReplicaParts = {
  readonly connection: Connection;
  readonly schema: string;
  /** A new one for every process: a UUID. */
  readonly id: string;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly uptime: () => number;
  readonly every: (ms: number, work: () => Promise<void>) => () => void;
  readonly newId: () => string;
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** What one of several processes over one database shares with the others. */
export type Replica = { readonly sharing: Sharing; readonly wakeups: Wakeups; prepare(): Promise<void> };

const beatEveryMs = 3_000;
/** Statements say the same: a replica silent for so long has no drill any more. */
const silentMs = 15_000;
/** Earlier than others take its drills, a replica that cannot be heard begins nothing. */
const trustMs = silentMs - beatEveryMs;
/** What is due sooner stays in the memory of whoever has the drill; when it dies, its drills go into the queue. */
const queueFromMs = 60_000;
/** A drill that is too new for whoever took it from the queue is there again after so long, for a newer replica. */
const outgrownMs = 3_000;

/**
 * One of several processes on one database. A drill has an owner, who alone begins its effects; a far wake-up goes into the
 * queue with the events that ask for it, and whoever takes it from there becomes the owner of a drill that has none.
 */
export function createReplica(parts: ReplicaParts): Replica {
  const { connection, schema: s, clock, uptime, onFault } = parts;
  const queue: WakeupQueue = wakeupQueue(connection, s, (fault) => onFault("", fault));
  const owned = new Set<string>();
  const queuedFor = new Map<string, number>();
  const leaving = new Map<string, number>();
  const outgrown = new Set<string>();
  let turn: Promise<void> = Promise.resolve();
  let id = parts.id;
  let heardAt = -Infinity;
  let look: (drill: string) => Promise<void> = async () => undefined;
  let stops: (() => void | Promise<void>)[] = [];
  let stopped = false;

  const isHeard = (): boolean => uptime() - heardAt < trustMs;

  const lookSafely = (drill: string): void => {
    if (!stopped) void look(drill).catch((fault: unknown) => onFault(drill, fault));
  };

  /**
   * What takes drills and what lets them go wait for each other's answers: a drill that is let go while it is being taken
   * would be ours here and nobody's in the database, and a second replica would begin its effects too.
   */
  function oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.then(() => undefined, () => undefined);
    return done;
  }

  async function beat(): Promise<void> {
    const wasHeard = isHeard();
    const before = uptime();
    const rows = await connection.once(`UPDATE ${s}.replica SET beat_at = clock_timestamp() WHERE id = $1 RETURNING id`, [id], "beat");
    // Others took us for dead, and may have taken our drills: we begin anew, as somebody else.
    if (rows.length === 0) return register();
    heardAt = before;
    // Meanwhile nothing was begun here and nothing will be by itself, and others see the owner alive.
    if (!wasHeard) for (const drill of owned) lookSafely(drill);
  }

  async function register(): Promise<void> {
    owned.clear();
    queuedFor.clear();
    if (heardAt !== -Infinity) id = parts.newId();
    const before = uptime();
    await connection.query(`INSERT INTO ${s}.replica (id, host, beat_at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`, [id, hostname()]);
    heardAt = before;
  }

  /** The drills of replicas that are silent or gone go into the queue, where any living one takes them up. */
  async function takeOver(): Promise<void> {
    const [orphan] = await connection.query(
      `SELECT 1 FROM ${s}.replica WHERE beat_at < clock_timestamp() - interval '15 seconds'
       UNION ALL SELECT 1 FROM ${s}.drill d WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = d.owner) LIMIT 1`,
      [],
      "orphans",
    );
    if (orphan === undefined) return;
    await connection.transaction(async (query) => {
      await query(`DELETE FROM ${s}.replica WHERE beat_at < clock_timestamp() - interval '15 seconds'`);
      await handOver(query);
    });
  }

  async function handOver(query: Query): Promise<void> {
    const drills = await query(
      `UPDATE ${s}.drill d SET owner = NULL WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = d.owner) RETURNING id, ended_at`,
    );
    await queue.send(query, drills.filter((row) => row["ended_at"] === null).map((row) => ({ drill: String(row["id"]), at: null })));
  }

  /** Whoever takes a drill from the queue has it, unless a living replica has: that one looks by itself. */
  async function take(all: readonly string[]): Promise<void> {
    if (stopped || !isHeard()) throw new Error("this replica is not to take drills now");
    const drills = all.filter((drill) => !outgrown.has(drill));
    if (drills.length < all.length) await connection.transaction((query) => forNewer(query, all.filter((drill) => outgrown.has(drill))));
    const taken = await oneByOne(async () => {
      const taker = id;
      const rows = await connection.query(
        `UPDATE ${s}.drill SET owner = $2 WHERE id = ANY($1::text[]) AND ended_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = owner AND r.id <> $2 AND r.beat_at > clock_timestamp() - interval '15 seconds') RETURNING id`,
        [drills, taker],
      );
      // Taken for dead meanwhile, we are somebody else, and what the other had is nobody's.
      return taker === id ? rows.map((row) => begun(String(row["id"]))) : [];
    });
    for (const drill of taken) await look(drill).catch((fault: unknown) => onFault(drill, fault));
  }

  function begun(drill: string): string {
    leaving.delete(drill);
    queuedFor.delete(drill);
    owned.add(drill);
    return drill;
  }

  /** Ours in the database and unknown here: the answer to its commit was lost for good. As long as we live nobody else would look. */
  async function takeUpOwn(): Promise<void> {
    const own = await connection.query(`SELECT id FROM ${s}.drill WHERE owner = $1 AND ended_at IS NULL`, [id], "own");
    const unknown = own.map((row) => String(row["id"])).filter((drill) => !owned.has(drill) && !leaving.has(drill) && !outgrown.has(drill));
    if (unknown.length > 0 && isHeard()) await take(unknown);
  }

  /** Back into the queue with what still is nobody's. */
  async function forNewer(query: Query, drills: readonly string[]): Promise<void> {
    const open = await query(`SELECT id FROM ${s}.drill WHERE id = ANY($1::text[]) AND ended_at IS NULL AND owner IS NULL`, [drills]);
    await queue.send(query, open.map((row) => ({ drill: String(row["id"]), at: new Date(clock().getTime() + outgrownMs) })));
  }

  /** Given up in one step with its wake-up: nobody's without one, it would sleep until somebody clicks. */
  async function giveUp(drill: string): Promise<void> {
    await connection.persist(() => connection.transaction(async (query) => {
      const given = await query(`UPDATE ${s}.drill SET owner = NULL WHERE id = $1 AND owner = $2 RETURNING id`, [drill, id]);
      if (given.length > 0) await forNewer(query, [drill]);
    }));
  }

  /** Drills at rest are nobody's: the next one who writes has them, or whoever takes their wake-up from the queue. */
  async function letGo(): Promise<void> {
    if (leaving.size === 0) return;
    await oneByOne(() => {
      const going = [...leaving];
      leaving.clear();
      return connection.transaction(async (query) => {
        const gone = await query(
          `UPDATE ${s}.drill d SET owner = NULL FROM unnest($1::text[], $2::int[]) AS g (id, seq)
           WHERE d.id = g.id AND d.owner = $3 AND d.events = g.seq RETURNING d.id, d.wake_at`,
          [going.map(([drill]) => drill), going.map(([, seq]) => seq), id],
        );
        const due = gone.filter((row) => row["wake_at"] !== null);
        await queue.send(query, due.map((row) => ({ drill: String(row["id"]), at: new Date(Number(row["wake_at"])) })));
      });
    });
  }

  const sharing: Sharing = {
    replica: () => id,
    alongside(append) {
      const at = append.wakeAt?.getTime() ?? null;
      if (at === null || at - clock().getTime() < queueFromMs || queuedFor.get(append.drill) === at) return null;
      return { drill: append.drill, at: new Date(at) };
    },
    async send(query, wakeups) {
      await queue.send(query, wakeups);
      for (const { drill, at } of wakeups) queuedFor.set(drill, at?.getTime() ?? 0);
    },
    appended(append: Append, owner) {
      leaving.delete(append.drill);
      if (append.events.some((e) => e.type === "drill.ended")) queuedFor.delete(append.drill);
      if (owner === id) {
        owned.add(append.drill);
        return;
      }
      owned.delete(append.drill);
      if (owner !== null) connection.query("SELECT pg_notify($1, $2)", [channel(s), `${owner} ${append.drill}`]).catch((fault: unknown) => onFault(append.drill, fault));
    },
  };

  /** Others wrote into a drill of ours. What was said while nobody listened is looked up once we listen again. */
  async function listen(): Promise<void> {
    const session = await connection.session(() => void relisten());
    session.client.on("notification", ({ payload = "" }) => {
      const [owner, drill] = payload.split(" ");
      if (owner === id && drill !== undefined) lookSafely(drill);
    });
    await session.client.query(`LISTEN ${channel(s)}`);
    stops.push(session.end);
    for (const drill of owned) lookSafely(drill);
  }

  async function relisten(): Promise<void> {
    if (!stopped) await connection.persist(listen).catch((fault: unknown) => onFault("", fault));
  }

  const wakeups: Wakeups = {
    shared: true,
    has: (drill) => owned.has(drill) && isHeard(),
    rest(drill, seq) {
      owned.delete(drill);
      queuedFor.delete(drill);
      leaving.set(drill, seq);
    },
    leave(drill) {
      outgrown.add(drill);
      owned.delete(drill);
      queuedFor.delete(drill);
      leaving.delete(drill);
      void giveUp(drill).catch((fault: unknown) => onFault(drill, fault));
    },
    async start(from) {
      look = from;
      await connection.persist(listen);
      await queue.start(take);
      const safely = (work: () => Promise<void>) => () => (stopped ? Promise.resolve() : work().catch((fault: unknown) => onFault("", fault)));
      stops.push(parts.every(beatEveryMs, safely(beat)), parts.every(beatEveryMs, safely(takeOver)), parts.every(beatEveryMs, safely(takeUpOwn)), parts.every(1_000, safely(letGo)));
      await connection.persist(takeOver);
    },
    async stop() {
      stopped = true;
      for (const stop of stops.splice(0)) await stop();
      await queue.stop();
      await connection
        .transaction(async (query) => {
          await query(`DELETE FROM ${s}.replica WHERE id = $1`, [id]);
          await handOver(query);
        })
        .catch((fault: unknown) => onFault("", fault));
      owned.clear();
    },
  };
  return { sharing, wakeups, prepare: async () => { await queue.prepare(); await register(); } };
}

function channel(schema: string): string {
  return `${schema}_drills`;
}
