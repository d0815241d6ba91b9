import { setTimeout as delay } from "node:timers/promises";
import { denied, later, type Refusal } from "../../drills/refusal.ts";
import type { DrillState } from "../../drills/state.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { chatRefusals } from "../../texts/chat.ts";
import { threadOf } from "../addresses.ts";
import type { Answer, Inbound } from "../message.ts";
import { pageOf } from "../pages.ts";
import { personalSurface } from "../personal-surfaces.ts";
import { drawnSurface } from "../showing/drawn-surface.ts";
import { stamped, turnOfPosting } from "../stamp.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { shown } from "./answer.ts";
import type { Chatting, Of } from "./parts.ts";
import { pageAsked } from "./turning.ts";

/** The card as this person sees it, or one page of it; null: it is not shown any more. Changes nothing, whoever asks. */
export async function viewOf(parts: Chatting, inbound: Inbound, data: { readonly [key: string]: Json }): Promise<Answer | null> {
  const [drill, surface] = [data["drill"], data["surface"]];
  if (typeof drill !== "string" || typeof surface !== "string") return null;
  const state = await parts.runner.state(drill.slice(0, 40));
  const row = await parts.surfaces.surface(state.id, surface);
  const personal = personalSurface(surface);
  if (personal !== null && personal.person !== inbound.person.id) return null;
  const drawn = await drawnSurface(parts, state, surface, inbound.person);
  if (drawn === null || row === null || row.generation !== data["generation"]) return null;
  const { card } = pageOf(stamped(drawn.card, row, personal === null ? [] : null), pageAsked(inbound), turnOfPosting(state, row));
  return shown({ ...drawn, card });
}

/**
 * A card whose sending got lost may still exist somewhere, and a card can be forwarded: a button counts only on the newest
 * posting of its surface. A decision of an approver counts only in that very message of that very chat.
 */
export async function misplacedPress(parts: Chatting, state: DrillState, inbound: Of<"click">, data: { readonly [key: string]: Json }): Promise<Refusal | null> {
  const decides = inbound.verb === "approve" || inbound.verb === "reject";
  const surface = typeof data["surface"] === "string" ? data["surface"] : null;
  if (surface === null && !decides) return null;
  const row = await postedRow(parts, state.id, surface ?? "");
  if (row === null || row.generation !== data["generation"] || row.state === "lost") return later(...chatRefusals.replaced);
  const id = isRecord(row.conversation) ? row.conversation["id"] : null;
  // A card that is not known to stand anywhere is no place to decide, also for a press that names none.
  const here = row.messageId !== null && typeof id === "string" && threadOf(id) === threadOf(inbound.conversation.id) && inbound.shownIn === row.messageId;
  if (!decides || here) return null;
  return denied(...chatRefusals.elsewhere);
}

/** A card can be pressed a moment before it is on record where it stands: that moment is waited for. */
async function postedRow(parts: Chatting, drill: string, surface: string): Promise<SurfaceRow | null> {
  for (let looks = 1; ; looks += 1) {
    const row = await parts.surfaces.surface(drill, surface);
    if (row?.state !== "posting" || looks === 20) return row;
    await delay(100);
  }
}
