import type { Store } from "../../../src/storage/store.ts";
import { drillStoreContract } from "./drill-store-contract.ts";
import { logStoreContract } from "./log-store-contract.ts";
import { scheduleStoreContract } from "./schedule-store-contract.ts";
import { surfaceStoreContract } from "./surface-store-contract.ts";

/** What every store must do. `open` gives a new empty store, `reopen` the same one after a restart. */
export function storeContract(make: () => { open(): Promise<Store>; reopen(): Promise<Store> }): void {
  describe("drills", () => drillStoreContract(make));
  describe("surfaces", () => surfaceStoreContract(make));
  describe("schedules", () => scheduleStoreContract(make));
  describe("logs", () => logStoreContract(make));
}
