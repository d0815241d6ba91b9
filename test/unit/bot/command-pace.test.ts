import assert from "node:assert/strict";
import { createPace } from "../../../src/bot/command-pace.ts";

describe("how much one person may ask", () => {
  it("is ten messages a minute, then one every six seconds, and others are not held up", () => {
    let now = 0;
    const pace = createPace(() => now);
    const asked = (person: string) => pace.admit(person, "text").waitMs === 0;
    assert.deepEqual(Array.from({ length: 12 }, () => asked("a")), [...Array.from({ length: 10 }, () => true), false, false]);
    assert.equal(asked("b"), true);
    now += 6_000;
    assert.deepEqual([asked("a"), asked("a")], [true, false]);
    assert.equal(pace.admit("a", "click").waitMs, 0);
  });

  it("is said once, with the time to wait", () => {
    const pace = createPace(() => 0);
    for (let n = 0; n < 10; n += 1) pace.admit("a", "text");
    assert.deepEqual([pace.admit("a", "text"), pace.admit("a", "text")], [{ waitMs: 6_000, told: false }, { waitMs: 6_000, told: true }]);
  });

  it("does not grow with clocks that go back", () => {
    let now = 100_000;
    const pace = createPace(() => now);
    for (let n = 0; n < 10; n += 1) pace.admit("a", "text");
    now = 0;
    assert.notEqual(pace.admit("a", "text").waitMs, 0);
  });
});
