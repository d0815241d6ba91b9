import { surfacesOf } from "../../dialogs/surfaces.ts";
import type { DrillState } from "../../drills/state.ts";
import { peopleToReach, personalSurface, personalSurfacesOf } from "../personal-surfaces.ts";
import { bringSurface } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import { bringPersonal } from "./personal.ts";
import { idOf } from "./places.ts";

/** One pass over a drill's surfaces, each drawn from the state at its moment. True when something was sent. */
export async function bringSurfaces(parts: ShowingParts, now: () => DrillState): Promise<boolean> {
  let edited = false;
  const rows = new Map((await parts.surfaces.surfaces(now().id)).map((row) => [row.surface, row]));
  await parts.addresses.lookUp(peopleToReach(now()));
  const names = [...new Set([...surfacesOf(now()), ...personalSurfacesOf(now(), idOf(now().conversation), parts.addresses), ...rows.keys()])];
  // The drill's own surfaces first: somebody who cannot be reached must not hold up what everybody sees.
  for (const surface of names.toSorted((a, b) => Number(personalSurface(a) !== null) - Number(personalSurface(b) !== null))) {
    const row = rows.get(surface) ?? null;
    if (row?.state === "retired") continue;
    edited = (await (personalSurface(surface) === null ? bringSurface : bringPersonal)(parts, now(), surface, row)) || edited;
  }
  return edited;
}
