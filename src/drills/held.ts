import type { DrillEvent } from "./events.ts";
import { evolveAll, fold } from "./evolve.ts";
import type { DrillStore } from "./ports.ts";
import type { DrillState } from "./state.ts";
import { asDrillbookError, DrillbookError } from "../errors.ts";
import { refusalTexts } from "../texts/refusals.ts";
import { lift } from "./upcast/upcast.ts";

/** A drill in memory. */
export type Held = {
  readonly id: string;
  state: DrillState;
  /** One change at a time: what comes in waits here. */
  queue: Promise<void>;
  /** How many have it in hand: it must not leave memory meanwhile, or two copies would each do its effects. */
  users: number;
  readonly underWay: Map<string, Promise<void>>;
  readonly notBefore: Map<string, Date>;
  /** When the store has it looked at again. */
  wakeAt: Date | null;
  cancelWake: () => void;
};

/** The drills in memory. One that is at rest may be dropped and is read again when it is asked for. */
export type Shelf = {
  /** Works with a drill, read from the store when it is not at hand. Throws `not-found` for an unknown one. */
  use<T>(id: string, work: (drill: Held) => Promise<T>): Promise<T>;
  /** What others have written since. True: there was something. */
  refresh(drill: Held): Promise<boolean>;
  /** Nothing is under way for it: it may leave memory when others need the room. */
  rest(drill: Held): void;
  forget(drill: Held): void;
  all(): readonly Held[];
};

/** Drills at rest that stay in memory; one is read again in a millisecond, and takes some ten kilobytes. */
const restingMost = 500;

export type ShelfParts = {
  readonly store: DrillStore;
  readonly mayLeave: (drill: Held) => boolean;
  readonly left: (drill: Held) => void;
  /** Called when a newer Drillbook has written into a drill: what is in memory of it is no longer true, and cannot become so. */
  readonly outgrown: (id: string) => void;
};

/** The drills in memory: those that something is under way for, and those that were last at rest. */
export function shelf({ store, mayLeave, left, outgrown }: ShelfParts): Shelf {
  const held = new Map<string, Held>();
  const resting = new Map<string, Held>();

  async function take(id: string): Promise<Held> {
    const atHand = held.get(id);
    if (atHand !== undefined) return used(atHand);
    const state = await known(id, fold);
    // Another reader may have folded it meanwhile: two copies of one drill would each do its effects.
    const meanwhile = held.get(id);
    if (meanwhile !== undefined) return used(meanwhile);
    const fresh: Held = { id, state, queue: Promise.resolve(), users: 0, underWay: new Map(), notBefore: new Map(), wakeAt: null, cancelWake: () => undefined };
    held.set(id, fresh);
    return used(fresh);
  }

  /** What is made of a drill's events. Throws `store-newer`, for the person who asked, when this Drillbook does not know all of them. */
  async function known<T>(id: string, made: (events: readonly DrillEvent[]) => T, afterSeq = 0): Promise<T> {
    const stored = await store.read(id, afterSeq);
    try {
      return made(stored.map((s) => lift(s.event)));
    } catch (cause) {
      if (asDrillbookError(cause).code !== "store-newer") throw cause;
      const drill = held.get(id);
      if (drill !== undefined) forget(drill);
      outgrown(id);
      throw new DrillbookError("store-newer", ...refusalTexts.newer(id), { cause });
    }
  }

  function used(drill: Held): Held {
    drill.users += 1;
    resting.delete(drill.id);
    return drill;
  }

  function forget(drill: Held): void {
    drill.cancelWake();
    resting.delete(drill.id);
    if (held.get(drill.id) === drill) held.delete(drill.id);
  }

  return {
    async use(id, work) {
      const drill = await take(id);
      try {
        return await work(drill);
      } finally {
        drill.users -= 1;
      }
    },
    async refresh(drill) {
      const { seq } = drill.state;
      drill.state = await known(drill.id, (events) => evolveAll(drill.state, events), seq);
      return drill.state.seq > seq;
    },
    rest(drill) {
      resting.delete(drill.id);
      if (held.get(drill.id) === drill) resting.set(drill.id, drill);
      for (const oldest of resting.values()) {
        if (resting.size <= restingMost) break;
        resting.delete(oldest.id);
        if (!mayLeave(oldest)) continue;
        forget(oldest);
        left(oldest);
      }
    },
    forget,
    all: () => [...held.values()],
  };
}
