import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { evolve, fold } from "../../../src/drills/evolve.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { timesOf } from "../../../src/drills/times.ts";
import { eventVersion, lift } from "../../../src/drills/upcast/upcast.ts";

const folder = join(import.meta.dirname, "../../fixtures/histories");
const history = (file: string): DrillEvent[] => readFileSync(join(folder, file), "utf8").trim().split("\n").map((line) => lift(JSON.parse(line) as DrillEvent));

describe("histories recorded by released versions", () => {
  for (const file of readdirSync(folder)) {
    it(`${file} folds, event by event and at once, and can be drawn`, () => {
      const events = history(file);
      const now = new Date(events.at(-1)?.at ?? "");
      const end = events.reduce<DrillState | null>((before, event) => {
        const state = evolve(before, event);
        for (const surface of surfacesOf(state)) assert.ok(draw(surface, state, now, null) !== null, `${surface} after event ${event.seq}`);
        return state;
      }, null);
      assert.deepEqual(fold(events), end);
      assert.equal(end?.status, "ended");
      assert.ok(timesOf(end, now).elapsedMs >= 0);
    });
  }

  it("refuses an event of a version that does not exist yet, and a type that nobody knows", () => {
    const [first, second, ...rest] = history("v1-patching.jsonl");
    assert.throws(() => lift({ ...first!, v: eventVersion + 1 }), { code: "store-newer" });
    assert.throws(() => lift({ ...first!, v: 0 }), { code: "store-newer" });
    assert.throws(() => fold([first!, { ...second!, type: "step.dreamt" } as unknown as DrillEvent, ...rest]), { code: "store-newer" });
  });
});
