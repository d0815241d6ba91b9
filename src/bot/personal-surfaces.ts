import { stepOf, type DrillState } from "../drills/state.ts";

/** A card that one person gets for themselves, of one of the drill's own surfaces. */
export type PersonalCard = { readonly person: string; readonly name: string; readonly surface: string };

/** The person and the drill's own surface behind `personal:<person>:<surface>`; null for a surface of the drill itself. */
export function personalSurface(name: string): { readonly person: string; readonly surface: string } | null {
  const [, person, surface] = /^personal:([^:]+):(.+)$/su.exec(name) ?? [];
  return person === undefined || surface === undefined ? null : { person, surface };
}

/** The name under which a person's own card is kept, which `personalSurface` reads again. The person's id holds no colon. */
export function personalName({ person, surface }: Pick<PersonalCard, "person" | "surface">): string {
  return `personal:${person}:${surface}`;
}

/**
 * Who is to be reached in person now: everybody who is asked to approve, and everybody whom an escalation names. They come
 * from the roles of the drill alone, never from what somebody sent.
 */
export function cardsInPerson(state: DrillState): readonly PersonalCard[] {
  const asked = state.steps.flatMap(({ step, approval }) =>
    (approval?.status === "asked" ? approval.approvers : [])
      .filter(({ id }) => !state.performers.some((p) => p.id === id))
      .map(({ id, name }) => ({ person: id, name, surface: `step:${step.id}` })),
  );
  const told = state.escalations.flatMap(({ step, people }) => people.map(({ id, name }) => ({ person: id, name, surface: step === null ? "live" : `step:${step}` })));
  return [...new Map([...asked, ...told].map((card) => [personalName(card), card])).values()];
}

/** Whether a surface still waits for somebody: what is over is no news to whoever could not be reached in time. */
export function stillWaits(state: DrillState, surface: string): boolean {
  if (state.status === "ended") return false;
  const step = stepOf(state, surface.replace(/^step:/u, ""));
  return step === undefined || ["open", "failing", "failed"].includes(step.status);
}
