/** A drill at rest, and the last event it had when it came to rest. */
export type Leaving = readonly [drill: string, seq: number];

/** The drills of one replica as its memory has them: asked before each effect, which must not wait for the database. */
export type HeldDrills = {
  has(drill: string): boolean;
  all(): Iterable<string>;
  /** Held, about to be let go, or too new for this release: whatever else the database calls ours was lost on the way here. */
  isKnown(drill: string): boolean;
  isOutgrown(drill: string): boolean;
  /** When the queue will say that this drill is due, as far as this replica asked for it; in milliseconds. */
  queuedFor(drill: string): number | undefined;
  queue(drill: string, at: number): void;
  /** Ours by the database's word. What was in the queue for it may be what brought it here. */
  take(drill: string): void;
  /** Somebody wrote into it: whoever the database says then has it. */
  written(drill: string, by: { readonly us: boolean; readonly ended: boolean }): void;
  rest(drill: string, seq: number): void;
  /** Those at rest, once. */
  takeLeaving(): readonly Leaving[];
  outgrow(drill: string): void;
  /** Nothing of any drill begins here. */
  loseAll(): void;
};

/** None yet. */
export function holdDrills(): HeldDrills {
  const held = new Set<string>();
  const queued = new Map<string, number>();
  const leaving = new Map<string, number>();
  const outgrown = new Set<string>();
  return {
    has: (drill) => held.has(drill),
    all: () => held,
    isKnown: (drill) => held.has(drill) || leaving.has(drill) || outgrown.has(drill),
    isOutgrown: (drill) => outgrown.has(drill),
    queuedFor: (drill) => queued.get(drill),
    queue: (drill, at) => void queued.set(drill, at),
    take(drill) {
      leaving.delete(drill);
      queued.delete(drill);
      held.add(drill);
    },
    written(drill, { us, ended }) {
      leaving.delete(drill);
      if (ended) queued.delete(drill);
      if (us) held.add(drill);
      else held.delete(drill);
    },
    rest(drill, seq) {
      held.delete(drill);
      queued.delete(drill);
      leaving.set(drill, seq);
    },
    takeLeaving() {
      const going = [...leaving];
      leaving.clear();
      return going;
    },
    outgrow(drill) {
      outgrown.add(drill);
      held.delete(drill);
      queued.delete(drill);
      leaving.delete(drill);
    },
    loseAll() {
      held.clear();
      queued.clear();
    },
  };
}
