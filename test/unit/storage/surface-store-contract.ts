import assert from "node:assert/strict";
import type { AddressStore } from "../../../src/bot/addresses.ts";
import type { SurfaceRow, SurfaceStore } from "../../../src/bot/surface-store.ts";
import type { DrillStore } from "../../../src/drills/ports.ts";
import { ended, launched, noted } from "./events.ts";

/** What every store must do for those who show drills: surfaces, what has arrived, where people are reached. */
export function surfaceStoreContract(make: () => { open(): Promise<SurfaceStore & AddressStore & DrillStore>; reopen(): Promise<SurfaceStore & AddressStore & DrillStore> }): void {
  let under: ReturnType<typeof make>;
  let store: SurfaceStore & AddressStore & DrillStore;

  const wanted: SurfaceRow = {
    drill: "R-1", surface: "live", generation: 1, conversation: { id: "19:abc", deep: [1, null, "ü"] }, messageId: null,
    state: "wanted", shownHash: null, shownSeq: 0,
  };
  const shown: SurfaceRow = { ...wanted, messageId: "m-1", state: "shown", shownHash: "ab".repeat(32), shownSeq: 7 };

  beforeEach(async () => {
    under = make();
    store = await under.open();
  });

  it("gives back a drill's rows by surface name", async () => {
    await store.putSurface({ ...wanted, surface: "step" });
    await store.putSurface(wanted);
    await store.putSurface({ ...wanted, drill: "R-2" });
    assert.deepEqual(await store.surfaces("R-1"), [wanted, { ...wanted, surface: "step" }]);
    assert.deepEqual(await store.surfaces("nothing"), []);
    assert.deepEqual(await store.surface("R-1", "step"), { ...wanted, surface: "step" });
    assert.equal(await store.surface("R-1", "other"), null);
  });

  it("replaces a row whole", async () => {
    await store.putSurface(shown);
    await store.putSurface({ ...wanted, generation: 2 });
    assert.deepEqual(await store.surfaces("R-1"), [{ ...wanted, generation: 2 }]);
  });

  it("has a generation posted once, and goes back to no older one", async () => {
    await store.putSurface(wanted);
    const posting: SurfaceRow = { ...wanted, state: "posting" };
    const outcomes = await Promise.allSettled([store.putSurface(posting), store.putSurface(posting)]);
    assert.deepEqual(outcomes.map((o) => o.status).toSorted(), ["fulfilled", "rejected"]);
    await store.putSurface(shown);
    await assert.rejects(store.putSurface(posting), { code: "conflict" });
    await store.putSurface({ ...posting, generation: 2 });
    await assert.rejects(store.putSurface({ ...shown, messageId: "late" }), { code: "conflict" });
    assert.deepEqual(await store.surface("R-1", "live"), { ...posting, generation: 2 });
    // It was certainly not sent: then it may be posted again.
    await store.putSurface({ ...wanted, generation: 2 });
    await store.putSurface({ ...posting, generation: 2 });
  });

  it("lists what is not retired, of every drill", async () => {
    const states = ["wanted", "posting", "shown", "lost", "retired"] as const;
    for (const state of states) await store.putSurface({ ...wanted, drill: `R-${state}`, state });
    const open = await store.openSurfaces();
    assert.deepEqual(open.map((row) => row.state).sort(), ["lost", "posting", "shown", "wanted"]);
  });

  it("tells which drills' messages are behind", async () => {
    for (const drill of ["R-1", "R-2", "R-3", "R-4"]) await store.append({ drill, expectedSeq: 0, events: [launched(drill), noted(drill, 2)], wakeAt: null });
    await store.append({ drill: "R-4", expectedSeq: 2, events: [ended("R-4", 3, "passed")], wakeAt: null });
    await store.putSurface({ ...shown, drill: "R-1", shownSeq: 1 });
    await store.putSurface({ ...shown, drill: "R-1", surface: "step", shownSeq: 2 });
    await store.putSurface({ ...shown, drill: "R-2", shownSeq: 2 });
    await store.putSurface({ ...shown, drill: "R-2", surface: "old", state: "retired", shownSeq: 0 });
    assert.deepEqual(await store.behind(), ["R-1", "R-3"]);
    await store.shownUpTo("R-1", 2);
    await store.putSurface({ ...shown, drill: "R-4", shownSeq: 2 });
    assert.deepEqual(await store.behind(), ["R-3", "R-4"]);
    await store.putSurface({ ...wanted, drill: "R-2" });
    assert.deepEqual(await store.behind(), ["R-2", "R-3", "R-4"]);
  });

  it("tells one caller alone that a key is new", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => store.firstSeen("activity-1", new Date(5))));
    assert.deepEqual(answers.sort(), [false, false, true]);
    assert.equal(await store.firstSeen("activity-2", new Date(9)), true);
  });

  it("forgets keys seen before a time, and takes them for new again", async () => {
    await store.firstSeen("old", new Date(5));
    await store.firstSeen("young", new Date(6));
    assert.equal(await store.forgetSeen(new Date(6)), 1);
    assert.equal(await store.firstSeen("young", new Date(7)), false);
    assert.equal(await store.firstSeen("old", new Date(7)), true);
  });

  it("keeps where people are reached in person, over a restart", async () => {
    await store.putAddress("p-amir", { id: "a:1", reference: { serviceUrl: "https://one.example/" } });
    await store.putAddress("p-bea", { id: "a:2", reference: null });
    await store.putAddress("p-amir", { id: "a:3", reference: { serviceUrl: "https://two.example/" } });
    await store.putSurface(shown);
    store = await under.reopen();
    assert.deepEqual(new Map(await store.addresses()), new Map([
      ["p-amir", { id: "a:3", reference: { serviceUrl: "https://two.example/" } }],
      ["p-bea", { id: "a:2", reference: null }],
    ]));
    assert.deepEqual(await store.surfaces("R-1"), [shown]);
  });

  it("gives the addresses of some people alone, and forgets one that is no more", async () => {
    for (const person of ["p-amir", "p-bea", "account/p-bea"]) await store.putAddress(person, { id: person, reference: null });
    assert.deepEqual((await store.addresses(["p-bea", "account/p-bea", "p-nobody"])).map(([person]) => person).toSorted(), ["account/p-bea", "p-bea"]);
    assert.deepEqual(await store.addresses([]), []);
    await store.dropAddress("p-bea");
    assert.deepEqual((await store.addresses()).map(([person]) => person).toSorted(), ["account/p-bea", "p-amir"]);
    store = await under.reopen();
    assert.deepEqual(await store.addresses(["p-bea"]), [], "what was forgotten does not come back");
    await store.dropAddress("p-nobody");
    await store.putAddress("p-bea", { id: "again", reference: null });
    assert.deepEqual(await store.addresses(["p-bea"]), [["p-bea", { id: "again", reference: null }]]);
  });

  it("forgets an address that takes nothing any more, and never the newer one that somebody stored since", async () => {
    const before = { id: "a:1", reference: { serviceUrl: "https://one.example/", conversation: { id: "a:1", conversationType: "personal" } } };
    const since = { ...before, id: "a:2" };
    await store.putAddress("p-amir", since);
    await store.putAddress("p-bea", before);
    await store.dropAddress("p-amir", before);
    assert.deepEqual(await store.addresses(["p-amir"]), [["p-amir", since]]);
    // As it comes back from the store, and as it was put there.
    const [[, stored] = []] = await store.addresses(["p-amir"]);
    await store.dropAddress("p-amir", stored);
    await store.dropAddress("p-bea", before);
    assert.deepEqual(await store.addresses(), []);
  });
}
