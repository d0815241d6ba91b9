import type { AddressStore } from "../bot/addresses.ts";
import type { SurfaceStore } from "../bot/surface-store.ts";
import type { DrillStore } from "../drills/ports.ts";
import type { LogStore } from "../evidence/log/ports.ts";
import type { ScheduleStore } from "../wakeups/scheduler.ts";

/** Begins what only one process on this store may do at a time: here, or once the one that does it is gone. */
export type OnlyOne = (begin: () => Promise<{ stop(): Promise<void> }>, onFault: (fault: unknown) => void) => Promise<{ stop(): Promise<void> }>;

/** Everything that Drillbook keeps, whatever it is kept in. One suite of tests says what every store must do. */
export type Store = DrillStore &
  SurfaceStore &
  AddressStore & {
    readonly log: LogStore;
    readonly schedules: ScheduleStore;
    readonly onlyOne: OnlyOne;
    close(): void | Promise<void>;
  };
