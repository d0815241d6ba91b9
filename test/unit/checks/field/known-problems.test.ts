import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readKnownProblems } from "../../../../src/checks/field/known-problems.ts";

const one = "problems:\n  - id: a-problem\n    kind: error-code\n    codes: [7]\n    title: Seven\n    meaning: it is seven\n    cure: Make it eight.\n    appliesTo: [Everything]\n    sources: [a test]\n";

describe("known problems", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "drillbook-catalog-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const put = (text: string, name = "own.yaml"): void => writeFileSync(join(folder, name), text);

  it("ship with a source each", () => {
    assert.ok(readKnownProblems().length >= 7);
  });

  it("can be added by users", () => {
    put(one);
    assert.deepEqual(readKnownProblems(folder).map(({ id, codes }) => [id, codes]), [["a-problem", [7]]]);
  });

  for (const [what, text, place, says] of [
    ["a misspelt key", one.replace("meaning", "meening"), "6:5", /meaning/],
    ["a bad update without a number", one.replace("error-code", "bad-update"), "2:5", /updates/],
    ["a missing source", one.replace("    sources: [a test]\n", ""), "2:5", /sources/],
    ["no YAML", "problems: [", "1:12", /./],
  ] as const) {
    it(`are refused with file and line for ${what}`, () => {
      put(text);
      assert.throws(() => readKnownProblems(folder), (thrown: Error & { suggestion?: string }) => {
        assert.ok(thrown.message.includes(`own.yaml:${place}:`), thrown.message);
        assert.match(`${thrown.message} ${thrown.suggestion ?? ""}`, says);
        return true;
      });
    });
  }

  it("have ids of their own", () => {
    put(one);
    put(one, "second.yaml");
    assert.throws(() => readKnownProblems(folder), /two known problems have the id a-problem/);
  });
});
