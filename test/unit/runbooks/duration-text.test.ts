import assert from "node:assert/strict";
import { durationText, sayDuration } from "../../../src/runbooks/duration-text.ts";

describe("duration as text", () => {
  const schema = durationText({ min: 1000, max: 3_600_000 });
  const fault = (value: unknown) => schema.safeParse(value).error?.issues.map((issue) => issue.message);

  it("stays what was written", () => assert.equal(schema.parse("1m30s"), "1m30s"));

  it("is a duration, within bounds, and said once", () => {
    for (const value of ["", "5", "m", "1.5h", "-5s", "5 m", "5S", 5]) assert.match(fault(value)?.join("|") ?? "", /^Write a whole number with its unit[^|]*$/);
    for (const value of ["0s", "61m", "90d"]) assert.deepEqual(fault(value), ["Give a duration from 1 s to 1 h."]);
  });

  for (const [ms, words] of [[0, "0 ms"], [250, "250 ms"], [1000, "1 s"], [250_000, "4 min 10 s"], [900_000, "15 min"], [3_601_000, "1 h"], [90_000_000, "1 d 1 h"], [5_400_000, "1 h 30 min"]] as const) {
    it(`says ${words}`, () => assert.equal(sayDuration(ms), words));
  }
});
