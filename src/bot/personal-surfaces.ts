import type { DrillState } from "../drills/state.ts";
import type { Addresses } from "./addresses.ts";

/** The person and the drill's own surface behind `personal:<person>:<surface>`; null for a surface of the drill itself. */
export function personalSurface(name: string): { readonly person: string; readonly surface: string } | null {
  const [, person, surface] = /^personal:([^:]+):(.+)$/su.exec(name) ?? [];
  return person === undefined || surface === undefined ? null : { person, surface };
}

/** A card of their own for everybody who is asked to approve, or was told that nobody answered in time, and can be reached in person. */
export function personalSurfacesOf(state: DrillState, addresses: Pick<Addresses, "personal">): readonly string[] {
  const asked = state.steps.flatMap(({ step, approval }) =>
    (approval?.status === "asked" ? approval.approvers : []).filter(({ id }) => !state.performers.some((p) => p.id === id)).map(({ id }) => `personal:${id}:step:${step.id}`),
  );
  const told = state.escalations.flatMap(({ step, people }) =>
    (step === null || state.open.includes(step) ? people : []).map(({ id }) => `personal:${id}:${step === null ? "live" : `step:${step}`}`),
  );
  return [...new Set([...asked, ...told])].filter((name) => addresses.personal(personalSurface(name)?.person ?? "") !== null);
}

/** How the drill's chat is told that somebody did not get their card. */
export function undelivered(state: DrillState, person: string): string {
  const name = Object.values(state.roles).flat().find((p) => p.id === person)?.name ?? "An approver";
  return `${name} could not be reached in person: Teams does not take messages for them. The card in this chat is valid for them too; call them.`;
}
