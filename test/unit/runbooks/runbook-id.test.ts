import assert from "node:assert/strict";
import { idFromFile, runbookIdPattern, stepId } from "../../../src/runbooks/runbook-id.ts";
import { compileText } from "./example-catalogue.ts";

describe("ids", () => {
  const files: [string, string][] = [["payroll.md", "payroll"], ["a/b/Lohn & Gehalt – Übung.md", "lohn-gehalt-ubung"], ["C:\\runbooks\\x_y.markdown", "x-y"], ["--.md", "runbook-0123abcd"], ["演習.md", "runbook-0123abcd"], [`${"a".repeat(99)}.md`, "a".repeat(63)]];
  for (const [file, id] of files) {
    it(`of ${file.slice(0, 30)} is ${id.slice(0, 30)}`, () => {
      assert.equal(idFromFile(file, "0123abcdef"), id);
      assert.match(id, runbookIdPattern);
    });
  }

  it("keeps the letters of every script in step ids", () => {
    assert.equal(stepId(["Прежде всего", "Web & DB: läuft?"]), "прежде-всего.web-db-läuft");
    assert.equal(stepId(["🚒"]), "step");
  });

  it("leaves a step's id alone when text around it changes", () => {
    const ids = (text: string) => compileText(text).runbook?.steps.map((s) => s.id);
    const before = ids("# T\n\n## A\n\n### One\n\n### Two\n");
    assert.deepEqual(before, ["a.one", "a.two"]);
    assert.deepEqual(ids("# Another title\n\nText.\n\n## B\n\n### New\n\n## A\n\n### Two\n\nMore.\n\n### One\n"), ["b.new", "a.two", "a.one"]);
  });

  it("keeps steps of one name apart, also from one that has the number in its title", () => {
    assert.deepEqual(compileText("# T\n\n## A\n\n## A 2\n\n## A\n\n## A\n").runbook?.steps.map((s) => s.id), ["a", "a-2", "a-3", "a-4"]);
  });
});
