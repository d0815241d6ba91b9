import assert from "node:assert/strict";
import { isShallowJson } from "../../../src/web/json-depth.ts";

describe("how deep a body nests", () => {
  it("is told by its brackets, not by what stands in strings", () => {
    assert.equal(isShallowJson('{"a":[{"b":1},[2]]}', 3), true);
    assert.equal(isShallowJson('{"a":[{"b":[1]}]}', 3), false);
    assert.equal(isShallowJson("[".repeat(50_000), 64), false);
    assert.equal(isShallowJson(JSON.stringify({ a: "[[[[{{{{", b: '"[[[[' }), 1), true);
    assert.equal(isShallowJson('{"a":"\\\\"}', 1), true);
    assert.equal(isShallowJson(JSON.stringify([[], [], [], {}]), 2), true);
  });
});
