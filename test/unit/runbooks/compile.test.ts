import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { catalogue as shipped } from "../../../src/composition.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import { compileText } from "./example-catalogue.ts";

const library = join(import.meta.dirname, "../../../runbooks");

describe("compile", () => {
  for (const file of readdirSync(library).filter((name) => name.endsWith(".md"))) {
    it(`finds nothing to say about runbooks/${file}`, () => {
      assert.deepEqual(compile(readFileSync(join(library, file)), file, shipped).diagnostics, []);
    });
  }

  it("explains what the shipped checks and actions refuse", () => {
    const text = '# T\n\n## Farm\n\n```check http\nas: kemp-loadmastr\nfrom: web-01-test\ntargets: http://10.50.0.11/\nexpect: { statuss: 200 }\ntimeout: 5\n```\n\n## Go\n\n```action asr-test-failover\nplan: rp-payroll\nnetwrk: x\nkeepUntil: 99d\n```\n';
    const { diagnostics } = compile(new TextEncoder().encode(text), "t.md", shipped);
    const at = diagnostics.map((d) => `${d.from.line}:${d.from.column} ${d.rule}`);
    assert.deepEqual(at, ["6:5 bad-value", "9:11 unknown-key", "10:10 bad-value", "15:4 missing-key", "16:7 bad-value", "17:1 unknown-key", "18:12 bad-value"]);
  });

  it("refuses a schedule for an incident, which only a person declares", () => {
    const text = "---\npurpose: incident\nschedule: { every: 90d }\ndeclaration: { role: operator, criteria: [It is dark], decideBy: 30m }\n---\n# T\n\n## S\n";
    assert.deepEqual(compileText(text).diagnostics.map((d) => `${d.from.line}:${d.from.column} ${d.rule} ${d.message}`), ["3:1 bad-value A runbook for incidents has no schedule."]);
    assert.deepEqual(compileText(text.replace("purpose: incident\n", "").replace(/declaration.*\n/, "")).diagnostics, []);
  });

  it("freezes what it gives", () => {
    const { runbook } = compileText("# T\n\n## S\n\n```check example\nlist: [a]\n```\n");
    const [step] = runbook?.steps ?? [];
    assert.ok(step?.kind === "check" && Object.isFrozen(step.input) && Object.isFrozen(runbook));
    assert.deepEqual(JSON.parse(JSON.stringify(runbook)), runbook);
  });

  it("gives the defaults that the format page names", () => {
    const [approval, action] = compileText("# T\n\n## S\n\n```approval\n```\n\n## G\n\n```action example\n```\n").runbook?.steps ?? [];
    assert.ok(approval?.kind === "approval" && action?.kind === "action");
    assert.deepEqual([approval.role, approval.quorum, approval.expiresMs, approval.escalate], ["approver", 1, 1_800_000, null]);
    assert.deepEqual([action.role, action.guard, action.onFail, action.plannedMs], ["operator", false, "ask", null]);
  });

  it("groups steps under the headings above them", () => {
    const text = "# T\n\n## Phase\n\nintro\n\n### One\n\n## Alone\n\n# Second\n\n## Inside\n";
    assert.deepEqual(compileText(text).runbook?.steps.map((s) => [s.phase, s.title, s.id]), [
      ["Phase", "One", "phase.one"],
      ["T", "Alone", "alone"],
      ["Second", "Inside", "second.inside"],
    ]);
  });

  it("shows a thematic break at the very top as what it is", () => {
    assert.notEqual(compileText("---\n\n# T\n\n## S\n").runbook, null);
    assert.deepEqual(compileText("---\nSome words\n---\n# T\n\n## S\n").diagnostics.filter((d) => d.severity === "error"), []);
  });

  it("judges a choice and a plan at once, and leaves to the launch what only the launch can know", () => {
    const front = "---\nparameters:\n  free: { type: text }\n  size: { type: choice, choices: [blue] }\n  net: { type: azure-resource }\n---\n# T\n\n## S\n\n";
    const rules = (body: string) => compileText(`${front}\`\`\`check example\n${body}\ntext: "\${free} \${size} \${net}"\n\`\`\`\n`).diagnostics.map((d) => `${d.from.line}:${d.rule}`);
    assert.deepEqual(rules("every: ${free}"), []);
    assert.deepEqual(rules("plan: ${net}"), []);
    assert.deepEqual(rules("every: ${size}"), ["12:bad-value"]);
    assert.deepEqual(rules("nested: { colour: \"${size}\" }"), ["12:bad-value"]);
  });

  it("says at most two hundred things, errors first", () => {
    const text = `# T\n\n## S\n${Array.from({ length: 300 }, (_, i) => `\n## S\n\n\`\`\`check nothing${i}\n\`\`\`\n`).join("")}`;
    const { diagnostics } = compileText(text);
    assert.equal(diagnostics.length, 201);
    assert.equal(diagnostics.filter((d) => d.rule === "unknown-type").length, 200);
    assert.match(diagnostics.at(-1)?.message ?? "", /400 more faults/);
  });
});
