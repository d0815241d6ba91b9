import type { DrillState } from "../../drills/state.ts";
import { asDrillbookError } from "../../errors.ts";
import { chatUnreachable, personalSurface, undelivered } from "../personal-surfaces.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { bringSurface } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import { chatOf, freshRow } from "./places.ts";

/** Whoever blocked the bot, or took it away, will not get the card by trying again: the drill's chat is told instead. */
export async function bringPersonal(parts: ShowingParts, state: DrillState, surface: string, found: SurfaceRow | null): Promise<boolean> {
  try {
    return await bringSurface(parts, state, surface, found);
  } catch (thrown) {
    if (!["not-allowed", "not-found", "bad-input"].includes(asDrillbookError(thrown).code)) throw thrown;
    await parts.surfaces.putSurface({ ...(found ?? freshRow(parts, state, surface, 1)), state: "retired" });
    parts.onFault(state.id, thrown);
    const person = personalSurface(surface)?.person ?? "";
    await parts.transport.send(chatOf(parts, state), { text: undelivered(state, person, parts.addresses.personal(person) !== null), card: null });
    return true;
  }
}

/** A chat that the bot was thrown out of tells nobody: whoever performs the drill hears of it in person. True when that is so. */
export async function tellOperators(parts: ShowingParts, state: DrillState, fault: unknown): Promise<boolean> {
  if (!["not-allowed", "not-found"].includes(asDrillbookError(fault).code)) return false;
  for (const { id } of state.roles["operator"] ?? []) {
    const address = parts.addresses.personal(id);
    if (address === null) continue;
    await parts.transport.send(address, { text: chatUnreachable(state), card: null }).catch((thrown: unknown) => parts.onFault(state.id, thrown));
  }
  return true;
}
