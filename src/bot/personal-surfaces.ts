import type { DrillState } from "../drills/state.ts";
import type { Addresses } from "./addresses.ts";
import { deliveryTexts } from "../texts/notices.ts";
import { cardCommand } from "../texts/buttons.ts";
import type { Turn } from "./pages.ts";

/** The person and the drill's own surface behind `personal:<person>:<surface>`; null for a surface of the drill itself. */
export function personalSurface(name: string): { readonly person: string; readonly surface: string } | null {
  const [, person, surface] = /^personal:([^:]+):(.+)$/su.exec(name) ?? [];
  return person === undefined || surface === undefined ? null : { person, surface };
}

/** How the pages of a posted card are turned: it is drawn again from the drill as it is then. */
export function turnOfSurface(state: DrillState, { surface, generation }: { readonly surface: string; readonly generation: number }): Turn {
  const own = personalSurface(surface)?.surface ?? surface;
  const number = state.steps.findIndex(({ step }) => own === `step:${step.id}`) + 1;
  const typed = cardCommand(number > 0 ? String(number) : own);
  return { data: { drill: state.id, surface, generation }, command: () => typed };
}

/** Who is to be reached in person now: everybody who is asked to approve, and everybody whom an escalation names. */
function toReach(state: DrillState): readonly { readonly id: string; readonly surface: string }[] {
  const asked = state.steps.flatMap(({ step, approval }) =>
    (approval?.status === "asked" ? approval.approvers : [])
      .filter(({ id }) => !state.performers.some((p) => p.id === id))
      .map(({ id }) => ({ id, surface: `step:${step.id}` })),
  );
  const told = state.escalations.flatMap(({ step, people }) => people.map(({ id }) => ({ id, surface: step === null ? "live" : `step:${step}` })));
  return [...asked, ...told];
}

export function peopleToReach(state: DrillState): readonly string[] {
  return toReach(state).map(({ id }) => id);
}

/**
 * A card of their own for each of them, as far as they can be reached. Somebody who cannot be, and who does not see the drill's chat
 * either, is named all the same: the attempt fails, and the chat is told that nothing tells them.
 */
export function personalSurfacesOf(state: DrillState, chat: string, addresses: Pick<Addresses, "personal" | "isIn">): readonly string[] {
  const names = toReach(state).filter(({ id }) => addresses.personal(id) !== null || addresses.isIn(chat, id) === false).map(({ id, surface }) => `personal:${id}:${surface}`);
  return [...new Set(names)];
}

/** How the drill's chat is told that somebody did not get their card. */
export function undelivered(state: DrillState, person: string, hasAddress: boolean): string {
  const name = Object.values(state.roles).flat().find((p) => p.id === person)?.name ?? deliveryTexts.somebody;
  return hasAddress ? deliveryTexts.undelivered(name) : deliveryTexts.absent(name);
}

/** How operators are told in person that the drill's own chat shows nothing any more. */
export function chatUnreachable(state: DrillState): string {
  return deliveryTexts.chatUnreachable(state.id, state.runbook.title);
}
