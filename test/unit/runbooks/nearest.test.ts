import assert from "node:assert/strict";
import { nearest } from "../../../src/runbooks/nearest.ts";

describe("the nearest name", () => {
  const known = ["plan", "network", "recoveryPoint", "kemp-loadmaster"];
  const cases: [string, string | null][] = [["pan", "plan"], ["netwrok", "network"], ["recoverypoint", "recoveryPoint"], ["kemp-loadmastr", "kemp-loadmaster"], ["host", null], ["", null], ["x".repeat(10_000), null]];
  for (const [name, expected] of cases) it(`of "${name.slice(0, 20)}" is ${expected}`, () => assert.equal(nearest(name, known), expected));
});
