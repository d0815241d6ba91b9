import assert from "node:assert/strict";
import { briefDuration, counted, listed, stopwatch } from "../../../src/texts/words.ts";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

describe("durations as people say them", () => {
  it("are rounded to the second, and never negative", () => {
    assert.deepEqual([-5, 499, 500, 59_499, 59_500].map(briefDuration), ["0 s", "0 s", "1 s", "59 s", "1 min"]);
    assert.deepEqual([-5, 499, 11_500, 59_500].map(stopwatch), ["0:00", "0:00", "0:12", "1:00"]);
  });

  it("leave out what does not matter beside the rest", () => {
    assert.deepEqual([4 * minute, 4 * minute + 10 * second, 9 * minute + 59 * second, 10 * minute + 59 * second].map(briefDuration), ["4 min", "4 min 10 s", "9 min 59 s", "10 min"]);
    assert.deepEqual([hour, hour + 5 * minute, 47 * hour + 59 * minute, 48 * hour, 71 * hour].map(briefDuration), ["1 h", "1 h 5 min", "47 h 59 min", "2 days", "2 days"]);
    assert.deepEqual([11 * minute + 40 * second, hour + 2 * minute + 3 * second].map(stopwatch), ["11:40", "1:02:03"]);
  });
});

describe("numbers and lists in a sentence", () => {
  it("agree with what they count", () => {
    assert.deepEqual([counted(1, "server"), counted(0, "server"), counted(2, "person", "people")], ["1 server", "0 servers", "2 people"]);
    assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((names) => listed(names)), ["", "a", "a and b", "a, b and c"]);
    assert.equal(listed(["a", "b"], "or"), "a or b");
  });
});
