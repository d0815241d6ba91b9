import type { AddressStore } from "../bot/addresses.ts";
import type { SurfaceStore } from "../bot/surface-store.ts";
import type { DrillStore } from "../drills/ports.ts";
import type { LogStore } from "../evidence/log/ports.ts";

/** Everything that Drillbook keeps, whatever it is kept in. One suite of tests says what every store must do. */
export type Store = DrillStore &
  SurfaceStore &
  AddressStore & {
    readonly log: LogStore;
    close(): void | Promise<void>;
  };
