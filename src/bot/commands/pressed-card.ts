import { setTimeout as delay } from "node:timers/promises";
import { draw, evidenceOn } from "../../dialogs/surfaces.ts";
import { denied, later, type Refusal } from "../../drills/refusal.ts";
import type { DrillState } from "../../drills/state.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { chatRefusals } from "../../texts/chat.ts";
import { threadOf } from "../addresses.ts";
import type { Answer, Inbound } from "../message.ts";
import { stamped } from "../stamp.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { shown } from "./answer.ts";
import type { Chatting, Of } from "./parts.ts";

/** The card as this person sees it. Changes nothing, whoever asks. */
export async function viewOf(parts: Chatting, { person }: Inbound, data: { readonly [key: string]: Json }): Promise<Answer> {
  const [drill, surface] = [data["drill"], data["surface"]];
  if (typeof drill !== "string" || typeof surface !== "string") return { messages: [] };
  const state = await parts.runner.state(drill.slice(0, 40));
  const row = await parts.surfaces.surface(state.id, surface);
  const drawn = draw(surface, state, parts.clock(), parts.transcriptUrl(state.id), person, await evidenceOn(surface, state, parts.finalLine));
  if (drawn === null || row === null || row.generation !== data["generation"]) return { messages: [] };
  return shown({ ...drawn, card: stamped(drawn.card, row, []) });
}

/**
 * A card whose sending got lost may still exist somewhere, and a card can be forwarded: a button counts only on the newest
 * posting of its surface. A decision of an approver counts only in that very message of that very chat.
 */
export async function misplacedPress(parts: Chatting, state: DrillState, inbound: Of<"click">, data: { readonly [key: string]: Json }): Promise<Refusal | null> {
  const decides = inbound.verb === "approve" || inbound.verb === "reject";
  if (typeof data["surface"] !== "string" && !decides) return null;
  const row = await postedRow(parts, state.id, String(data["surface"]));
  if (row === null || row.generation !== data["generation"]) {
    return later(...chatRefusals.replaced);
  }
  const id = isRecord(row.conversation) ? row.conversation["id"] : null;
  const here = typeof id === "string" && threadOf(id) === threadOf(inbound.conversation.id) && inbound.shownIn === row.messageId;
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
