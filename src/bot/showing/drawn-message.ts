import { warned, wordsOf } from "../../dialogs/card.ts";
import { draw, evidenceOn } from "../../dialogs/surfaces.ts";
import { stepOf, type DrillState } from "../../drills/state.ts";
import type { Outgoing } from "../message.ts";
import { personalSurface } from "../personal-surfaces.ts";
import { stamped } from "../stamp.ts";
import type { ShowingParts } from "./parts.ts";
import { idOf } from "./places.ts";

/** What a surface says now, on this posting of it; null for a name that this drill cannot have. */
export async function drawnMessage(parts: ShowingParts, state: DrillState, surface: string, generation: number): Promise<Outgoing | null> {
  const person = personalSurface(surface)?.person ?? null;
  const viewer = person === null ? null : { id: person, name: "" };
  const own = personalSurface(surface)?.surface ?? surface;
  const drawn = draw(own, state, parts.clock(), parts.transcriptUrl(state.id), viewer, await evidenceOn(own, state, parts.finalLine));
  if (drawn === null) return null;
  const warning = surface === "live" && state.status !== "ended" ? (parts.warning?.() ?? null) : null;
  const card = stamped(warning === null ? drawn.card : warned(drawn.card, warning), { drill: state.id, surface, generation }, viewersOf(parts, state, surface));
  return { text: wordsOf(card, person === null ? undefined : parts.addresses.reader(person)), card };
}

/**
 * Who gets a view of their own: those with a role who are in the chat first, then whoever has been heard or is listed there. The live card changes every few seconds
 * while Azure works, and every change would be asked for once a viewer: it refreshes when somebody asks for it.
 */
function viewersOf(parts: ShowingParts, state: DrillState, surface: string): readonly string[] | null {
  if (personalSurface(surface) !== null) return null;
  if (surface === "live") return [];
  const chat = idOf(state.conversation);
  // Teams takes sixty: none of them is spent on somebody who does not see this chat.
  const roles = Object.values(state.roles).flat().map((p) => p.id).filter((id) => parts.addresses.isIn(chat, id) !== false);
  const accounts = [...roles, ...parts.addresses.heardIn(chat)].flatMap((person) => parts.addresses.account(person) ?? []);
  return accounts.length === 0 ? null : [...new Set(accounts)];
}

/**
 * Approvers are shown nothing that is not kept: the card goes into the history before it goes to them. Without the list of accounts
 * for whom Teams refreshes it: nobody sees that, and it would keep people in the evidence whose records were erased.
 */
export async function keepApprovalCard(parts: ShowingParts, state: DrillState, surface: string, card: Outgoing["card"]): Promise<void> {
  const step = stepOf(state, surface.replace(/^step:/, ""));
  if (step?.approval?.status !== "asked" || step.approval.card !== null || step.status !== "open") return;
  const sha = await parts.blobs.putBlob(new TextEncoder().encode(JSON.stringify({ ...card, refresh: undefined })));
  await parts.runner.report(state.id, { type: "shown", by: null, step: step.step.id, round: step.round, card: sha });
}
