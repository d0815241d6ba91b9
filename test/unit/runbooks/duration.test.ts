import assert from "node:assert/strict";
import { parseDuration } from "../../../src/runbooks/duration.ts";

describe("durations", () => {
  const good: [string, number][] = [["30s", 30_000], ["15m", 900_000], ["1h30m", 5_400_000], ["8h", 28_800_000], ["90d", 7_776_000_000], ["1d1h1m1s", 90_061_000], ["90m", 5_400_000], ["0s", 0]];
  for (const [text, ms] of good) it(`reads ${text}`, () => assert.equal(parseDuration(text), ms));
  for (const text of ["", "30", "m", "1.5h", "-1h", "1m1h", "1h 30m", "1H", "99999d", "15 m", "PT15M"]) it(`refuses "${text}"`, () => assert.equal(parseDuration(text), null));
});
