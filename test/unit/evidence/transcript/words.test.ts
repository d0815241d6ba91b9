import assert from "node:assert/strict";
import { counted, day, duration, listed } from "../../../../src/evidence/transcript/words.ts";

describe("words of a transcript", () => {
  it("says lengths of time in two units", () => {
    const said = [0, 400, 1_000, 59_499, 60_000, 250_000, 3_600_000, 3_661_000, 86_400_000, 266_400_000, -5].map(duration);
    assert.deepEqual(said, ["0 s", "under 1 s", "1 s", "59 s", "1 min", "4 min 10 s", "1 h", "1 h 1 min", "1 day", "3 days 2 h", "0 s"]);
  });

  it("counts, lists and dates", () => {
    assert.deepEqual([counted(1, "server"), counted(0, "server"), counted(2, "match", "matches")], ["1 server", "0 servers", "2 matches"]);
    assert.deepEqual([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])], ["", "a", "a and b", "a, b and c"]);
    assert.equal(day("2026-11-20T23:59:59.000Z"), "20 November 2026");
  });
});
