import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../drills/ports.ts";
import { referencingStore } from "../evidence/personal/referencing-store.ts";
import type { Secret } from "../secret.ts";
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
