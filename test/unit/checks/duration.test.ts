import assert from "node:assert/strict";
import { durationMs, sayDuration } from "../../../src/checks/duration.ts";

describe("duration", () => {
  for (const [text, ms] of [["500ms", 500], ["30s", 30_000], ["15m", 900_000], ["1h30m", 5_400_000], ["8h", 28_800_000], ["90d", 7_776_000_000], ["0s", 0]] as const) {
    it(`reads ${text}`, () => assert.equal(durationMs(text), ms));
  }
  for (const text of ["", "5", "m", "1.5h", "-5s", "5 m", "30m1h", "5S", "1e3s"]) it(`does not read "${text}"`, () => assert.equal(durationMs(text), null));

  for (const [ms, words] of [[0, "0 ms"], [250, "250 ms"], [1000, "1 s"], [250_000, "4 min 10 s"], [900_000, "15 min"], [3_601_000, "1 h"], [90_000_000, "1 d 1 h"], [5_400_000, "1 h 30 min"]] as const) {
    it(`says ${words}`, () => assert.equal(sayDuration(ms), words));
  }
});
