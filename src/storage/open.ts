import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock, Wakeups } from "../drills/ports.ts";
import { referencingStore } from "../evidence/personal/referencing-store.ts";
import type { Secret } from "../secret.ts";
import { alone } from "../wakeups/alone.ts";
import type { Store } from "./store.ts";

export type StorePlace = {
  /** The folder of the embedded store. */
  readonly data: string;
  /** A PostgreSQL database, which then takes the embedded store's place. */
  readonly database: Secret | null;
};

/**
 * The store for a command beside the bot. Only-reading ones change nothing; the others need the bot stopped when the store
 * is the embedded one. Throws `not-found`, `not-now`, `store-busy`, `store-newer`, `bad-setting`.
 */
export async function openStore(place: StorePlace, options: { readonly clock: Clock } | { readonly readOnly: true }): Promise<Store> {
  return referencingStore(await openPlain(place, options), randomBytes, () => performance.now());
}

async function openPlain(place: StorePlace, options: { readonly clock: Clock } | { readonly readOnly: true }): Promise<Store> {
  if (place.database === null) {
    const { openSqliteStore } = await import("./sqlite/open.ts");
    return openSqliteStore(join(place.data, "drillbook.db"), options);
  }
  const { openPostgresStore } = await import("./postgres/open.ts");
  return openPostgresStore(place.database, { readOnly: "readOnly" in options });
}

export type RunningParts = {
  readonly clock: Clock;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly onFault: (drill: string, fault: unknown) => void;
};

/** The store for a process that runs drills, and which of them it has. Throws as `openStore`. */
export async function openRunningStore(place: StorePlace, { clock, after, onFault }: RunningParts): Promise<{ readonly store: Store; readonly wakeups: Wakeups }> {
  if (place.database === null) {
    const store = await openStore(place, { clock });
    return { store, wakeups: alone({ store, clock, after, onFault }) };
  }
  const { openSharedStore } = await import("./postgres/open.ts");
  const store = await openSharedStore(place.database, { clock, onFault });
  return { store: referencingStore(store, randomBytes, () => performance.now()), wakeups: store.wakeups };
}
