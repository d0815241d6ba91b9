import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalBytes } from "../../../../src/evidence/canonical.ts";
import { readCanonical } from "../../../../src/evidence/verify/canonical-json.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";

/** Keys that look like numbers, which objects put first whatever order they came in, are among those that matter most. */
const key = fc.oneof(fc.constantFrom("1", "10", "2", "a", "B", "€", "\ud83d\ude00", "\ufb33", ""), fc.string({ maxLength: 4 }));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, "\\ud800", "\u0007", "text", 0, -1, 1.5, 1e-7, 2 ** 53 - 1),
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
}));

const accepts = (text: string) => "value" in readCanonical(Buffer.from(text, "utf8"));

describe("reading canonical JSON", () => {
  it("accepts what the writer writes, and gives the same value", () => {
    fc.assert(
      fc.property(value, (json) => {
        const reading = readCanonical(canonicalBytes(json));
        assert.ok("value" in reading);
        assert.deepEqual(Buffer.from(canonicalBytes(reading.value as Json)), Buffer.from(canonicalBytes(json)));
      }),
      { numRuns: 500 },
    );
  });

  it("accepts of all texts of one value the writer's alone", () => {
    fc.assert(
      fc.property(value, fc.boolean(), (json, spaced) => {
        const other = JSON.stringify(json, null, spaced ? 1 : 0);
        assert.equal(accepts(other), other === Buffer.from(canonicalBytes(json)).toString("utf8"));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses other spellings of the same", () => {
    for (const text of ['{"a":1,"a":1}', '{"b":1,"a":2}', '{"2":1,"10":1}', '{"a":1.0}', '{"a":1e0}', '{"a":-0}', '"\\u0041"', '"\\/"', '"\\ud83d\\ude00"', " 1", "1 ", "\ufeff1", '"\\ud800"', "9007199254740992", "1e400"]) {
      assert.ok(!accepts(text), text);
    }
    assert.ok(accepts('{"10":1,"2":1}'));
    assert.ok(accepts('"\\\\ud800"'));
  });

  it("refuses bytes that are no UTF-8", () => {
    assert.ok("why" in readCanonical(Buffer.from([0x22, 0xff, 0x22])));
    assert.ok("why" in readCanonical(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])));
  });
});
