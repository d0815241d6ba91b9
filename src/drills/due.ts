import { effects, type Effect } from "./effects.ts";
import type { Action, Clock } from "./ports.ts";
import type { DrillState } from "./state.ts";

const known = new WeakMap<DrillState, readonly Effect[]>();

/** What should be under way in this state: worked out once a state, however often it is asked for. */
export function effectsOf(state: DrillState): readonly Effect[] {
  const before = known.get(state);
  if (before !== undefined) return before;
  const found = effects(state);
  known.set(state, found);
  return found;
}

/** When each effect may begin, which the runner asks for a state and what was put off. */
export type Due = {
  at(effect: Effect, state: DrillState, notBefore: ReadonlyMap<string, Date>): Date;
  /** When the drill must be looked at again: never earlier than now; null when only a person can move it. */
  next(state: DrillState, notBefore: ReadonlyMap<string, Date>): Date | null;
};

/** After a send nothing can be told before Azure shows what came of it. */
const usualSettlingMs = 60_000;

/**
 * What an action says of its settling time holds for its recovery, a minute otherwise: asked earlier, Azure may not show yet
 * what was sent.
 */
export function dueTimes(actions: ReadonlyMap<string, Action>, clock: Clock): Due {
  const at: Due["at"] = (effect, state, notBefore) => {
    const putOff = notBefore.get(effect.key);
    if (putOff !== undefined) return putOff;
    if ("at" in effect) return effect.at;
    if (effect.type !== "recover") return new Date(0);
    const operation = state.operations.find((o) => o.key === effect.operation);
    const settling = actions.get(operation?.action ?? "")?.facts.settlingMs ?? usualSettlingMs;
    return new Date(effect.sentBy.getTime() + settling);
  };
  return {
    at,
    next(state, notBefore) {
      const times = effectsOf(state).map((effect) => at(effect, state, notBefore).getTime());
      return times.length === 0 ? null : new Date(Math.max(Math.min(...times), clock().getTime()));
    },
  };
}
