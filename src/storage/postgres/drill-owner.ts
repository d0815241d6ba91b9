import type { Clock } from "../../drills/ports.ts";
import type { Connection, Query } from "./connection.ts";
import { isAlive, isSilent, type Heartbeat } from "./heartbeat.ts";
import type { HeldDrills } from "./held-drills.ts";
import type { WakeupQueue } from "./wakeup-queue.ts";

/** A drill that is too new for whoever took it from the queue is there again after so long, for a newer replica. */
const outgrownMs = 3_000;

/** How drills come to one replica and go from it: the column `owner` in the database, and what this process knows of it. */
export type DrillOwner = {
  /** Takes what no living replica has, and gives it. */
  take(drills: readonly string[]): Promise<readonly string[]>;
  /** Drills that are ours in the database and unknown here. */
  unknown(): Promise<readonly string[]>;
  /** The drills of replicas that are silent or gone go into the queue, where any living one takes them up. */
  takeOver(): Promise<void>;
  /** Drills at rest are nobody's: the next one who writes has them, or whoever takes their wake-up from the queue. */
  letGo(): Promise<void>;
  /** Given up in one step with its wake-up: nobody's without one, it would sleep until somebody clicks. */
  giveUp(drill: string): Promise<void>;
  /** This replica ends: what it has goes into the queue. */
  leave(): Promise<void>;
};

export type DrillOwnerParts = {
  readonly connection: Connection;
  readonly schema: string;
  readonly clock: Clock;
  readonly heartbeat: Heartbeat;
  readonly held: HeldDrills;
  readonly queue: WakeupQueue;
};

/** Each function may throw what the database throws; what was begun then is done by a later call. */
export function drillOwner({ connection, schema: s, clock, heartbeat, held, queue }: DrillOwnerParts): DrillOwner {
  let turn: Promise<void> = Promise.resolve();

  /**
   * What takes drills and what lets them go wait for each other's answers: a drill that is let go while it is being taken
   * would be ours here and nobody's in the database, and a second replica would begin its effects too.
   */
  function oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.then(() => undefined, () => undefined);
    return done;
  }

  /** Back into the queue with what still is nobody's. */
  async function forNewer(query: Query, drills: readonly string[]): Promise<void> {
    const open = await query(`SELECT id FROM ${s}.drill WHERE id = ANY($1::text[]) AND ended_at IS NULL AND owner IS NULL`, [drills]);
    await queue.send(query, open.map((row) => ({ drill: String(row["id"]), at: new Date(clock().getTime() + outgrownMs) })));
  }

  async function handOver(query: Query): Promise<void> {
    const drills = await query(
      `UPDATE ${s}.drill d SET owner = NULL WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = d.owner) RETURNING id, ended_at`,
    );
    await queue.send(query, drills.filter((row) => row["ended_at"] === null).map((row) => ({ drill: String(row["id"]), at: null })));
  }

  return {
    async take(all) {
      const drills = all.filter((drill) => !held.isOutgrown(drill));
      if (drills.length < all.length) await connection.transaction((query) => forNewer(query, all.filter((drill) => held.isOutgrown(drill))));
      return oneByOne(async () => {
        const taker = heartbeat.id();
        const rows = await connection.query(
          `UPDATE ${s}.drill SET owner = $2 WHERE id = ANY($1::text[]) AND ended_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = owner AND r.id <> $2 AND ${isAlive}) RETURNING id`,
          [drills, taker],
        );
        // Taken for dead meanwhile, we are somebody else, and what the other had is nobody's.
        if (taker !== heartbeat.id()) return [];
        const taken = rows.map((row) => String(row["id"]));
        taken.forEach((drill) => held.take(drill));
        return taken;
      });
    },

    /** The answer to its commit was lost for good: as long as we live nobody else would look. */
    async unknown() {
      const own = await connection.query(`SELECT id FROM ${s}.drill WHERE owner = $1 AND ended_at IS NULL`, [heartbeat.id()], "own");
      return own.map((row) => String(row["id"])).filter((drill) => !held.isKnown(drill));
    },

    async takeOver() {
      const [orphan] = await connection.query(
        `SELECT 1 FROM ${s}.replica r WHERE ${isSilent}
         UNION ALL SELECT 1 FROM ${s}.drill d WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${s}.replica r WHERE r.id = d.owner) LIMIT 1`,
        [],
        "orphans",
      );
      if (orphan === undefined) return;
      await connection.transaction(async (query) => {
        await query(`DELETE FROM ${s}.replica r WHERE ${isSilent}`);
        await handOver(query);
      });
    },

    async letGo() {
      await oneByOne(async () => {
        const going = held.takeLeaving();
        if (going.length === 0) return;
        await connection.transaction(async (query) => {
          const gone = await query(
            `UPDATE ${s}.drill d SET owner = NULL FROM unnest($1::text[], $2::int[]) AS g (id, seq)
             WHERE d.id = g.id AND d.owner = $3 AND d.events = g.seq RETURNING d.id, d.wake_at`,
            [going.map(([drill]) => drill), going.map(([, seq]) => seq), heartbeat.id()],
          );
          const due = gone.filter((row) => row["wake_at"] !== null);
          await queue.send(query, due.map((row) => ({ drill: String(row["id"]), at: new Date(Number(row["wake_at"])) })));
        });
      });
    },

    async giveUp(drill) {
      await connection.persist(() => connection.transaction(async (query) => {
        const given = await query(`UPDATE ${s}.drill SET owner = NULL WHERE id = $1 AND owner = $2 RETURNING id`, [drill, heartbeat.id()]);
        if (given.length > 0) await forNewer(query, [drill]);
      }));
    },

    async leave() {
      await connection.transaction(async (query) => {
        await query(`DELETE FROM ${s}.replica WHERE id = $1`, [heartbeat.id()]);
        await handOver(query);
      });
    },
  };
}
