import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDuration } from "../../../src/runbooks/duration.ts";
import { durationText, sayDuration } from "../../../src/runbooks/duration-text.ts";

describe("duration as text", () => {
  const schema = durationText({ min: 1000, max: 3_600_000 });
  const fault = (value: unknown) => schema.safeParse(value).error?.issues.map((issue) => issue.message);

  it("stays what was written", () => assert.equal(schema.parse("1m30s"), "1m30s"));

  it("is a duration, within bounds, and said once", () => {
    for (const value of ["", "5", "m", "1.5h", "-5s", "5 m", "5S", 5]) assert.match(fault(value)?.join("|") ?? "", /^Write a whole number with its unit[^|]*$/);
    for (const value of ["0s", "61m", "90d"]) assert.deepEqual(fault(value), ["Give a duration from 1 s to 1 h."]);
  });

  for (const [ms, words] of [[-5, "0 s"], [0, "0 s"], [250, "250 ms"], [1000, "1 s"], [250_000, "4 min 10 s"], [900_000, "15 min"], [750_000, "12 min 30 s"], [3_601_000, "1 h 1 s"], [5_400_000, "1 h 30 min"], [90_000_000, "1 day 1 h"], [176_523_000, "2 days 1 h 2 min 3 s"]] as const) {
    it(`says ${words}`, () => assert.equal(sayDuration(ms), words));
  }

  it("never says of what is over a limit what it says of the limit", () => {
    assert.deepEqual([720_000, 720_001, 719_999].map(sayDuration), ["12 min", "12 min 1 s", "12 min"]);
    const seconds = fc.integer({ min: 1, max: 400 * 86_400 });
    fc.assert(fc.property(seconds, fc.integer({ min: 1, max: 5_000 }), (limit, over) => assert.notEqual(sayDuration(limit * 1_000), sayDuration(limit * 1_000 + over))));
    fc.assert(fc.property(seconds, (said) => assert.equal(parseDuration(sayDuration(said * 1_000).replace(/ days?/, "d").replace("min", "m").replaceAll(" ", "")), said * 1_000)));
  });
});
