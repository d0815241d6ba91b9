import type { DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { sendRefusals } from "../../texts/notices.ts";
import type { Conversation } from "../message.ts";
import { personalSurface } from "../personal-surfaces.ts";
import type { SurfaceRow } from "../surface-store.ts";
import type { ShowingParts } from "./parts.ts";

type Places = Pick<ShowingParts, "addresses">;

/** Where a surface is shown now. Throws `not-allowed` when it is somebody's own and nobody knows where they are reached. */
export function placeOf(parts: Places, state: DrillState, surface: string): Conversation {
  const personal = personalSurface(surface);
  if (personal === null) return chatOf(parts, state);
  const address = parts.addresses.personal(personal.person);
  if (address === null) throw new DrillbookError("not-allowed", ...sendRefusals.noAddress);
  return address;
}

/** The drill's own chat, at the newest address that is known. */
export function chatOf(parts: Places, state: DrillState): Conversation {
  const remembered = isRecord(state.conversation) ? state.conversation : {};
  const id = idOf(state.conversation);
  return { id, reference: parts.addresses.newest(id, remembered["reference"] ?? null) };
}

/** The id of the chat that a drill was launched in; empty for a conversation that names none, as in a rehearsal without a chat. */
export function idOf(conversation: Json): string {
  return isRecord(conversation) && typeof conversation["id"] === "string" ? conversation["id"] : "";
}

/** The row of a surface that was never posted, or whose posting counts no more. */
export function freshRow(parts: Places, state: DrillState, surface: string, generation: number): SurfaceRow {
  const personal = personalSurface(surface);
  const conversation = personal === null ? state.conversation : parts.addresses.personal(personal.person);
  return { drill: state.id, surface, generation, conversation, messageId: null, state: "wanted", shownHash: null, shownSeq: 0 };
}
