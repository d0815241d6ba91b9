import type { DrillState } from "../drills/state.ts";
import type { Addresses } from "./addresses.ts";
import { deliveryTexts } from "../texts/notices.ts";

/** The person and the drill's own surface behind `personal:<person>:<surface>`; null for a surface of the drill itself. */
export function personalSurface(name: string): { readonly person: string; readonly surface: string } | null {
  const [, person, surface] = /^personal:([^:]+):(.+)$/su.exec(name) ?? [];
  return person === undefined || surface === undefined ? null : { person, surface };
}

/**
 * A card of their own for everybody who is asked to approve, and for everybody whom an escalation names, as far as they can be
 * reached in person.
 */
export function personalSurfacesOf(state: DrillState, addresses: Pick<Addresses, "personal">): readonly string[] {
  const asked = state.steps.flatMap(({ step, approval }) =>
    (approval?.status === "asked" ? approval.approvers : [])
      .filter(({ id }) => !state.performers.some((p) => p.id === id))
      .map(({ id }) => ({ id, surface: `step:${step.id}` })),
  );
  const told = state.escalations.flatMap(({ step, people }) => people.map(({ id }) => ({ id, surface: step === null ? "live" : `step:${step}` })));
  const names = [...asked, ...told].filter(({ id }) => addresses.personal(id) !== null).map(({ id, surface }) => `personal:${id}:${surface}`);
  return [...new Set(names)];
}

/** How the drill's chat is told that somebody did not get their card. */
export function undelivered(state: DrillState, person: string): string {
  const name = Object.values(state.roles).flat().find((p) => p.id === person)?.name ?? deliveryTexts.somebody;
  return deliveryTexts.undelivered(name);
}

/** How operators are told in person that the drill's own chat shows nothing any more. */
export function chatUnreachable(state: DrillState): string {
  return deliveryTexts.chatUnreachable(state.id, state.runbook.title);
}
