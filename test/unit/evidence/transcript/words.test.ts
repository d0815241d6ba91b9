import assert from "node:assert/strict";
import { day, measuredDuration } from "../../../../src/evidence/transcript/words.ts";

describe("words of a transcript", () => {
  it("says lengths of time in two units", () => {
    const said = [0, 400, 1_000, 59_499, 60_000, 250_000, 3_600_000, 3_661_000, 86_400_000, 266_400_000, -5].map(measuredDuration);
    assert.deepEqual(said, ["0 s", "under 1 s", "1 s", "59 s", "1 min", "4 min 10 s", "1 h", "1 h 1 min", "1 day", "3 days 2 h", "0 s"]);
  });

  it("dates", () => {
    assert.equal(day("2026-11-20T23:59:59.000Z"), "20 November 2026");
  });
});
