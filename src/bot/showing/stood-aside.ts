import type { DrillState } from "../../drills/state.ts";
import { standingAsideText } from "../../texts/notices.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { post, shows } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import { freshRow } from "./places.ts";

/** The surface that tells of it. */
export const stoodAside = "stood-aside";

/**
 * Tells the chat of an exercise, in a message of its own, that it stops for a real incident: of a card that is edited nobody hears, and its
 * people would go on. True when something was sent. Throws what the transport throws.
 */
export async function tellStoodAside(parts: ShowingParts, state: DrillState, rows: ReadonlyMap<string, SurfaceRow>): Promise<boolean> {
  if (!state.stoodAside) return false;
  const row = rows.get(stoodAside) ?? null;
  const told = { text: standingAsideText(state.id, state.runbook.title), card: null };
  if (row !== null && shows(row, told)) return false;
  await post(parts, state, freshRow(parts, state, stoodAside, (row?.generation ?? 0) + 1), told);
  return true;
}
