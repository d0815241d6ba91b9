import type { SurfaceRow } from "../bot/surface-store.ts";
import { DrillbookError } from "../errors.ts";

/** What an insert of a surface row does where there is one, in both stores: never back to an older generation, and none posted twice. */
export function surfaceReplaced(table: string): string {
  return `ON CONFLICT (drill, surface) DO UPDATE SET generation = excluded.generation, conversation = excluded.conversation, message_id = excluded.message_id,
      state = excluded.state, shown_hash = excluded.shown_hash, shown_seq = excluded.shown_seq
    WHERE excluded.generation > ${table}.generation
      OR (excluded.generation = ${table}.generation AND (excluded.state <> 'posting' OR ${table}.state = 'wanted'))`;
}

/** For the loser of two that were about to post the same card: it must not post a second one. */
export function postedMeanwhile({ drill, surface }: SurfaceRow): DrillbookError {
  return new DrillbookError("conflict", `The card "${surface}" of ${drill} was posted by another process meanwhile; nothing was sent here.`, "Nothing is to be done: it is looked at again by itself.");
}
