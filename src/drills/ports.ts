import type { ActionFacts, CheckFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import type {
  DrillEvent,
  Observation,
  Pause,
  Preview,
  Problem,
  RequestRecord,
  ServerOutcome,
  TaskProgress,
  TestServer,
} from "./events.ts";

/** One read-only visit to the outside world: how to stop it, and where its requests are put on record. */
export type Look = {
  readonly signal: AbortSignal;
  readonly record: (request: RequestRecord) => void;
};

/**
 * One write: `tag` is the id that Azure keeps of it; nothing may reach the socket at or after `sendBy`. `leftMs`: how long that
 * is by a clock that nobody sets, because one that was set back would let a write out that others have given up already.
 */
export type Send = Look & { readonly tag: string; readonly sendBy: Date; readonly leftMs?: () => number };

/** What one look at an operation found. */
export type Progress = {
  readonly state: "running" | "succeeded" | "failed";
  readonly summary: string;
  readonly tasks: readonly TaskProgress[];
  readonly servers: readonly ServerOutcome[];
  readonly problems: readonly Problem[];
  /** Where it waits for people; absent: it does not. */
  readonly pause?: Pause;
  /** How long to wait before the next look, in milliseconds, as the service asks. */
  readonly nextLookMs: number;
};

/** Something that changes the world. The runner is its only caller. */
export type Action = {
  readonly facts: ActionFacts;
  /** Reads the live targets. Throws DrillbookError when they cannot be read or the action could not start now. */
  preview(input: Json, look: Look): Promise<Preview>;
  /** For an undo: whether there is anything to take back. Absent: there always is. */
  needed?(input: Json, look: Look): Promise<{ needed: boolean; why: string }>;
  /** Ids of what it changes, which no other drill may work on meanwhile. Absent: every resource id in its input. Throws `bad-input` while it is incomplete. */
  scope?(input: Json): readonly string[];
  /**
   * What will be gone once this has run, and must be kept before: the last screen of a test server, for one. Never throws;
   * what cannot be had is left out. Absent: nothing.
   */
  evidence?(input: Json, look: Look): Promise<readonly SeenFile[]>;
  /**
   * Sends exactly one write. Throws `azure-refused`, `azure-throttled` or `not-now` when Azure certainly did not start
   * it; any other error means that nobody knows.
   */
  start(input: Json, send: Send): Promise<{ handle: string }>;
  /** Looks for what a lost `start` with this tag left behind, among what began at or after `since`. */
  find(input: Json, tag: string, since: Date, look: Look): Promise<{ handle: string } | null>;
  /** One look at a started operation. */
  follow(handle: string, input: Json, look: Look): Promise<Progress>;
  /**
   * Lets a started operation go on from the pause with this id, and from no other: exactly one write. Throws as `start` does;
   * `not-now` also when it waits there no longer. Absent: it never waits for people.
   */
  resume?(handle: string, input: Json, pause: string, comments: string, send: Send): Promise<void>;
  /** The input of `facts.undo` that takes this back; null when nothing does. `preview` was read just before the intent. */
  undoInput(input: Json, drill: string, preview?: Preview | null): Json | null;
};

/** Bytes that were seen and are to be kept as evidence, such as a screen. */
export type SeenFile = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array };

/** A read-only observation with an expectation. Never throws for what it observes, only for what is broken. */
export type Check = {
  readonly facts: CheckFacts;
  observe(input: Json, look: Look & { readonly testServers: readonly TestServer[] }): Promise<Observation & { readonly files?: readonly SeenFile[] }>;
};

/** An event with what proves its place in the chain. */
export type StoredEvent = {
  readonly event: DrillEvent;
  /** The canonical bytes that were hashed, and the head (SHA-256, hex) of the drill's chain after this event. */
  readonly bytes: Uint8Array;
  readonly head: string;
};

/** A drill as lists show it, without its events; `endedAt` and `result` are null while it is open. */
export type DrillSummary = {
  readonly id: string;
  readonly runbook: string;
  readonly title: string;
  readonly mode: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: string | null;
  readonly events: number;
};

