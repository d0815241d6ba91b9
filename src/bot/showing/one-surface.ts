import { createHash } from "node:crypto";
import type { DrillState } from "../../drills/state.ts";
import { asDrillbookError } from "../../errors.ts";
import type { Outgoing } from "../message.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { drawnMessage, keepApprovalCard, type Drawn } from "./drawn-message.ts";
import type { ShowingParts } from "./parts.ts";
import { freshRow, placeOf } from "./places.ts";

/** Brings one surface to what it should show: POST once, then PUT. True when something was sent. Throws what the transport throws. */
export async function bringSurface(parts: ShowingParts, state: DrillState, surface: string, found: SurfaceRow | null): Promise<boolean> {
  const row = postingOf(parts, state, surface, found);
  const message = await drawnMessage(parts, state, surface, row.generation);
  if (message === null || shows(row, message)) return false;
  await keepApprovalCard(parts, state, surface, message.whole);
  await (row.state === "shown" && row.messageId !== null ? edit(parts, state, row, message) : post(parts, state, row, message));
  return true;
}

/**
 * The posting to bring up to date, or the next one. Still `posting` here: the process died between the POST and its record, and nobody
 * knows whether that card exists. `wanted` again after it was shown: its card may still stand where it was.
 */
function postingOf(parts: ShowingParts, state: DrillState, surface: string, found: SurfaceRow | null): SurfaceRow {
  if (found === null) return freshRow(parts, state, surface, 1);
  const uncertain = found.state === "posting" || found.state === "lost" || (found.state === "wanted" && found.messageId !== null);
  return uncertain ? freshRow(parts, state, surface, found.generation + 1) : found;
}

type Said = Outgoing & Partial<Pick<Drawn, "says">>;

/** True when the row shows this message: nothing is to be sent. */
export function shows(row: SurfaceRow, message: Said): boolean {
  return row.state === "shown" && row.shownHash === hashOf(message);
}

/** POST, recorded before and after. Throws what the transport throws. */
export async function post(parts: ShowingParts, state: DrillState, row: SurfaceRow, message: Said): Promise<void> {
  await parts.surfaces.putSurface({ ...row, state: "posting" });
  const { messageId } = await sentOrTold(parts, state, row, message);
  // Outside of what happens to a refused message: a store that fails here must not have the same card posted as wanted again.
  await parts.surfaces.putSurface({ ...row, state: "shown", messageId, shownHash: hashOf(message), shownSeq: state.seq });
}

async function sentOrTold(parts: ShowingParts, state: DrillState, row: SurfaceRow, message: Outgoing): Promise<{ readonly messageId: string }> {
  try {
    return await parts.transport.send(placeOf(parts, state, row.surface), message);
  } catch (thrown) {
    const unknown = asDrillbookError(thrown).code === "outcome-unknown";
    await parts.surfaces.putSurface({ ...row, state: unknown ? "lost" : "wanted" });
    throw thrown;
  }
}

/** PUT over what the row shows; what is gone is posted anew. Throws what the transport throws. */
export async function edit(parts: ShowingParts, state: DrillState, row: SurfaceRow, message: Said): Promise<void> {
  try {
    await parts.transport.update(placeOf(parts, state, row.surface), row.messageId ?? "", message);
    await parts.surfaces.putSurface({ ...row, shownHash: hashOf(message), shownSeq: state.seq });
  } catch (thrown) {
    if (asDrillbookError(thrown).code !== "not-found") throw thrown;
    const fresh = freshRow(parts, state, row.surface, row.generation + 1);
    // Drawn again: a button counts on the newest posting alone, and says which one it stands on.
    const again = await drawnMessage(parts, state, row.surface, fresh.generation);
    await post(parts, state, fresh, again ?? message);
  }
}

function hashOf({ card, text, says = JSON.stringify(card ?? text) }: Said): string {
  return createHash("sha256").update(says, "utf8").digest("hex");
}
