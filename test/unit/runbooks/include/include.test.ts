import assert from "node:assert/strict";
import { compile } from "../../../../src/runbooks/compile.ts";
import { sourcesOf } from "../../../../src/runbooks/include/sources.ts";
import { catalogue } from "../example-catalogue.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const withFiles = (text: string, files: Readonly<Record<string, string>>) =>
  compile(bytes(text), "host.md", catalogue, sourcesOf(Object.entries(files).map(([file, content]) => ({ file, bytes: bytes(content) }))));
const told = (text: string, files: Readonly<Record<string, string>>) => withFiles(text, files).diagnostics.map((d) => `${d.from.line}:${d.from.column} ${d.rule}: ${d.message}`);
const host = (block: string, front = "") => `${front === "" ? "" : `---\n${front}\n---\n`}# Host\n\n## Before\n\n## Bring in\n\nWords.\n\n${block}\n\n## After\n`;

const dns = `---
id: dns
parameters:
  zone:  { type: text }
  count: { type: number, default: 3 }
  way:   { type: choice, choices: [in, out], default: in }
roles: { dba: database-team }
---
# DNS

## Look

\`\`\`check example
text: "\${zone} of \${missing}"
count: \${count}
\`\`\`

## Only when out

\`\`\`manual
when: way == "out"
\`\`\`

## Maybe

\`\`\`manual
when: zone != "x" && !(count > 5)
role: dba
\`\`\`
`.replace(" of ${missing}", "");

