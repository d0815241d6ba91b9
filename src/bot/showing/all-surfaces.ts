import { surfacesOf } from "../../dialogs/surfaces.ts";
import type { DrillState } from "../../drills/state.ts";
import { cardsInPerson, personalSurface } from "../personal-surfaces.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { bringSurface } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import type { PersonalChats } from "./personal-chats.ts";
import { bringPersonal } from "./personal.ts";
import { tellStoodAside } from "./stood-aside.ts";
import { isNotice, tellUnreached } from "./unreached.ts";

export type Brought = {
  /** Whether something was sent. */
  readonly edited: boolean;
  /** Whether somebody's card waits until they can be reached. */
  readonly waits: boolean;
};

/**
 * One pass over a drill's surfaces, each drawn from the state at its moment: word that it stops for a real incident, what everybody sees, then each person's own cards, then word of
 * whom no card reached. Throws the first failure that trying again may help against.
 */
export async function bringSurfaces(parts: ShowingParts, chats: PersonalChats, now: () => DrillState): Promise<Brought> {
  const rows = new Map((await parts.surfaces.surfaces(now().id)).map((row) => [row.surface, row]));
  await parts.addresses.lookUp(cardsInPerson(now()).map(({ person }) => person));
  const aside = await tellStoodAside(parts, now(), rows);
  const shared = await bringShared(parts, now, rows);
  const personal = await bringPersonal(parts, chats, now, rows);
  const told = await tellUnreached(parts, now(), personal.unreached, rows);
  if (personal.faults.length > 0) throw personal.faults[0];
  return { edited: aside || shared || personal.edited || told, waits: personal.unreached.length > 0 };
}

/** First: somebody who cannot be reached must not hold up what everybody sees. */
async function bringShared(parts: ShowingParts, now: () => DrillState, rows: ReadonlyMap<string, SurfaceRow>): Promise<boolean> {
  let edited = false;
  const own = [...new Set([...surfacesOf(now()), ...rows.keys()])].filter((name) => personalSurface(name) === null && !isNotice(name));
  for (const surface of own) {
    const row = rows.get(surface) ?? null;
    if (row?.state !== "retired") edited = (await bringSurface(parts, now(), surface, row)) || edited;
  }
  return edited;
}
