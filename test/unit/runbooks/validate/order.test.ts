import assert from "node:assert/strict";
import fc from "fast-check";
import { isBefore, needsOf } from "../../../../src/drills/order.ts";
import { compileText } from "../example-catalogue.ts";

const step = (title: string, keys: string) => `### ${title}\n\n\`\`\`manual\n${keys}\n\`\`\`\n\n`;
const writtenNeeds = (text: string) => {
  const { runbook, diagnostics } = compileText(text);
  assert.notEqual(runbook, null, JSON.stringify(diagnostics));
  return Object.fromEntries((runbook?.steps ?? []).map((s) => [s.id.replace(/^.*\./, ""), s.needs?.map((id) => id.replace(/^.*\./, ""))]));
};
const told = (text: string) => compileText(text).diagnostics.filter((d) => d.severity === "error").map((d) => `${d.from.line}:${d.from.column}-${d.to.column} ${d.rule}`);

describe("the order of steps", () => {
  it("is the order of the file, and then nothing is written", () => {
    assert.deepEqual(writtenNeeds(`# T\n\n## P\n\n${step("A", "")}${step("B", "")}## C\n`), { a: undefined, b: undefined, c: undefined });
  });

  it("lets tracks begin together, and joins them again in the phase and behind it", () => {
    const tracks = ["A", "track: web", "B", "track: web", "C", "track: data"];
    const three = [0, 2, 4].map((i) => step(tracks[i] ?? "", tracks[i + 1] ?? "")).join("");
    assert.deepEqual(writtenNeeds(`# T\n\n## First\n\n## P\n\n${three}### D\n\n## Q\n\n${three.replaceAll("### ", "### Q")}## End\n`), {
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
    assert.deepEqual(writtenNeeds(`# T\n\n## P\n\n${step("A", "track: web")}${step("B", "track: data\nneeds: a")}${step("C", "track: data\nneeds: [p.a, A]")}${step("D", "needs: [B]")}## E\n`), {
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

  const act = "### Act\n\n```action reversible\ntrack: x\nneeds: Look\n```\n\n";
  const agree = "### Agree\n\n```approval\ntrack: y\n```\n\n";

  it("puts what a step needs above it, so that a drill finds the approval that releases an action", () => {
    const { runbook, diagnostics } = compileText(`---\nmode: live\nstandingAuthority: [{ role: owner, steps: [Agree], agreed: Board }]\n---\n# T\n\n## P\n\n${act}${agree}${step("Look", "track: y\ntimeout: 5m\nundo: Turn it back.")}## End\n`);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(runbook?.steps.map((s) => [s.id, s.needs]), [["p.agree", undefined], ["p.look", undefined], ["p.act", undefined], ["end", undefined]]);
    assert.ok(runbook !== null && isBefore(runbook, "p.agree", "p.act"));
  });

  it("sees an answer that comes after the approval, wherever the action stands in the file", () => {
    const asked = act.replace("needs: Look", "needs: Ask").replace("action reversible", "action example\ntext: ${site}");
    assert.deepEqual(told(`# T\n\n## P\n\n${asked}${agree}### Ask\n\n\`\`\`ask\ntrack: y\nanswers: { site: { type: text } }\n\`\`\`\n`), ["8:7-14 answer-after-approval"]);
  });

  it("is the same to the compiler's rules and to a drill, whatever needs what", () => {
    const keys = fc.record({ track: fc.constantFrom("", "track: x\n", "track: y\n"), needs: fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 2 }) });
    let moved = 0;
    fc.assert(
      fc.property(fc.array(keys, { minLength: 2, maxLength: 7 }), fc.nat({ max: 7 }), (steps, phaseAt) => {
        const text = steps.map(({ track, needs }, i) => `${i === phaseAt ? "## Q\n\n" : ""}${step(`S${i}`, `${track}${needs.length === 0 ? "" : `needs: [${needs.map((n) => `S${n % steps.length}`).join(", ")}]\n`}`)}`).join("");
        const { runbook } = compileText(`# T\n\n## P\n\n${text}`);
        if (runbook === null) return;
        const at = new Map(runbook.steps.map((s, i) => [s.id, i]));
        const reached = (id: string): ReadonlySet<string> => new Set(needsOf(runbook, runbook.steps[at.get(id) ?? -1]!).flatMap((n) => [n, ...reached(n)]));
        if (runbook.steps.some((s, i) => !s.id.endsWith(`s${i}`))) moved++;
        for (const { id } of runbook.steps) {
          for (const other of runbook.steps) assert.equal(isBefore(runbook, other.id, id), reached(id).has(other.id), `${other.id} before ${id}`);
          for (const need of reached(id)) assert.ok((at.get(need) ?? Infinity) < (at.get(id) ?? -1), `${need} stands below ${id}`);
        }
      }),
      { numRuns: 600 },
    );
    assert.ok(moved > 0);
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
