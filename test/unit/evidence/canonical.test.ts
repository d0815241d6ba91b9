import assert from "node:assert/strict";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { canonicalBytes } from "../../../src/evidence/canonical.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";

const text = (value: Json) => Buffer.from(canonicalBytes(value)).toString("utf8");
const refuses = (value: unknown, where: RegExp) =>
  assert.throws(() => canonicalBytes(value as Json), (error: unknown) => {
    const { code, message } = error as { code: string; message: string };
    assert.equal(code, "bad-input");
    assert.match(message, where);
    return true;
  });

describe("canonical form", () => {
  it("sorts keys by UTF-16 unit and writes no space", () => {
    assert.equal(text({ b: [1, true, null], a: "x", "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\ufb33": 5 }),
      '{"\\r":2,"1":3,"a":"x","b":[1,true,null],"\u20ac":1,"\ud83d\ude00":4,"\ufb33":5}');
  });

  it("writes numbers and escapes as RFC 8785 does", () => {
    assert.equal(text([1e-7, 0.000001, 4.5, 1e15, -0, 1 / 3]), "[1e-7,0.000001,4.5,1000000000000000,0,0.3333333333333333]");
    assert.equal(text("\u20ac$\u000f\nA'B\"\\\\\"/\u007f"), '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f"');
  });

  it("is the same for what reading it gives back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value, exact)) as Json;
        const once = text(plain);
        assert.equal(text(JSON.parse(once) as Json), once);
      }),
      { numRuns: 200 },
    );
  });

  it("is what the library writes, whatever the keys are called", () => {
    const odd = fc.oneof(fc.string(), fc.constantFrom("__proto__", "10", "9", "01", "toJSON", "constructor", "-1"));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(fc.string({ unit: "grapheme" }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(odd, tie("value"), { maxKeys: 6 })),
    })).value;
    fc.assert(
      fc.property(tree, (value) => {
        const plain = JSON.parse(JSON.stringify(value, exact)) as Json;
        assert.equal(text(plain), canonicalize(plain));
      }),
      { numRuns: 500 },
    );
    assert.equal(text(JSON.parse('{"b":1,"__proto__":{"x":1},"10":1,"9":2}') as Json), '{"10":1,"9":2,"__proto__":{"x":1},"b":1}');
  });

  it("refuses what JSON would drop, round or replace in silence, and says where", () => {
    refuses({ a: undefined }, /\$\.a is undefined/);
    refuses({ a: [1, undefined] }, /\$\.a\[1\]/);
    refuses({ a: Array(2) }, /\$\.a\[0\]/);
    refuses({ a: { b: Number.NaN } }, /\$\.a\.b is NaN/);
    refuses([Number.POSITIVE_INFINITY], /\$\[0\] is Infinity/);
    refuses({ n: 2 ** 53 }, /\$\.n .*too large/);
    refuses({ n: 10n }, /bigint/);
    refuses({ f: () => 1 }, /function/);
    refuses({ at: new Date(0) }, /\$\.at is not a plain object/);
    refuses({ m: new Map() }, /not a plain object/);
    refuses({ s: "\ud800" }, /\$\.s .*half a character/);
    refuses({ "\udc00": 1 }, /half a character/);
    refuses({ [Symbol("x")]: 1 }, /not text/);
    refuses(undefined, /\$ is undefined/);
  });

  it("refuses endless and very deep values instead of overflowing", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    refuses(loop, /deeper than 100/);
  });
});

/** Integers that JSON cannot carry exactly, and half characters, are refused elsewhere. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return 0;
  if (typeof value === "string") return value.toWellFormed();
  return value;
}
