import type { DrillEvent } from "../events.ts";
import type { Draft } from "./draft.ts";

export type Of<T extends DrillEvent["type"]> = Extract<DrillEvent, { type: T }>;

/** What each of some events makes of a state. A type that no table names does not compile. */
export type Rules<T extends DrillEvent["type"]> = { readonly [K in T]: (draft: Draft, event: Of<K>) => void };

/** Whoever did something to a step may not approve it, whether they answered it or passed it over. */
export function performedBy(draft: Draft, event: DrillEvent): void {
  const { by } = event;
  if (by !== null && !draft.state.performers.some((p) => p.id === by.id)) draft.add("performers", by);
  tookPart(draft, event);
}

/** Whoever reviews took no part. It is kept apart from the step, which forgets its earlier attempts. */
export function tookPart(draft: Draft, { by }: DrillEvent): void {
  if (by !== null && !draft.state.involved.some((p) => p.id === by.id)) draft.add("involved", by);
}
