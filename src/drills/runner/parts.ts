import type { PersonCommand } from "../commands.ts";
import type { Due } from "../due.ts";
import type { Held, Shelf } from "../held.ts";
import type { CrashPoint } from "../perform.ts";
import type { Action, Check, Clock, DrillStore, Wakeups, Watch } from "../ports.ts";
import type { Refusal } from "../refusal.ts";
import type { DrillState } from "../state.ts";

/** What the runner is given; it reaches for nothing else. */
export type RunnerParts = {
  readonly store: DrillStore;
  readonly wakeups: Wakeups;
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. Absent: nobody sets `clock` either. */
  readonly uptime?: () => number;
  /** Told of every command and effect. Absent: nobody is. */
  readonly watch?: Watch;
  /** Asked for every command of a person, before it is decided: whether they still stand where they stood at launch. */
  readonly standing?: (state: DrillState, command: PersonCommand) => Promise<Refusal | null>;
  /** Strikes what looks like a secret out of whatever people and machines say. Absent: nothing is. */
  readonly clean?: (text: string) => string;
  readonly newId: () => string;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** The last event of a drill that lies under a signed checkpoint: a live action waits for its approval to. Absent: nothing is signed here. */
  readonly signedUpTo?: (drill: string) => Promise<number>;
  readonly sendWithinMs?: number;
  readonly crashPoint?: (name: CrashPoint) => void;
  /** A fault of Drillbook itself, never a drill's: goes to the log. */
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** The drill after a command, and why it was refused; null: it was carried out. */
export type Outcome = { readonly state: DrillState; readonly refused: Refusal | null };

/** What the purposes of the runner share. */
export type Shared = {
  readonly parts: RunnerParts;
  /** The drills in memory. */
  readonly drills: Shelf;
  readonly due: Due;
  /** A drill has changed, or came to this process: whoever listens is told. */
  readonly announce: (drill: Held) => void;
};
