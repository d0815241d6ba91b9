import { wordsOf, type CardJson, type Shown } from "../../dialogs/card.ts";
import { draw } from "../../dialogs/surfaces.ts";
import { stepOf, type DrillState } from "../../drills/state.ts";
import type { Outgoing } from "../message.ts";
import { pageOf } from "../pages.ts";
import { personalSurface } from "../personal-surfaces.ts";
import { stamped, turnOfPosting } from "../stamp.ts";
import { drawnSurface } from "./drawn-surface.ts";
import type { ShowingParts } from "./parts.ts";
import { idOf } from "./places.ts";

/** A message to show: of a card with several pages the first one. */
export type Drawn = Outgoing & {
  /** The card as it is kept, with all of its pages. */
  readonly whole: CardJson;
  /** What makes an edit worth it when it changes. */
  readonly says: string;
};

/** What a surface says now, on this posting of it; null for a name that this drill cannot have. */
export async function drawnMessage(parts: ShowingParts, state: DrillState, surface: string, generation: number): Promise<Drawn | null> {
  const person = personalSurface(surface)?.person ?? null;
  const viewer = person === null ? null : { id: person, name: "" };
  const own = personalSurface(surface)?.surface ?? surface;
  const drawn = await drawnSurface(parts, state, surface, viewer);
  if (drawn === null) return null;
  const card = stamped(drawn.card, { drill: state.id, surface, generation }, viewersOf(parts, state, surface));
  const first = pageOf(card, 1, turnOfPosting(state, { surface, generation }));
  const says = first.pages === 1 ? JSON.stringify(card) : whatPagesSay(first.card, draw(own, state, new Date(state.launchedAt), null, viewer));
  return { text: wordsOf(first.card, person === null ? undefined : parts.addresses.reader(person)), card: first.card, whole: card, says };
}

/**
 * An edit brings everybody back to the first page. What any page says is worth one; a clock that runs on another page is not, nor is somebody
 * who is met by turning one, and has a view of their own by that: `still` is the whole card at a moment that never changes.
 */
function whatPagesSay(first: CardJson, still: Shown | null): string {
  return JSON.stringify([{ ...first, refresh: undefined }, still?.card ?? null]);
}

/**
 * Who gets a view of their own: whom the step waits for first, then those with a role, then whoever has been heard or is listed in the chat. Teams takes
 * sixty; anybody else sees the card that everybody sees, and has the whole of their own in words. The live card changes every few
 * seconds while Azure works, and every change would be asked for once a viewer: it refreshes when somebody asks for it.
 */
function viewersOf(parts: ShowingParts, state: DrillState, surface: string): readonly string[] | null {
  if (personalSurface(surface) !== null) return null;
  if (surface === "live") return [];
  const chat = idOf(state.conversation);
  const step = stepOf(state, surface.replace(/^step:/, ""));
  const waitedFor = step === undefined ? [] : [...(step.assignee === null ? [] : [step.assignee]), ...(step.approval?.approvers ?? state.roles[step.step.role] ?? [])];
  // None of them is spent on somebody who does not see this chat.
  const roles = [...waitedFor, ...Object.values(state.roles).flat()].map((p) => p.id).filter((id) => parts.addresses.isIn(chat, id) !== false);
  const accounts = [...roles, ...parts.addresses.heardIn(chat)].flatMap((person) => parts.addresses.account(person) ?? []);
  return accounts.length === 0 ? null : [...new Set(accounts)];
}

/**
 * Approvers are shown nothing that is not kept: the card goes into the history before it goes to them. Without the list of accounts
 * for whom Teams refreshes it: nobody sees that, and it would keep people in the evidence whose records were erased.
 */
export async function keepApprovalCard(parts: ShowingParts, state: DrillState, surface: string, card: CardJson): Promise<void> {
  const step = stepOf(state, surface.replace(/^step:/, ""));
  if (step?.approval?.status !== "asked" || step.approval.card !== null || step.status !== "open") return;
  const sha = await parts.blobs.putBlob(new TextEncoder().encode(JSON.stringify({ ...card, refresh: undefined })));
  await parts.runner.report(state.id, { type: "shown", by: null, step: step.step.id, round: step.round, card: sha });
}
