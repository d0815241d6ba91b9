import type { Runner } from "../drills/runner.ts";
import type { DrillState } from "../drills/state.ts";
import { asDrillbookError } from "../errors.ts";
import { bringSurfaces } from "./showing/all-surfaces.ts";
import type { ShowingParts } from "./showing/parts.ts";
import { createPersonalChats } from "./showing/personal-chats.ts";
import { tellOperators } from "./showing/unreached.ts";

export type NotifierParts = ShowingParts & {
  readonly runner: Pick<Runner, "state" | "report" | "onChange">;
  /** Whether this process shows the drill: of several replicas only the one that has it does. */
  readonly mine: (drill: string) => boolean;
  /** Least time between two edits of one drill's cards, in milliseconds. */
  readonly editEveryMs: number;
  readonly after: (ms: number, callback: () => void) => () => void;
};

/** How often running times are drawn anew while Azure works, and while people are waited for. */
const tickWorkingMs = 5_000;
const tickWaitingMs = 60_000;
/** Drills whose times are drawn anew while they wait. */
const tickedMost = 500;
/** How long to wait before trying again when nothing can be sent. */
const tryAgainMs = 10_000;
/** The same after posts of which nobody knows whether they arrived, each twice as long as the one before: each may have left a card that is worth nothing. */
const longestAgainMs = 2 * 60_000;

type Known = {
  state: DrillState;
  busy: Promise<void> | null;
  again: boolean;
  lastEdit: number;
  shownSeq: number;
  /** Whether the operators know that the drill's chat cannot be reached. */
  told: boolean;
  /** How many times in a row the outcome of a post was not known. */
  lost: number;
  cancel: () => void;
};

/** Keeps what people see as the drills are. */
export type Notifier = {
  /** Brings the surfaces of these drills up to date, after a start. */
  catchUp(drills: readonly string[]): Promise<void>;
  /** Tries everything once more: a conversation has been heard from at a new address. */
  again(): void;
  stop(): Promise<void>;
};

/**
 * Brings what is shown to what should be shown: POST once, then PUT. It draws from the folded state at the moment of
 * sending, so that coalescing, order and Teams being away need no other mechanism.
 */
export function createNotifier(parts: NotifierParts): Notifier {
  const drills = new Map<string, Known>();
  const chats = createPersonalChats(parts);
  let stopped = false;

  function wanted(state: DrillState): void {
    if (stopped) return;
    const known = drills.get(state.id) ?? { state, busy: null, again: false, lastEdit: 0, shownSeq: 0, told: false, lost: 0, cancel: () => undefined };
    known.state = state;
    drills.set(state.id, known);
    soon(state.id, 0);
  }

  function soon(drill: string, ms: number): void {
    const known = drills.get(drill);
    if (known === undefined || stopped) return;
    if (known.busy !== null) {
      known.again = true;
      return;
    }
    known.cancel();
    const pause = known.lastEdit + parts.editEveryMs - parts.clock().getTime();
    known.cancel = parts.after(Math.max(ms, Math.min(pause, parts.editEveryMs), 1), () => {
      known.busy = bring(drill).finally(() => {
        known.busy = null;
        const again = known.again;
        known.again = false;
        if (again) soon(drill, 0);
      });
    });
  }

  async function bring(drill: string): Promise<void> {
    const known = drills.get(drill);
    if (known === undefined) return;
    try {
      // Another replica has it and shows it; what has ended is the same everywhere.
      if (known.state.status !== "ended" && !parts.mine(drill)) return void drills.delete(drill);
      const { seq } = known.state;
      const { edited, waits } = await bringSurfaces(parts, chats, () => known.state);
      if (seq > known.shownSeq) await parts.surfaces.shownUpTo(drill, seq);
      known.shownSeq = seq;
      if (edited) known.lastEdit = parts.clock().getTime();
      known.told = false;
      known.lost = 0;
      tickAgain(known.state, waits);
    } catch (fault) {
      // What failed last may have edited a card before: the next pass keeps its distance all the same.
      known.lastEdit = parts.clock().getTime();
      parts.onFault(drill, fault);
      if (!known.told) known.told = await tellOperators(parts, known.state, fault);
      known.lost = asDrillbookError(fault).code === "outcome-unknown" ? known.lost + 1 : 0;
      later(drill, Math.min(tryAgainMs * 2 ** Math.max(0, known.lost - 1), longestAgainMs));
    }
  }

  /** Running times change without any event, and people who could not be reached come back without one. */
  function tickAgain(state: DrillState, waits: boolean): void {
    if (state.status === "ended") {
      const known = drills.get(state.id);
      if (known !== undefined && known.state.seq === state.seq && !known.again) drills.delete(state.id);
      return;
    }
    const working = state.operations.some((o) => o.phase === "intended" || o.phase === "started");
    // Of many that wait, the oldest times are drawn anew only when something happens.
    if (!working && !waits && drills.size > tickedMost && drills.get(state.id)?.again !== true) drills.delete(state.id);
    else later(state.id, working ? tickWorkingMs : tickWaitingMs);
  }

  function later(drill: string, ms: number): void {
    const known = drills.get(drill);
    if (known === undefined || stopped) return;
    known.cancel = parts.after(ms, () => soon(drill, 0));
  }

  parts.runner.onChange(wanted);
  return {
    async catchUp(ids) {
      // One after another: there may be many, and each is read whole.
      for (const id of ids) if (!stopped) wanted(await parts.runner.state(id));
    },
    again: () => {
      for (const drill of drills.keys()) soon(drill, 0);
    },
    async stop() {
      stopped = true;
      for (const known of drills.values()) known.cancel();
      await Promise.allSettled([...drills.values()].map((d) => d.busy));
    },
  };
}
