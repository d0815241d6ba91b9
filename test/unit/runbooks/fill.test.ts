import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { fill, markNumbers } from "../../../src/runbooks/fill.ts";
import type { Parameter } from "../../../src/runbooks/runbook.ts";

const parameter = (name: string, type: Parameter["type"]): Parameter => ({ name, type, label: name, choices: [], default: null });

describe("filling a compiled input", () => {
  it("replaces names inside strings, at every depth, and leaves everything else", () => {
    const input = { a: "${x}-${y}", b: ["${x}", 1, null, true], c: { "${x}": "$x {x}" } };
    assert.deepEqual(fill(input, { x: "1", y: "2" }), { a: "1-2", b: ["1", 1, null, true], c: { "${x}": "$x {x}" } });
  });

  it("makes a number of a value that is nothing but a number parameter", () => {
    const marked = markNumbers({ count: "${n}", text: "${n} times", name: "${t}" }, [parameter("n", "number"), parameter("t", "text")]);
    assert.deepEqual(fill(marked, { n: "15", t: "15" }), { count: 15, text: "15 times", name: "15" });
  });

  it("writes $${ as the two characters themselves", () => {
    assert.equal(fill("$${x} and ${x}", { x: "1" }), "${x} and 1");
  });

  it("never looks into a value for more placeholders or patterns", () => {
    assert.equal(fill("${a}${b}", { a: "${b}", b: "$& $1 ${a}" }), "${b}$& $1 ${a}");
  });

  it("refuses a name without a value, also those that every object has", () => {
    for (const name of ["missing", "constructor", "__proto__", "toString"]) {
      assert.throws(() => fill(`\${${name}}`, {}), (e) => e instanceof DrillbookError && e.code === "bad-input");
    }
  });
});
