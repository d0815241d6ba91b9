import type { DrillEvent } from "../../drills/events.ts";
import { evolve } from "../../drills/evolve.ts";
import type { StoredEvent } from "../../drills/ports.ts";
import type { DrillState } from "../../drills/state.ts";
import { createEssentials } from "../../evidence/transcript/essentials.ts";
import { transcriptFrom, type Transcript } from "../../evidence/transcript/transcript.ts";
import type { AuditSource } from "./source.ts";

/** A drill as far as it has been read: never all of its events, only what a page needs of them. */
export type Overview = {
  readonly transcript: Transcript;
  /** How many events there are, and the head after the last. */
  readonly events: number;
  readonly head: string;
  /** The events worth stopping at in a replay, in order. */
  readonly milestones: readonly number[];
};

/** One event, and what the drill was once it had happened. */
export type Moment = { readonly stored: StoredEvent; readonly state: DrillState };

/** Drills as auditors read them. */
export type Histories = {
  /** null: no such drill. */
  overview(drill: string): Promise<Overview | null>;
  /** Whether approvers of this drill were shown the card of this hash: other bytes of the store are none of its reader's business. */
  wasShown(drill: string, card: string): Promise<boolean>;
  /** An event with the drill's state after it; null: there is none. */
  moment(drill: string, seq: number): Promise<Moment | null>;
};

/** Events that are read at once. */
const rangeSize = 1_000;
/** Drills whose reading is remembered, so that a page turned is not a history read again. */
const remembered = 8;

type Reading = {
  readonly essentials: ReturnType<typeof createEssentials>;
  /** The state after event 1,000, 2,000 and so on; states share what did not change between them. */
  readonly snapshots: Map<number, DrillState>;
  readonly cards: Set<string>;
  state: DrillState | null;
  seq: number;
  head: string;
  transcript: Transcript | null;
};

/** Reads histories in ranges, and goes on from where it was: an event that was read stays as it is. */
export function createHistories(source: Pick<AuditSource, "read">): Histories {
  const readings = new Map<string, Promise<Reading>>();

  const readOn = async (drill: string, before: Promise<Reading> | undefined): Promise<Reading> => {
    const reading = (await before?.catch(() => undefined)) ?? newReading();
    for (;;) {
      const range = await source.read(drill, reading.seq, rangeSize);
      for (const { event, head } of range) take(reading, event, head);
      if (range.length < rangeSize) return reading;
    }
  };

  const upToDate = (drill: string): Promise<Reading> => {
    const next = readOn(drill, readings.get(drill));
    readings.delete(drill);
    readings.set(drill, next);
    for (const oldest of [...readings.keys()].slice(0, -remembered)) readings.delete(oldest);
    return next;
  };

  return {
    async overview(drill) {
      const reading = await upToDate(drill);
      if (reading.state === null) return null;
      const essential = reading.essentials.moments();
      reading.transcript ??= transcriptFrom(essential, reading.state);
      return { transcript: reading.transcript, events: reading.seq, head: reading.head, milestones: essential.map(({ event }) => event.seq) };
    },
    async wasShown(drill, card) {
      return (await upToDate(drill)).cards.has(card);
    },
    async moment(drill, seq) {
      const reading = await upToDate(drill);
      if (seq < 1 || seq > reading.seq) return null;
      const from = Math.floor((seq - 1) / rangeSize) * rangeSize;
      const range = await source.read(drill, from, seq - from);
      const stored = range.at(-1);
      if (stored?.event.seq !== seq) return null;
      const start = reading.snapshots.get(from) ?? null;
      const state = range.reduce<DrillState | null>((before, { event }) => evolve(before, event), start);
      return state === null ? null : { stored, state };
    },
  };
}

function newReading(): Reading {
  return { essentials: createEssentials(), snapshots: new Map(), cards: new Set(), state: null, seq: 0, head: "", transcript: null };
}

function take(reading: Reading, event: DrillEvent, head: string): void {
  const state = evolve(reading.state, event);
  reading.essentials.add(event, state);
  if (event.type === "approval.shown") reading.cards.add(event.card);
  Object.assign(reading, { state, seq: event.seq, head, transcript: null });
  if (event.seq % rangeSize === 0) reading.snapshots.set(event.seq, state);
}
