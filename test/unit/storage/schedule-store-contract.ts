import assert from "node:assert/strict";
import type { Store } from "../../../src/storage/store.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const leaseMs = 5 * 60_000;

/** What every store must do about schedules. */
export function scheduleStoreContract(make: () => { open(): Promise<Store>; reopen(): Promise<Store> }): void {
  it("keeps when a schedule was first seen, across a restart", async () => {
    const stores = make();
    const store = await stores.open();
    assert.deepEqual(await store.schedules.anchor("weekly", at(0)), at(0));
    assert.deepEqual(await store.schedules.anchor("weekly", at(9)), at(0));
    const again = await stores.reopen();
    assert.deepEqual(await again.schedules.anchor("weekly", at(20)), at(0));
  });

  it("gives a piece of work to one caller, again only when its owner let the lease run out, and never once it is done", async () => {
    const stores = make();
    const store = await stores.open();
    const both = await Promise.all([store.schedules.claim("a", at(0), leaseMs), store.schedules.claim("a", at(0), leaseMs)]);
    assert.deepEqual(both.sort(), ["mine", "taken"]);
    assert.equal(await store.schedules.claim("a", at(4), leaseMs), "taken");
    assert.equal(await store.schedules.claim("a", at(5), leaseMs), "mine");
    await store.schedules.finish("a");
    assert.equal(await store.schedules.claim("a", at(60), leaseMs), "done");
  });
}
