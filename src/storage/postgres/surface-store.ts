import { randomUUID } from "node:crypto";
import type { AddressStore } from "../../bot/addresses.ts";
import type { Conversation } from "../../bot/message.ts";
import type { SurfaceRow, SurfaceState, SurfaceStore } from "../../bot/surface-store.ts";
import type { Json } from "../../runbooks/runbook.ts";
import type { Connection } from "./connection.ts";
import { grouped } from "./grouped.ts";
import { postedMeanwhile, surfaceReplaced } from "../surface-rules.ts";

/** Surfaces, seen keys and personal addresses, in the database that holds the drills. */
export function postgresSurfaceStore({ query }: Connection, s: string): SurfaceStore & AddressStore {
  /** Which of them were written. */
  async function put(rows: readonly SurfaceRow[]): Promise<readonly boolean[]> {
    const written = await query(
      `INSERT INTO ${s}.surface (drill, surface, generation, conversation, message_id, state, shown_hash, shown_seq)
       SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
       ${surfaceReplaced("surface")} RETURNING drill, surface`,
      [
        rows.map((row) => row.drill), rows.map((row) => row.surface), rows.map((row) => row.generation), rows.map((row) => JSON.stringify(row.conversation)),
        rows.map((row) => row.messageId), rows.map((row) => row.state), rows.map((row) => row.shownHash), rows.map((row) => row.shownSeq),
      ],
      "put-surfaces",
    );
    return rows.map(({ drill, surface }) => written.some((w) => w["drill"] === drill && w["surface"] === surface));
  }

  const putNext = grouped({ together: put, alone: async (row) => (await put([row]))[0] === true, key: ({ drill, surface }: SurfaceRow) => `${drill} ${surface}`, atOnce: 2 });

  return {
    async surfaces(drill) {
      return (await query(`SELECT * FROM ${s}.surface WHERE drill = $1 ORDER BY surface`, [drill], "surfaces")).map(toRow);
    },
    async surface(drill, surface) {
      const [row] = await query(`SELECT * FROM ${s}.surface WHERE drill = $1 AND surface = $2`, [drill, surface], "surface");
      return row === undefined ? null : toRow(row);
    },
    async putSurface(row) {
      if (!(await putNext(row))) throw postedMeanwhile(row);
    },
    async openSurfaces() {
      return (await query(`SELECT * FROM ${s}.surface WHERE state <> 'retired' ORDER BY drill, surface`)).map(toRow);
    },
    async shownUpTo(drill, seq) {
      await query(`UPDATE ${s}.surface SET shown_seq = $2 WHERE drill = $1 AND state = 'shown' AND shown_seq < $2`, [drill, seq], "shown-up-to");
    },
    async behind() {
      const rows = await query(
        `SELECT f.drill FROM ${s}.surface f JOIN ${s}.drill d ON d.id = f.drill WHERE f.state <> 'retired' AND (f.state <> 'shown' OR f.shown_seq < d.events)
         UNION SELECT id FROM ${s}.drill d WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM ${s}.surface f WHERE f.drill = d.id) ORDER BY 1`,
      );
      return rows.map((row) => String(row["drill"]));
    },
    async firstSeen(key, at) {
      // When the answer is lost and it is asked again, the caller's own mark tells its first try from somebody else's.
      const caller = randomUUID();
      const [row] = await query(
        `WITH put AS (INSERT INTO ${s}.seen (key, at, caller) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING caller)
         SELECT caller FROM put UNION ALL SELECT caller FROM ${s}.seen WHERE key = $1`,
        [key, at.getTime(), caller],
        "first-seen",
      );
      return row?.["caller"] === caller;
    },
    async forgetSeen(before) {
      return (await query(`DELETE FROM ${s}.seen WHERE at < $1 RETURNING key`, [before.getTime()])).length;
    },
    async putAddress(person, conversation) {
      await query(
        `INSERT INTO ${s}.address (person, conversation) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET conversation = excluded.conversation`,
        [person, JSON.stringify(conversation)],
      );
    },
    async dropAddress(person, at) {
      await query(`DELETE FROM ${s}.address WHERE person = $1 AND conversation = coalesce($2, conversation)`, [person, at === undefined ? null : JSON.stringify(at)]);
    },
    async addresses(people) {
      const rows = people === undefined ? query(`SELECT person, conversation FROM ${s}.address ORDER BY person`) : query(`SELECT person, conversation FROM ${s}.address WHERE person = ANY($1) ORDER BY person`, [people]);
      return (await rows).map(
        (row) => [String(row["person"]), JSON.parse(String(row["conversation"])) as Conversation] as const,
      );
    },
  };
}

function toRow(row: Record<string, unknown>): SurfaceRow {
  return {
    drill: String(row["drill"]),
    surface: String(row["surface"]),
    generation: Number(row["generation"]),
    conversation: JSON.parse(String(row["conversation"])) as Json,
    messageId: row["message_id"] === null ? null : String(row["message_id"]),
    state: row["state"] as SurfaceState,
    shownHash: row["shown_hash"] === null ? null : String(row["shown_hash"]),
    shownSeq: Number(row["shown_seq"]),
  };
}