describe("including a runbook", () => {
  it("puts its steps in the place of the block, with their values", () => {
    const { runbook, diagnostics } = withFiles(host("```include dns\nwith: { zone: \"a-${site}\", way: out }\nonly: test\n```", "parameters: { site: { type: text } }").replace("a-${site}", "${site}"), { "dns.md": dns });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      runbook?.steps.map((s) => [s.id, s.phase, s.when, s.only, s.included?.runbook]),
      [
        ["before", "Host", undefined, undefined, undefined],
        ["bring-in.look", "Host", undefined, ["test"], "dns"],
        ["bring-in.only-when-out", "Host", undefined, ["test"], "dns"],
        ["bring-in.maybe", "Host", 'site != "x"', ["test"], "dns"],
        ["after", "Host", undefined, undefined, undefined],
      ],
    );
    const look = runbook?.steps[1];
    assert.ok(look?.kind === "check");
    assert.deepEqual([look.input, look.prose], [{ text: "${site}", count: 3 }, [{ kind: "text", text: "Words." }]]);
    assert.deepEqual([runbook?.includes?.map((i) => i.runbook), runbook?.roles], [["dns"], { dba: "database-team" }]);
    assert.equal(runbook?.includes?.[0]?.hash, look.included?.hash);
  });

  it("leaves out what can never be on the branch, and joins both conditions", () => {
    const { runbook } = withFiles(host("```include dns\nwith: { zone: x }\nwhen: site == 'y'\n```", "parameters: { site: { type: text } }"), { "dns.md": dns });
    assert.deepEqual(runbook?.steps.map((s) => [s.title, s.when]), [["Before", undefined], ["Look", "site == 'y'"], ["After", undefined]]);
  });

  it("keeps its tracks inside, and waits for their ends", () => {
    const inner = "# I\n\n## P\n\n### A\n\n```manual\ntrack: a\n```\n\n### B\n\n```manual\ntrack: b\n```\n";
    const { runbook } = withFiles(host("```include inner\n```"), { "inner.md": inner });
    assert.deepEqual(runbook?.steps.map((s) => [s.id, s.needs]), [
      ["before", undefined],
      ["bring-in.p.a", undefined],
      ["bring-in.p.b", ["before"]],
      ["after", ["bring-in.p.a", "bring-in.p.b"]],
    ]);
  });

  it("includes on several levels", () => {
    const { runbook } = withFiles(host("```include b\n```"), { "b.md": "# B\n\n## X\n\n```include dns\nwith: { zone: z }\n```\n", "dns.md": dns });
    assert.deepEqual(runbook?.steps.map((s) => s.id), ["before", "bring-in.x.look", "bring-in.x.maybe", "after"]);
    assert.deepEqual(runbook?.includes?.map((i) => i.runbook), ["b", "dns"]);
    assert.equal(runbook?.steps[1]?.included?.runbook, "dns");
  });

  it("says what is wrong, where it is written", () => {
    assert.deepEqual(told(host("```include dsn\n```"), { "dns.md": dns }), ["9:12 cannot-include: There is no runbook `dsn` beside this one."]);
    assert.deepEqual(told(host("```include dns\n```"), { "dns.md": dns }), ["9:4 missing-key: The runbook `dns` needs a value for `zone`."]);
    assert.deepEqual(told(host("```include dns\nwith: { zone: a, size: 3, count: many, way: up }\nrole: owner\n```"), { "dns.md": dns }), [
      "10:18 unknown-parameter: The runbook `dns` has no parameter `size`.",
      "10:34 bad-value: The value is not a number.",
      "10:45 bad-value: The value is not one of the choices.",
      "11:1 unknown-key: `role` cannot be said of a whole runbook.",
    ]);
    assert.deepEqual(told(host("```include dns\nwith: { zone: '${a} b', count: '${a}' }\n```", "parameters: { a: { type: text } }"), { "dns.md": dns }).map((t) => t.slice(0, 60)), [
      "13:15 bad-value: `zone` is compared in a condition there, so ",
      "13:32 bad-value: `count` there is of the type number, and `a` here is",
    ].map((t) => t.slice(0, 60)));
    assert.deepEqual(told(host("```include dns\nwith: { zone: '${nobody}' }\n```"), { "dns.md": dns }), ["10:16 unknown-parameter: There is no parameter or answer `nobody`."]);
    assert.match(told(host("```include bad\n```"), { "bad.md": "# B\n\n## S\n\n```check nothing\n```\n" }).join(""), /^9:12 cannot-include: The runbook `bad` does not compile: line 5 of bad.md: There is no check `nothing`/);
  });

  it("refuses circles and depth, and is not exhausted by many", () => {
    assert.match(told(host("```include host\n```"), { "host.md": "# H\n\n## S\n" }).join(""), /includes itself: host → host/);
    assert.match(told(host("```include a\n```"), { "a.md": "# A\n\n## S\n\n```include b\n```\n", "b.md": "# B\n\n## S\n\n```include a\n```\n" }).join(""), /9:12 cannot-include.*includes itself: a → b → a/);
    const tower = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}.md`, `# L\n\n## S\n\n\`\`\`include l${i + 1}\n\`\`\`\n`]));
    assert.match(told(host("```include l0\n```"), tower).join(""), /deeper than 5 levels/);
    const many = "# M\n\n".concat(Array.from({ length: 20 }, (_, i) => `## S${i}\n\n\`\`\`include NEXT\n\`\`\`\n\n`).join(""));
    const bomb = { "m0.md": many.replaceAll("NEXT", "m1"), "m1.md": many.replaceAll("NEXT", "m2"), "m2.md": many.replaceAll("NEXT", "m3"), "m3.md": many.replaceAll("```include NEXT\n```", "text") };
    assert.match(told(host("```include m0\n```"), bomb).join(""), /more than 1,000 steps/);
  });

  it("refuses a step that gets the id of another, whatever brings the two together", () => {
    const of = (...titles: readonly string[]) => titles.map((title) => `## ${title}\n\nDo.\n`).join("\n");
    const including = (title: string, id = "inner") => `${title}\n\n\`\`\`include ${id}\n\`\`\`\n`;
    const inner = { "inner.md": `# Inner\n\n${of("B", "C")}` };
    const phased = { "inner.md": "# Inner\n\n## B\n\n### C\n" };
    const clashes = (text: string, files: Readonly<Record<string, string>>) => {
      const { runbook, diagnostics } = withFiles(text, files);
      const found = diagnostics.filter((d) => d.rule === "duplicate-step-id");
      assert.deepEqual([runbook, found.length > 0], [null, true], text);
      return found.map((d) => `${d.from.line}:${d.from.column}-${d.to.line}:${d.to.column} ${d.severity}: ${d.message} ${d.suggestion}`);
    };

    const written = `# Outer\n\n${including("## A")}\n## Middle\n\nDo.\n\n## A\n\n### B\n\nWritten.\n\n### D\n\nWritten.\n`;
    assert.deepEqual(clashes(written, inner), [
      "14:5-14:6 error: This step gets the id `a.b`, which a step of `inner`, included at line 3, has already. Give this step, its phase or the step at line 3 another title.",
    ]);
    assert.deepEqual(clashes(`# Outer\n\n## A\n\n### B\n\nWritten.\n\n${including("## a!")}`, inner), [
      "9:4-9:6 error: A step of `inner` gets the id `a.b`, which the step at line 5 has already. Give this step or the step at line 5 another title.",
    ]);
    assert.deepEqual(clashes(`# Outer\n\n${including("## A")}\n## A\n\n${including("### B", "other")}`, { ...phased, "other.md": `# Other\n\n${of("C")}` }), [
      "10:5-10:6 error: A step of `other` gets the id `a.b.c`, which a step of `inner`, included at line 3, has already. Give this step, its phase or the step at line 3 another title.",
    ]);
    assert.equal(clashes(`# Outer\n\n${including("## A")}\n# A\n\n## B\n\n### C\n`, phased).length, 1);
    assert.equal(clashes(`# Outer\n\n${of("A")}\n${including("## A")}\n## A 2\n\n### B\n`, inner).length, 1);
    assert.equal(clashes(`# Outer\n\n${including("## A")}\n## A\n\n### B\n\n### B\n`, { "inner.md": `# Inner\n\n${of("B 2")}` }).length, 1);
    const nested = { "mid.md": `# Mid\n\n${including("## B")}`, "inner.md": `# Inner\n\n${of("C")}` };
    assert.match(clashes(`# Outer\n\n${including("## A", "mid")}\n## A\n\n${including("### B")}`, nested).join(""), /^10:5-10:6 error: A step of `inner` gets the id `a\.b\.c`, which a step of `mid`, included at line 3,/);
    assert.match(told(host(including("", "mid")), { ...inner, "mid.md": written }).join(""), /cannot-include: The runbook `mid` does not compile: line 14 of mid\.md: This step gets the id `a\.b`/);
  });

  it("refuses an including step with the id of an included one, which would be waited for in its place", () => {
    const text = "# Outer\n\n## A\n\n```include inner\n```\n\n## A\n\n### B\n\n```include other\n```\n\n## End\n";
    assert.deepEqual(told(text, { "inner.md": "# Inner\n\n## B\n\n## C\n", "other.md": "# Other\n\n## D\n" }), [
      "10:5 duplicate-step-id: This step gets the id `a.b`, which a step of `inner`, included at line 3, has already.",
    ]);
  });

  it("includes one runbook twice, each time under another id", () => {
    const inner = { "inner.md": "# Inner\n\n## B\n\n## C\n" };
    const twice = "# Outer\n\n## A\n\n```include inner\n```\n\n## A\n\n```include inner\n```\n";
    assert.deepEqual(told(twice, inner), ["8:4 duplicate-step-title: Duplicate step titles: the step at line 3 has this title too."]);
    assert.deepEqual(withFiles(twice, inner).runbook?.steps.map((s) => s.id), ["a.b", "a.c", "a-2.b", "a-2.c"]);
  });

  it("asks what the included one asks, and never two things of one name", () => {
    const asks = "# A\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n";
    assert.deepEqual(told(host("```include asks\n```\n\n## Use\n\n```check example\ntext: ${site}\n```"), { "asks.md": asks }), []);
    assert.match(told(host("```include asks\n```", "parameters: { site: { type: text } }"), { "asks.md": asks }).join("\n"), /duplicate-name/);
  });

  it("does not let values become placeholders", () => {
    const inner = "---\nparameters: { a: { type: text } }\n---\n# I\n\n## S\n\n```check example\ntext: \"${a}{x} $${y}\"\n```\n";
    const { runbook } = withFiles(host("```include inner\nwith: { a: 'costs $' }\n```"), { "inner.md": inner });
    const step = runbook?.steps[1];
    assert.ok(step?.kind === "check");
    assert.deepEqual(step.input, { text: "costs $${x} $${y}" });
  });
});
