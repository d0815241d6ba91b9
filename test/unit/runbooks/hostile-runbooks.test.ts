import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { compile } from "../../../src/runbooks/compile.ts";
import type { Compiled } from "../../../src/runbooks/compile.ts";
import { sourcesOf } from "../../../src/runbooks/include/sources.ts";
import { catalogue, compileText } from "./example-catalogue.ts";

const size = 250_000;
const block = (body: string) => `# T\n\n## S\n\n\`\`\`check example\n${body}\n\`\`\`\n`;
const filled = (piece: string) => piece.repeat(Math.floor(size / piece.length));

describe("hostile runbooks", () => {
  const yaml = ["[", "{", "{a: ", "- ", "? ", "a: ", "&a ", "*a ", "!a ", "[a,", "\"", "'", "%\n", "- a\n", "--- ", "|\n", "? a\n: ", "a", "${", "$${", "${a}", "\t", "\u0000"];
  const markdown = ["[", "![", "*a ", "**a *", "`", "> ", "- ", "1. ", "[a](", "[a]: b\n", "<!--", "x <!--", "x <a ", "|a|b|\n|-|-|\n", "# \n", "## a\n", "a_", "~~a", "\\", "&", "- [ ] a\n", "<at>", "{{DATE(", "eyJ", "sig=", "https://a:", "```check example\n```\n", "<", "< ", "    a\n", "- - a\n", "[a](b) ", "[a](https://b/) ", "![a](b) ", "<b>", "**a** ", "a\\\n", "a\u202e"];
  for (const [name, bomb] of [...yaml.map((p) => [p, block(filled(p))]), ...markdown.map((p) => [p, `# T\n\n## S\n\n${filled(p)}`]), ...["[", "a: ", "%\n", "- a\n", "|\n"].map((p) => [`front ${p}`, `---\n${filled(p)}\n---\n`])]) {
    it(`answers 250 KB of ${JSON.stringify(name)} at a cost of less than two seconds`, () => {
      // Work done, not time gone by: a busy machine makes nothing here more costly.
      const before = process.cpuUsage();
      isAnAnswer(compileText(bomb ?? ""));
      assert.ok(process.cpuUsage(before).user < 2_000_000);
    });
  }

  const steps = (head: string, piece: (i: number) => string): string => {
    let text = head;
    for (let i = 0; text.length + piece(i).length < size; i++) text += piece(i);
    return text;
  };
  const knotty: Readonly<Record<string, string>> = {
    "steps that need twenty others": steps("# T\n\n## P\n\n", (i) => `### S${i}\n\n\`\`\`manual\nneeds: [${Array.from({ length: 20 }, (_, k) => `S${Math.max(0, i - k - 1)}`).join(", ")}]\n\`\`\`\n\n`),
    "conditions with many cases": steps("---\nparameters:\n  a: { type: choice, choices: [x, y, z, w, v, u] }\n---\n# T\n\n", (i) => `## S${i}\n\n\`\`\`manual\nwhen: (a == 'x' || b == 'y') && (c == 'z' && c == 'x') && (d == 'x' && b == 'u')\n\`\`\`\n\n`),
    "approvals on forty tracks": steps("---\nobjectives: [{ id: O1, text: x, rto: 1h }]\n---\n# T\n\n## P\n\n", (i) => `### S${i}\n\n\`\`\`approval\ntrack: t${i % 40}\n\`\`\`\n\n`),
    "names that are asked and used": steps("# T\n\n", (i) => `## S${i}\n\n\`\`\`ask\nanswers: { a${i}: { type: text } }\n\`\`\`\n\n## U${i}\n\n\`\`\`check example\ntext: "\${a${i}}"\n\`\`\`\n\n`),
  };
  for (const [name, text] of Object.entries(knotty)) {
    it(`answers 250 KB of ${name} at a cost of less than two seconds`, () => {
      const before = process.cpuUsage();
      isAnAnswer(compileText(text));
      assert.ok(process.cpuUsage(before).user < 2_000_000);
    });
  }

  it("answers a thousand includes of a thousand steps at a cost of less than two seconds", function () {
    this.timeout(20_000);
    const many = `# B\n\n${Array.from({ length: 1_000 }, (_, i) => `## S${i}\n`).join("\n")}`;
    const sources = sourcesOf([{ file: "b.md", bytes: new TextEncoder().encode(many) }]);
    const before = process.cpuUsage();
    const { diagnostics } = compileText(`# T\n\n${Array.from({ length: 1_000 }, (_, i) => `## S${i}\n\n\`\`\`include b\n\`\`\`\n`).join("\n")}`, "example.md", sources);
    assert.ok(process.cpuUsage(before).user < 2_000_000);
    assert.deepEqual(diagnostics.map((d) => [d.from.line, d.rule]), [[10, "too-large"]]);
  });

  it("answers indentation that gets deeper with every line", () => {
    isAnAnswer(compileText(block(Array.from({ length: 700 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"))));
  });

  it("never throws for a mutation of a valid runbook, and every answer has a position", () => {
    const folders = [join(import.meta.dirname, "../../../runbooks"), join(import.meta.dirname, "../../conformance/good")];
    const valid = folders.flatMap((folder) => readdirSync(folder).filter((f) => f.endsWith(".md")).map((f) => readFileSync(join(folder, f))));
    const bit = fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom("\n", "```", "---", "  ", "\t", ":", "- ", "${", "}", "[", "{", "&a", "*a", "<<: ", "!!", "#", ">", "|", "\"", "<!--", "\u202e", "\0").map((t) => new TextEncoder().encode(t)));
    const cut = fc.record({ at: fc.nat(), drop: fc.nat({ max: 40 }), put: bit });
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.array(cut, { minLength: 1, maxLength: 4 }), (bytes, cuts) => {
        let mutated = new Uint8Array(bytes);
        for (const { at, drop, put } of cuts) {
          const from = at % (mutated.length + 1);
          mutated = Uint8Array.from([...mutated.subarray(0, from), ...put, ...mutated.subarray(from + drop)]);
        }
        isAnAnswer(compile(mutated, "mutated.md", catalogue));
      }),
      { numRuns: 800 },
    );
  });

  it("never accepts two steps of one id, whatever is included where", function () {
    this.timeout(20_000);
    const title = fc.constantFrom("A", "B", "C", "a", "B 2", "B!");
    const outline = (includable: readonly string[]) => fc.array(fc.record({ level: fc.constantFrom("##", "###"), title, include: fc.option(fc.constantFrom(...includable)) }), { minLength: 1, maxLength: 6 });
    const written = (parts: readonly { readonly level: string; readonly title: string; readonly include: string | null }[]) =>
      `# T\n\n${parts.map(({ level, title: words, include }) => `${level} ${words}\n\n${include === null ? "Do.\n" : `\`\`\`include ${include}\n\`\`\`\n`}`).join("\n")}`;
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(outline(["mid", "inner"]), outline(["inner"]), outline(["inner"]).map((parts) => parts.map((part) => ({ ...part, include: null }))), (outer, mid, inner) => {
        const sources = sourcesOf(Object.entries({ mid, inner }).map(([id, parts]) => ({ file: `${id}.md`, bytes: new TextEncoder().encode(written(parts)) })));
        const compiled = compileText(written(outer), "outer.md", sources);
        isAnAnswer(compiled);
        if (compiled.runbook?.includes !== undefined) seen.accepted++;
        if (compiled.diagnostics.some((d) => d.rule === "duplicate-step-id")) seen.refused++;
      }),
      { numRuns: 1_000 },
    );
    assert.ok(seen.accepted > 0 && seen.refused > 0, JSON.stringify(seen));
  });
});

function isAnAnswer({ runbook, diagnostics }: Compiled): void {
  assert.equal(runbook === null, diagnostics.some((d) => d.severity === "error"));
  const steps = runbook?.steps ?? [];
  const ids = new Set(steps.map((step) => step.id));
  assert.equal(ids.size, steps.length, steps.map((step) => step.id).join(", "));
  assert.deepEqual(steps.flatMap((step) => step.needs ?? []).filter((id) => !ids.has(id)), []);
  for (const { from, to, message, suggestion } of diagnostics) {
    assert.ok(from.line >= 1 && from.column >= 1 && (to.line > from.line || (to.line === from.line && to.column >= from.column)), JSON.stringify({ from, to, message }));
    assert.ok(message !== "" && suggestion !== "", message);
  }
}
