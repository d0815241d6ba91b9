import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sourcesOf } from "../../../src/runbooks/include/sources.ts";
import { ruleIds } from "../../../src/runbooks/rule-ids.ts";
import { rules } from "../../../src/runbooks/rules/rules.ts";
import { compileText } from "./example-catalogue.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/runbook-format.md"), "utf8");

describe("docs/runbook-format.md", () => {
  const examples = [...page.matchAll(/^````markdown(?: bad (\S+))?\n([\s\S]*?)^````$/gm)];

  // Examples may include each other, as the files of a folder do.
  const sources = sourcesOf(examples.flatMap(({ index, 1: rule, 2: text }) => (rule === undefined ? [{ file: `example-${index}.md`, bytes: new TextEncoder().encode(text) }] : [])));

  for (const { index, 1: rule, 2: text } of examples) {
    const line = page.slice(0, index).split("\n").length;
    it(`the example at line ${line} ${rule === undefined ? "compiles" : `is answered with ${rule}`}`, () => {
      const { diagnostics } = compileText(text ?? "", "example.md", sources);
      if (rule === undefined) assert.deepEqual(diagnostics, []);
      else assert.ok(diagnostics.some((d) => d.rule === rule), JSON.stringify(diagnostics));
    });
  }

  it("has examples, and every Markdown fence of the page is one", () => {
    assert.ok(examples.length >= 15);
    assert.equal(page.match(/^````markdown/gm)?.length, examples.length);
  });

  it("has one section for each rule, in the order of the list", () => {
    const sections = [...page.slice(page.indexOf("## What the compiler says")).replaceAll(/^````markdown[\s\S]*?^````$/gm, "").matchAll(/^### (\S+)$/gm)].map((found) => found[1]);
    assert.deepEqual(sections, [...ruleIds]);
  });

  it("lists every lint rule", () => {
    assert.deepEqual(ruleIds.slice(ruleIds.indexOf("unknown-parameter")), rules.map((rule) => rule.id));
  });
});
