import { warned, wordsOf, type Shown } from "../../dialogs/card.ts";
import { draw, evidenceOn } from "../../dialogs/surfaces.ts";
import type { Person } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import { personalSurface } from "../personal-surfaces.ts";

/** What a drawing needs beside the drill. */
export type DrawingParts = {
  readonly clock: () => Date;
  readonly transcriptUrl: (drill: string) => string | null;
  /** What the final card says of the drill's evidence; absent: nothing. */
  readonly finalLine?: (state: DrillState) => Promise<string | null>;
  /** What everybody who looks at a drill has to know of Drillbook itself; null: nothing. Absent: there never is. */
  readonly warning?: () => string | null;
};

/** A surface as it is now, for one viewer or (null) for everybody: posted and asked for, it says the same. Null for a name that this drill cannot have. */
export async function drawnSurface(parts: DrawingParts, state: DrillState, surface: string, viewer: Person | null): Promise<Shown | null> {
  const own = personalSurface(surface)?.surface ?? surface;
  const drawn = draw(own, state, parts.clock(), parts.transcriptUrl(state.id), viewer, await evidenceOn(own, state, parts.finalLine));
  const warning = own === "live" && state.status !== "ended" ? (parts.warning?.() ?? null) : null;
  if (drawn === null || warning === null) return drawn;
  const card = warned(drawn.card, warning);
  return { card, text: wordsOf(card) };
}
