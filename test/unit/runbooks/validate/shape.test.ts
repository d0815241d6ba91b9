import assert from "node:assert/strict";
import { z } from "zod";
import { errorAt, startOfFile } from "../../../../src/runbooks/parse/diagnostic.ts";
import { parseYaml } from "../../../../src/runbooks/parse/yaml.ts";
import { checkShape } from "../../../../src/runbooks/validate/shape.ts";

const fault = (schema: z.ZodType, text: string, alsoKnown: readonly string[] = []) => {
  const { yaml } = parseYaml(text, (offset) => ({ line: 1, column: offset + 1 }), startOfFile);
  assert.ok(yaml !== null);
  return checkShape(schema, yaml.value, yaml, alsoKnown).faults.map((f) => `${f.range.from.column}-${f.range.to.column} ${f.rule}: ${f.message} ${f.suggestion}`);
};

describe("checking a shape", () => {
  const refined = z.strictObject({ host: z.string().optional() }).refine((v) => v.host !== "no", { error: "This host is refused.\nTake another." });
  const cases: [string, z.ZodType, string, string[]][] = [
    ["proposes keys through optional, refined and nested parts", z.strictObject({ expect: refined.optional() }), "expect: { hots: a }", ["11-15 unknown-key: `hots` is not a key here. Did you mean `host`?"]],
    ["shows a schema's own two lines as message and suggestion", z.strictObject({ expect: refined }), "expect: { host: no }", ["9-21 bad-value: This host is refused. Take another."]],
    ["follows the form of a union whose type fits", z.strictObject({ as: z.union([z.enum(["one", "two"]), z.array(z.enum(["one", "two"]))]) }), "as: [one, tow]", ["11-14 bad-value: This is not one of the possible values. Did you mean `two`?"]],
    ["names the types when none fits", z.strictObject({ as: z.union([z.string(), z.array(z.string())]) }), "as: 5", ["5-6 bad-value: This must be text or a list. Change it so that it fits."]],
    ["says that a key of a union is missing", z.strictObject({ as: z.union([z.string(), z.array(z.string())]) }), "{}", ["1-1 missing-key: `as` is missing. Add a line `as: ...`."]],
    ["points at the group in which a key is missing", z.strictObject({ a: z.strictObject({ b: z.string() }) }), "a: {}", ["1-2 missing-key: `b` is missing. Add a line `b: ...`."]],
    ["points at what is written where a schema reads one as a list", z.strictObject({ as: z.preprocess((v) => (Array.isArray(v) ? v : [v]), z.array(z.enum(["one", "two"]))) }), "as: tow", ["5-8 bad-value: This is not one of the possible values. Did you mean `two`?"]],
    ["never shows the library's own words", z.strictObject({ at: z.iso.datetime() }), "at: soon", ["5-9 bad-value: This has not the expected form. Change it so that it fits."]],
    ["speaks of sizes", z.strictObject({ a: z.array(z.string()).min(2), b: z.string().max(2), c: z.number().min(1) }), "{ a: [x], b: xyz, c: 0 }", [
      "6-9 bad-value: This list must have at least 2 entries. Change it so that it fits.",
      "14-17 bad-value: This text must have at most 2 characters. Change it so that it fits.",
      "22-23 bad-value: This must be at least 1. Change it so that it fits.",
    ]],
  ];
  for (const [name, schema, text, expected] of cases) it(name, () => assert.deepEqual(fault(schema, text), expected));

  it("proposes keys that the schema leaves to others", () => {
    assert.deepEqual(fault(z.strictObject({}), "gaurd: true", ["guard"]), ["1-6 unknown-key: `gaurd` is not a key here. Did you mean `guard`?"]);
  });

  it("keeps what steers a terminal out of its words", () => {
    assert.equal(errorAt("unknown-key", startOfFile, "", "").message, "");
    const [said] = fault(z.strictObject({}), '"a\\e[31m\\u202eb": 1');
    assert.ok(said !== undefined && !/[\p{Cc}\p{Cf}]/u.test(said), said);
  });
});