/** One transaction of a drill: all of it is stored, or nothing. */
export type Append = {
  readonly drill: string;
  /** The seq of the last event the writer knew; 0 for a new drill. */
  readonly expectedSeq: number;
  readonly events: readonly DrillEvent[];
  /** When the drill is to be looked at again; null: only a person can move it. Same transaction as the events. */
  readonly wakeAt: Date | null;
  /** Bytes that the events name by SHA-256, stored in the same transaction. */
  readonly blobs?: readonly Uint8Array[];
  /** What the events name by reference, stored in the same transaction. */
  readonly records?: readonly KeptRecord[];
  /** References of this drill whose records, and hashes whose blobs, are gone for good once the events are stored. */
  readonly erases?: { readonly records: readonly string[]; readonly blobs: readonly string[] };
  /** The protected scopes that the drill holds from now on and no other may; absent: as before. `drill.ended` lets go of all. */
  readonly holds?: readonly string[];
};

/** What a stored event names by a random reference alone: it lies beside the log, so that it can be erased. */
export type KeptRecord = { readonly ref: string; readonly salt: string; readonly value: Json };

/** The history of every drill. Appending is the commit. */
export type DrillStore = {
  /** Throws `conflict` when `expectedSeq` is no longer the last, or another drill holds a scope; nothing is written then. */
  append(append: Append): Promise<void>;
  /** At most `limit` events, the ones right after `afterSeq`; without it all of them. */
  read(drill: string, afterSeq?: number, limit?: number): Promise<readonly StoredEvent[]>;
  list(): Promise<readonly DrillSummary[]>;
  /** The drills that hold one of these scopes. */
  holders(scopes: readonly string[]): Promise<readonly string[]>;
  /** The next drill number, never given twice. */
  nextNumber(): Promise<number>;
  /** Drills whose wake-up is due at `now`, and the time of the next one after it. */
  due(now: Date): Promise<{ readonly drills: readonly string[]; readonly next: Date | null }>;
  setWakeUp(drill: string, at: Date | null): Promise<void>;
  /** Whatever this drill's events name by reference and nobody has erased, in the order of the references. */
  records(drill: string): Promise<readonly KeptRecord[]>;
  putBlob(bytes: Uint8Array): Promise<string>;
  blob(sha256: string): Promise<Uint8Array | null>;
};

/**
 * Which drills this process looks at. Alone it has every drill; replicas each have some, and no two have the same one.
 */
export type Wakeups = {
  /** Whether other processes write into the same store. */
  readonly shared: boolean;
  /** From now on `look` is called for every drill that has to be looked at here. */
  start(look: (drill: string) => Promise<void>): Promise<void>;
  /** Whether effects of this drill may begin here. Asked before each one: it looks into memory only. */
  has(drill: string): boolean;
  /** A drill for which nothing is under way left memory after event `seq`: it is looked at again at `at`, here or elsewhere. */
  rest(drill: string, seq: number, at: Date | null): void;
  /** A newer Drillbook wrote into this drill, so that it cannot be read here any more: another process takes it up. */
  leave(drill: string): void;
  /** Lets go of every drill: `look` is called no more. */
  stop(): Promise<void>;
};

/** What time it is; passed in everywhere, so that tests and rehearsals have their own. */
export type Clock = () => Date;

type About = Readonly<Record<string, string | number | boolean | null>>;

/** Told what is done, for traces: by drill, step and sequence number a click can be followed to the request that it led to. */
export type Watch = {
  span<T>(name: string, about: About, work: (more: (about: About) => void) => Promise<T>): Promise<T>;
  /** Something that has ended already: `ms` in milliseconds from `from`. */
  past(name: string, about: About, from: Date, ms: number, failed: boolean): void;
};

/** Where no traces are taken. */
export const nobodyWatches: Watch = { span: (_name, _about, work) => work(() => undefined), past: () => undefined };
