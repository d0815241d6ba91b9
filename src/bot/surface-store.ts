import type { Json } from "../runbooks/runbook.ts";

/**
 * wanted: to be posted, as soon as whoever it is for can be reached · posting: a POST is under way, its outcome unknown until recorded · shown: `messageId` shows
 * `shownHash` · lost: a POST whose outcome nobody knows, its buttons are refused · retired: no longer kept up to date.
 */
export type SurfaceState = "wanted" | "posting" | "shown" | "lost" | "retired";

/** A place where a drill shows itself. One row for each drill and surface name; `generation` counts its posts. */
export type SurfaceRow = {
  readonly drill: string;
  readonly surface: string;
  readonly generation: number;
  readonly conversation: Json;
  readonly messageId: string | null;
  readonly state: SurfaceState;
  /** SHA-256 (hex) of what the message shows; null: nothing yet. */
  readonly shownHash: string | null;
  /** Seq of the last event that the message shows; 0: nothing yet. */
  readonly shownSeq: number;
};

/** What the notifier and the door remember. Rows are replaced whole, by drill and surface. */
export type SurfaceStore = {
  surfaces(drill: string): Promise<readonly SurfaceRow[]>;
  /** One of them; null: there is none of that name. */
  surface(drill: string, surface: string): Promise<SurfaceRow | null>;
  /**
   * Throws `conflict` when another process has gone on: a later generation is there, or this one is posted already. So a
   * generation is posted once, and whoever was stopped for long does not bring back an older one.
   */
  putSurface(row: SurfaceRow): Promise<void>;
  /** Every row of every drill that is not retired. */
  openSurfaces(): Promise<readonly SurfaceRow[]>;
  /** What the drill's messages show is true up to this event. */
  shownUpTo(drill: string, seq: number): Promise<void>;
  /** The drills whose messages may show less than happened, and those under way that have none yet. */
  behind(): Promise<readonly string[]>;
  /** Whether `key` was never seen before, and from now on it was: at most one caller is told true. */
  firstSeen(key: string, at: Date): Promise<boolean>;
  /** Forgets keys seen before `before`; returns how many. */
  forgetSeen(before: Date): Promise<number>;
};
