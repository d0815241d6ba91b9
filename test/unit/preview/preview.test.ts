import assert from "node:assert/strict";
import { flowOf } from "../../../src/preview/flow.ts";
import { layoutOf } from "../../../src/preview/layout.ts";
import { galleryPage, runbookPage } from "../../../src/preview/page.ts";
import { drillStages, stepStages } from "../../../src/preview/stages.ts";
import type { Runbook } from "../../../src/runbooks/runbook.ts";
import { catalogue, compileText } from "../runbooks/example-catalogue.ts";

const parts = { scripts: ["one"], modules: ['import { a } from "./a.js";\nexport const b = 1;'], css: ":root { --a: 1 }\n@media (prefers-color-scheme: dark) {\n  :root { --a: 2 }\n}\n.x { y: z }" };

function compiled(text: string): Runbook {
  const { runbook, diagnostics } = compileText(text);
  assert.ok(runbook, JSON.stringify(diagnostics));
  return runbook;
}

const everyKind = compiled(`---
parameters: { site: { type: text } }
---
# All </title> <script>alert(1)</script>

## By hand

Words & <b>more</b>.

## Tick

- [ ] One

## Look

\`\`\`check example
text: \${site}
\`\`\`

## Agree

\`\`\`approval
also: { owner: 1 }
\`\`\`

## Act

\`\`\`action reversible
\`\`\`

## Ask

\`\`\`ask
answers: { name: { type: text } }
timeout: 1h
\`\`\`

## Decide

\`\`\`decide
name: way
options: { a: This, b: That }
timeout: 1h
\`\`\`

## Wait

\`\`\`wait
for: 1m
\`\`\`

## Wait for it

\`\`\`wait balanced
limit: 5m
\`\`\`

## Tell

\`\`\`announce
audience: All of \${site}
text: It begins.
timeout: 1h
when: way == "a"
\`\`\`
`);

describe("preview", () => {
  it("draws every kind of step as it waits, when it failed and when it is done", () => {
    for (const [i, step] of everyKind.steps.entries()) {
      const stages = stepStages(everyKind, i, catalogue);
      assert.equal(stages.length, 3);
      for (const { shown } of stages) assert.match(JSON.stringify(shown.card), new RegExp(step.title), step.kind);
    }
    assert.equal(drillStages(everyKind).length, 2);
    assert.match(JSON.stringify(stepStages(everyKind, 3, catalogue)[0]?.shown.card), /reversible/);
  });

  it("puts tracks beside each other, and what waits for both below", () => {
    const step = (title: string, track: string) => `### ${title}\n\n\`\`\`manual\ntrack: ${track}\ntimeout: 1h\n\`\`\`\n\n`;
    const { places, bands, rows } = layoutOf(compiled(`# T\n\n## First\n\n## P\n\n${step("A", "a")}${step("B", "b")}${step("C", "b")}### D\n`));
    assert.deepEqual(places.map((p) => [p.step.title, p.row, p.column]), [["First", 0, 0], ["A", 1, 0], ["B", 1, 1], ["C", 2, 1], ["D", 3, 0]]);
    assert.deepEqual([bands.map((b) => [b.phase, b.from, b.to]), rows], [[["T", 0, 0], ["P", 1, 3]], 4]);
  });

  it("shows approvals, branches, undos and marks in the flow", () => {
    const flow = flowOf(everyKind, catalogue);
    for (const words of ["approval · 1 approver + 1 owner", "if way == &#34;a&#34;", "↩ take-back", "This / That", "wait · balanced, at most 5 min"]) assert.ok(flow.includes(words), words);
  });

  it("lets nothing of a runbook become a part of the page", () => {
    const page = runbookPage(everyKind, [], catalogue, parts);
    assert.equal(page.includes("<script>alert"), false);
    assert.equal(page.match(/<script/g)?.length, 3);
    assert.equal(page.match(/'sha256-/g)?.length, 2);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    const cards: unknown = JSON.parse(/id="cards">([^<]*)</.exec(page)?.[1] ?? "");
    assert.ok(Array.isArray(cards) && cards.length === 2 + everyKind.steps.length * 3);
  });

  it("lists what it drew, and why it could not draw the rest", () => {
    const { diagnostics } = compileText("# T\n\n## S\n\n```check nothing\n```\n");
    const page = galleryPage([{ file: "a.md", page: "a.html", runbook: everyKind, diagnostics: [] }, { file: "<b>.md", page: null, runbook: null, diagnostics }], parts);
    assert.match(page, /href="a.html"/);
    assert.match(page, /Line 5:<\/b> There is no check/);
    assert.equal(page.includes("<b>.md"), false);
  });
});
