import assert from "node:assert/strict";
import { rules } from "../../../../src/runbooks/rules/rules.ts";
import { compileText } from "../example-catalogue.ts";

describe("examples of the lint rules", () => {
  for (const rule of rules) {
    describe(rule.id, () => {
      for (const [i, good] of rule.examples.good.entries()) {
        it(`is silent about good example ${i + 1}`, () => {
          const { runbook, diagnostics } = compileText(good);
          assert.deepEqual(diagnostics.filter((d) => d.rule === rule.id || d.severity === "error"), []);
          assert.notEqual(runbook, null);
        });
      }
      for (const [i, bad] of rule.examples.bad.entries()) {
        it(`points exactly at the marks of bad example ${i + 1}`, () => {
          const { text, ranges } = withoutMarks(bad);
          const found = compileText(text).diagnostics.filter((d) => d.rule === rule.id);
          assert.deepEqual(found.map(({ from, to }) => ({ from, to })), ranges);
          assert.ok(ranges.length > 0);
        });
      }
    });
  }
});

function withoutMarks(marked: string) {
  const ranges: { from: Position; to: Position }[] = [];
  let from: Position | null = null;
  const here = { line: 1, column: 1 };
  let text = "";
  for (const character of marked) {
    if (character === "«") from = { ...here };
    else if (character === "»" && from !== null) ranges.push({ from, to: { ...here } });
    else {
      text += character;
      if (character === "\n") {
        here.line += 1;
        here.column = 1;
      } else here.column += character.length;
    }
  }
  return { text, ranges };
}

type Position = { line: number; column: number };
