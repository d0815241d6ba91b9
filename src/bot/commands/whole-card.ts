import { messageOf } from "../../dialogs/card.ts";
import { anyStep } from "../../dialogs/meant-step.ts";
import { draw, surfacesOf } from "../../dialogs/surfaces.ts";
import type { DrillState } from "../../drills/state.ts";
import type { Inbound } from "../message.ts";
import type { ChatParts } from "./parts.ts";

/**
 * A card in words as this person sees it, whole, however many pages it has as a card: for whoever has no view of their own, a client
 * that draws no cards, or a screen reader. Named: that step's, open or not; else what waits now. Throws `bad-input` for no such step.
 */
export function wholeCard(parts: Pick<ChatParts, "clock" | "transcriptUrl">, state: DrillState, { person, reader }: Pick<Inbound, "person" | "reader">, named: string): string {
  const words = surfacesMeant(state, named).flatMap((surface) => {
    const drawn = draw(surface, state, parts.clock(), parts.transcriptUrl(state.id), person);
    return drawn === null ? [] : [messageOf(drawn.card, reader)];
  });
  return words.join("\n\n");
}

function surfacesMeant(state: DrillState, named: string): readonly string[] {
  if (named === "live" || named === "cleanup" || named === "sign-off") return [named];
  if (named !== "") return [`step:${anyStep(state, named).step.id}`];
  const all = surfacesOf(state);
  const open = state.open.map((id) => `step:${id}`).filter((surface) => all.includes(surface));
  return open.length > 0 ? open : all.slice(-1);
}
