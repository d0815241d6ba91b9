/** Rehearsals have a log of their own: they never stand beside what counts as tested. */
export const logNames = ["rehearsal", "drills"] as const;
export type LogName = (typeof logNames)[number];

/** One entry of a log: the head of a drill's chain after event `seq`. */
export type LogEntry = { readonly drill: string; readonly seq: number; readonly head: string };

/** Somebody's word that the store was restored from a backup older than the last checkpoint. */
export type Restored = {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** The log that cannot go on, its last signed size, and its root in hex. */
  readonly origin: string;
  readonly size: number;
  readonly root: string;
};

/** Which log of which store this is. `id` is random; another one is given when a restored store is acknowledged. */
export type LogIdentity = { readonly id: string; readonly restored: Restored | null };

/** What one pass of the sequencer put into a log. */
export type Sequenced = {
  readonly log: LogName;
  readonly entries: readonly LogEntry[];
  /** Events that these entries cover and no earlier entry did. */
  readonly events: number;
  /** Among them is an approval's decision or the end of a drill. */
  readonly decisive: boolean;
};

export type KeptCheckpoint = { readonly size: number; readonly note: string };

/** The logs of drill heads in the store. Entries are only ever added. */
export type LogStore = {
  identity(log: LogName): Promise<LogIdentity>;
  /** Gives the log another id, once somebody acknowledged that the store was restored. */
  restart(log: LogName, restored: Restored): Promise<void>;
  /**
   * Copies every drill head that is in no log yet into its log, in one transaction. `known`: how many entries of a log the
   * caller has; whatever is behind those already is answered too, before what is new.
   */
  sequence(known?: ReadonlyMap<LogName, number>): Promise<readonly Sequenced[]>;
  /** At most `limit` of them; without it all. */
  entries(log: LogName, from: number, limit?: number): Promise<readonly LogEntry[]>;
  keepCheckpoint(log: LogName, checkpoint: KeptCheckpoint): Promise<void>;
  lastCheckpoint(log: LogName): Promise<KeptCheckpoint | null>;
  /** The last event of a drill whose head lies under the log's last checkpoint; 0: none does. */
  signedUpTo(log: LogName, drill: string): Promise<number>;
  /** How many drills of a log have not ended. */
  running(log: LogName): Promise<number>;
};
