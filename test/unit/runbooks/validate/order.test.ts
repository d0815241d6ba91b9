import assert from "node:assert/strict";
import { compileText } from "../example-catalogue.ts";

const step = (title: string, keys: string) => `### ${title}\n\n\`\`\`manual\n${keys}\n\`\`\`\n\n`;
const needsOf = (text: string) => {
  const { runbook, diagnostics } = compileText(text);
  assert.notEqual(runbook, null, JSON.stringify(diagnostics));
  return Object.fromEntries((runbook?.steps ?? []).map((s) => [s.id.replace(/^.*\./, ""), s.needs?.map((id) => id.replace(/^.*\./, ""))]));
};
const told = (text: string) => compileText(text).diagnostics.filter((d) => d.severity === "error").map((d) => `${d.from.line}:${d.from.column}-${d.to.column} ${d.rule}`);

describe("the order of steps", () => {
  it("is the order of the file, and then nothing is written", () => {
    assert.deepEqual(needsOf(`# T\n\n## P\n\n${step("A", "")}${step("B", "")}## C\n`), { a: undefined, b: undefined, c: undefined });
  });

  it("lets tracks begin together, and joins them again in the phase and behind it", () => {
    const tracks = ["A", "track: web", "B", "track: web", "C", "track: data"];
    const three = [0, 2, 4].map((i) => step(tracks[i] ?? "", tracks[i + 1] ?? "")).join("");
    assert.deepEqual(needsOf(`# T\n\n## First\n\n## P\n\n${three}### D\n\n## Q\n\n${three.replaceAll("### ", "### Q")}## End\n`), {
      first: undefined,
      a: undefined,
      b: undefined,
      c: ["first"],
      d: ["b", "c"],
      qa: undefined,
      qb: undefined,
      qc: ["d"],
      end: ["qb", "qc"],
    });
  });

  it("follows `needs` by title or id, in a track beside the step before", () => {
    assert.deepEqual(needsOf(`# T\n\n## P\n\n${step("A", "track: web")}${step("B", "track: data\nneeds: a")}${step("C", "track: data\nneeds: [p.a, A]")}${step("D", "needs: [B]")}## E\n`), {
      a: undefined,
      b: undefined,
      c: ["b", "a"],
      d: ["b"],
      e: ["c", "d"],
    });
  });

  it("refuses unknown names, two meanings, itself and circles, each where it is written", () => {
    assert.deepEqual(told(`# T\n\n## B\n\n## P\n\n${step("A", "needs: [B, Bee]")}`), ["10:12-15 unknown-step"]);
    assert.deepEqual(told(`# T\n\n## P\n\n${step("A", "needs: X")}## Q\n\n### X\n\n## R\n\n### X\n`), ["8:8-9 unknown-step"]);
    assert.deepEqual(told(`# T\n\n## P\n\n${step("A", "needs: A")}`), ["8:8-9 circular-needs"]);
    assert.deepEqual(told(`# T\n\n## P\n\n${step("A", "needs: C")}### B\n\n### C\n`), ["8:8-9 circular-needs"]);
  });

  it("costs little for a thousand steps in a line that goes the other way", () => {
    const steps = Array.from({ length: 600 }, (_, i) => step(`S${i}`, `needs: S${i + 1}`)).join("");
    const { runbook } = compileText(`# T\n\n## P\n\n${steps}### S600\n\n\`\`\`manual\ntrack: last\n\`\`\`\n`);
    assert.equal(runbook, null);
  });

  it("does not take an answer from a step that runs beside", () => {
    const ask = "### Ask\n\n```ask\ntrack: a\nanswers: { site: { type: text } }\n```\n\n";
    const use = (more: string) => `### Use\n\n\`\`\`check example\ntrack: b\ntext: \${site}\n${more}\`\`\`\n`;
    assert.deepEqual(told(`# T\n\n## P\n\n${ask}${use("")}`), ["16:7-14 unknown-parameter"]);
    assert.deepEqual(told(`# T\n\n## P\n\n${ask}${use("needs: Ask\n")}`), []);
  });
});
