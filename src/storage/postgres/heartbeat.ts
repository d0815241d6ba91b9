import { hostname } from "node:os";
import type { Connection } from "./connection.ts";

export const beatEveryMs = 3_000;
/** A replica silent for so long has no drill any more. */
const silentMs = 15_000;
/** Earlier than others take its drills, a replica that cannot be heard begins nothing. */
const trustMs = silentMs - beatEveryMs;

/** In SQL, of a row `r` of the replicas. By the database's clock: those of the replicas may differ. */
export const isAlive = `r.beat_at > clock_timestamp() - interval '${silentMs / 1_000} seconds'`;
export const isSilent = `NOT (${isAlive})`;

export type Heartbeat = {
  /** The name by which the others know this replica: another one after they took it for dead. */
  id(): string;
  /** Whether the others know for sure that this replica lives. */
  isHeard(): boolean;
  register(): Promise<void>;
  beat(): Promise<void>;
};

export type HeartbeatParts = {
  readonly connection: Connection;
  readonly schema: string;
  /** The first name: a UUID, new for every process. */
  readonly id: string;
  readonly newId: () => string;
  /** Milliseconds on a clock that nobody sets. */
  readonly uptime: () => number;
  /** Others may have our drills. Called before this replica has its new name. */
  readonly onNewName: () => void;
  /** Heard again after a while in which nothing was begun here. */
  readonly onHeardAgain: () => void;
};

/** How one replica tells the others that it lives. Each function may throw what the database throws. */
export function startHeartbeat({ connection, schema: s, id: first, newId, uptime, onNewName, onHeardAgain }: HeartbeatParts): Heartbeat {
  let id = first;
  let heardAt = -Infinity;

  const isHeard = (): boolean => uptime() - heardAt < trustMs;

  async function register(): Promise<void> {
    onNewName();
    if (heardAt !== -Infinity) id = newId();
    const before = uptime();
    await connection.query(`INSERT INTO ${s}.replica (id, host, beat_at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`, [id, hostname()]);
    heardAt = before;
  }

  async function beat(): Promise<void> {
    const wasHeard = isHeard();
    const before = uptime();
    const rows = await connection.once(`UPDATE ${s}.replica SET beat_at = clock_timestamp() WHERE id = $1 RETURNING id`, [id], "beat");
    // Others took us for dead, and may have taken our drills: we begin anew, as somebody else.
    if (rows.length === 0) return register();
    heardAt = before;
    if (!wasHeard) onHeardAgain();
  }

  return { id: () => id, isHeard, register, beat };
}
