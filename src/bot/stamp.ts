import type { CardJson } from "../dialogs/card.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { cardCommand, links } from "../texts/buttons.ts";
import type { DrillState } from "../drills/state.ts";
import type { Turn } from "./pages.ts";
import { personalSurface } from "./personal-surfaces.ts";

/** Teams asks for a view of their own for so many people at most; the others see the card that everybody sees. */
const mostViewers = 60;

export type Posting = { readonly drill: string; readonly surface: string; readonly generation: number };

/**
 * A card as it is sent: every button says on which posting of which surface it stands, so that a lost card's buttons can be
 * refused. `viewers` are the accounts that get a view of their own by themselves; null: nobody is offered one.
 */
export function stamped(card: CardJson, { drill, surface, generation }: Posting, viewers: readonly string[] | null): CardJson {
  const actions = (Array.isArray(card["actions"]) ? (card["actions"] as readonly Json[]) : []).map((action): Json => {
    if (!isRecord(action) || action["type"] !== "Action.Execute") return action;
    const data = action["data"] ?? {};
    return { ...action, data: { ...(isRecord(data) ? data : {}), surface, generation } };
  });
  if (viewers === null) return { ...card, actions };
  const action = { type: "Action.Execute", title: links.refresh, verb: "refresh", data: { drill, surface, generation } };
  return { ...card, actions, refresh: { action, userIds: viewers.slice(0, mostViewers) } };
}

/** How the pages of a posted card are turned: it is drawn again from the drill as it is then. */
export function turnOfPosting(state: DrillState, { surface, generation }: Pick<Posting, "surface" | "generation">): Turn {
  const own = personalSurface(surface)?.surface ?? surface;
  const number = state.steps.findIndex(({ step }) => own === `step:${step.id}`) + 1;
  const typed = cardCommand(number > 0 ? String(number) : own);
  return { data: { drill: state.id, surface, generation }, command: () => typed };
}
