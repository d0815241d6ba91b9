import assert from "node:assert/strict";
import { alone } from "../../../src/wakeups/alone.ts";

describe("wake-ups of one process", () => {
  it("one drill that cannot be read keeps no other asleep", async () => {
    const faults: string[] = [];
    const looked: string[] = [];
    const store = { due: async () => ({ drills: ["A-1", "A-2", "A-3"], next: null }) };
    const wakeups = alone({ store, clock: () => new Date(0), after: () => () => undefined, onFault: (drill) => void faults.push(drill) });
    await wakeups.start(async (drill) => {
      if (drill === "A-2") throw new Error("a newer Drillbook wrote into it");
      looked.push(drill);
    });
    assert.deepEqual([looked, faults], [["A-1", "A-3"], ["A-2"]]);
  });
});
