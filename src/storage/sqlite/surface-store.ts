import type { DatabaseSync } from "node:sqlite";
import type { SurfaceRow, SurfaceState, SurfaceStore } from "../../bot/surface-store.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { postedMeanwhile, surfaceReplaced } from "../surface-rules.ts";
import type { Writer } from "./writer.ts";

/** Surfaces and seen keys, in the file that holds the drills. */
export function sqliteSurfaceStore(db: DatabaseSync, write: Writer): SurfaceStore {
  const ofDrill = db.prepare("SELECT * FROM surface WHERE drill = ? ORDER BY surface");
  const one = db.prepare("SELECT * FROM surface WHERE drill = ? AND surface = ?");
  const open = db.prepare("SELECT * FROM surface WHERE state <> 'retired' ORDER BY drill, surface");
  const put = db.prepare(`
    INSERT INTO surface (drill, surface, generation, conversation, message_id, state, shown_hash, shown_seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${surfaceReplaced("surface")}`);
  const upTo = db.prepare("UPDATE surface SET shown_seq = ? WHERE drill = ? AND state = 'shown' AND shown_seq < ?");
  const behind = db.prepare(`
    SELECT DISTINCT surface.drill FROM surface JOIN drill ON drill.id = surface.drill
      WHERE surface.state <> 'retired' AND (surface.state <> 'shown' OR surface.shown_seq < drill.events)
    UNION SELECT id FROM drill WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.drill = drill.id)`);
  const remember = db.prepare("INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING");
  const forget = db.prepare("DELETE FROM seen WHERE at < ?");

  return {
    async surfaces(drill) {
      return ofDrill.all(drill).map(toRow);
    },
    async surface(drill, surface) {
      const row = one.get(drill, surface);
      return row === undefined ? null : toRow(row);
    },
    async putSurface(row) {
      const { changes } = await write(() => put.run(
        row.drill, row.surface, row.generation, JSON.stringify(row.conversation), row.messageId, row.state, row.shownHash,
        row.shownSeq,
      ));
      if (changes === 0) throw postedMeanwhile(row);
    },
    async openSurfaces() {
      return open.all().map(toRow);
    },
    async shownUpTo(drill, seq) {
      await write(() => upTo.run(seq, drill, seq));
    },
    async behind() {
      return behind.all().map((row) => String(row.drill));
    },
    async firstSeen(key, at) {
      return (await write(() => remember.run(key, at.getTime()).changes)) === 1;
    },
    async forgetSeen(before) {
      return Number(await write(() => forget.run(before.getTime()).changes));
    },
  };
}

function toRow(row: Record<string, unknown>): SurfaceRow {
  return {
    drill: String(row.drill),
    surface: String(row.surface),
    generation: Number(row.generation),
    conversation: JSON.parse(String(row.conversation)) as Json,
    messageId: row.message_id === null ? null : String(row.message_id),
    state: row.state as SurfaceState,
    shownHash: row.shown_hash === null ? null : String(row.shown_hash),
    shownSeq: Number(row.shown_seq),
  };
}
