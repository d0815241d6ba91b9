import assert from "node:assert/strict";
import { holds, namesInCondition, problemWithCondition } from "../../../src/runbooks/condition.ts";

describe("conditions", () => {
  const values = { site: "east", servers: "3", empty: "", word: "12a" };
  const cases: readonly (readonly [string, boolean])[] = [
    ['site == "east"', true],
    ["site != 'east'", false],
    ["servers > 2", true],
    ["servers >= 3 && servers <= 3", true],
    ["servers < 10", true],
    ['servers == "3"', true],
    ["word == 12", false],
    ["empty == 0", false],
    ["empty < 1", false],
    ['missing == ""', true],
    ['constructor == ""', true],
    ['site in ["west", "east"]', true],
    ["servers in [1, 2]", false],
    ['site == "west" || servers == 3 && site == "east"', true],
    ['(site == "west" || servers == 3) && site == "west"', false],
    ['!(site == "west") && !!(servers == 3)', true],
  ];
  for (const [text, meant] of cases) {
    it(`${text} is ${meant}`, () => {
      assert.equal(problemWithCondition(text), null);
      assert.equal(holds(text, values), meant);
    });
  }

  for (const text of ["", "site", "site ==", "site = 'x'", "'x' == site", "site == x", "site.length > 3", "f(site)", "site == 'a' 'b'", "site == 'a' &&", "site in []", "(site == 'a'", "site == 'a'; 1", "`x` == 1", `${"!".repeat(60)}(a == 1)`, `${"(".repeat(400)}a`]) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))}, which never holds`, () => {
      assert.match(problemWithCondition(text) ?? "", /\nWrite for example/);
      assert.equal(holds(text, values), false);
    });
  }

  it("knows its names", () => assert.deepEqual(namesInCondition('!(a == 1) || b in ["x"]'), ["a", "b"]));
});
