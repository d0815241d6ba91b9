import assert from "node:assert/strict";
import type { ProseBlock } from "../../../../src/runbooks/runbook.ts";
import { compileText } from "../example-catalogue.ts";

function prose(markdown: string): readonly ProseBlock[] {
  const { runbook, diagnostics } = compileText(`# Title\n\n## Step\n\n${markdown}\n`);
  assert.deepEqual(diagnostics.filter((d) => d.severity === "error"), []);
  return runbook?.steps[0]?.prose ?? [];
}

const texts = (markdown: string) => prose(markdown).map((block) => (block.kind === "text" ? block.text : block.kind));

describe("prose for a card", () => {
  const cases: [string, string, string[]][] = [
    ["emphasis", "Do **this** and *that* and ~~not this~~.", ["Do **this** and *that* and ~~not this~~."]],
    ["a broken line", "one\ntwo  \nthree", ["one two\n\nthree"]],
    ["inline code", "Run `net stop *`.", ["Run “net stop \\*”."]],
    ["a web link", "See [the page](https://contoso.example/a_(b)).", ["See [the page](https://contoso.example/a_%28b%29)."]],
    ["a mail link", "[Write](mailto:dr@contoso.example)", ["[Write](mailto:dr@contoso.example)"]],
    ["a script link", "[Click](javascript:alert(1)) [me](JavaScript:x) [or](data:text/html,x)", ["Click me or"]],
    ["a relative link", "See [the plan](../plan.md).", ["See the plan (../plan.md)."]],
    ["a file share", "Open [the share](file://server/share).", ["Open the share (file://server/share)."]],
    ["a link with credentials", "[x](https://me@evil.example/)", ["x (https://me@evil.example/)"]],
    ["a link with a bracket in its label", "[a\\]b](https://contoso.example/)", ["[a\\]b](https://contoso.example/)"]],
    ["an image", "![The rack](https://contoso.example/r.png)", ["[Image: The rack](https://contoso.example/r.png)"]],
    ["a local image", "![](rack.png)", ["Image: no description (rack.png)"]],
    ["an image inside a link", "[![Logo](l.png)](https://contoso.example/)", ["[Logo](https://contoso.example/)"]],
    ["HTML", "Press <kbd>F5</kbd>,<br>then <server name> <!-- not me -->.", ["Press F5,\n\nthen <server name> ."]],
    ["an HTML block", "<div>\n<b>Bold</b> words\n</div>", ["Bold words"]],
    ["a script", "<script>\nalert(1)\n</script>", []],
    ["a mention", "Ask <at>Everyone</at> and &lt;at&gt;you&lt;/at&gt;", ["Ask ‹at›Everyone‹/at› and ‹at›you‹/at›"]],
    ["a date function", "{{DATE(2026-01-01T00:00:00Z, SHORT)}} {{ time(x) }} {{other}}", ["{ {DATE(2026-01-01T00:00:00Z, SHORT)}} { { time(x) }} {{other}}"]],
    ["text that looks like a heading", "\\# no heading", ["\\# no heading"]],
    ["text that looks like a list", "1986\\. A great year", ["1986\\. A great year"]],
    ["names with underscores", "restart web_01_test and __init__", ["restart web_01_test and **init**"]],
    ["a nested list", "- one\n  - two\n    1. three\n- four\n\n  more of four", ["- one\n- › two\n- › › 1) three\n- four\n› more of four"]],
    ["a numbered list from five", "5. five\n6. six", ["5. five\n6. six"]],
    ["a small heading", "#### Detail\nText", ["**Detail**", "Text"]],
    ["a quotation", "> said\n>\n> twice", ["said", "twice"]],
    ["a callout", "> [!WARNING]\n> Mind the gap", ["**Warning:** Mind the gap"]],
    ["a rule", "a\n\n***\n\nb", ["a", "b"]],
    ["emoji and right-to-left text", "🚒 שלום", ["🚒 שלום"]],
    ["a turned reading direction", "abc \u202egnp.exe", ["abc gnp.exe"]],
  ];
  for (const [name, markdown, expected] of cases) {
    it(`shows ${name}`, () => assert.deepEqual(texts(markdown), expected));
  }

  it("keeps code to be copied, without what cannot be seen", () => {
    assert.deepEqual(prose("```powershell title=x\nGet-Item\u200b .\n  a\n```\n\n    indented\n"), [
      { kind: "code", language: "powershell", text: "Get-Item .\n  a" },
      { kind: "code", language: "", text: "indented" },
    ]);
  });

  it("keeps the number of a list that code interrupts", () => {
    assert.deepEqual(prose("1. one\n   ```\n   x\n   ```\n2. two"), [
      { kind: "text", text: "1. one" },
      { kind: "code", language: "", text: "x" },
      { kind: "text", text: "2. two" },
    ]);
  });

  it("keeps tables as rows", () => {
    assert.deepEqual(prose("| a | b |\n|---|---|\n| **1** | [x](javascript:y) |"), [{ kind: "table", rows: [["a", "b"], ["**1**", "x"]] }]);
  });

  it("leaves nothing in a title that a card would interpret", () => {
    const { runbook } = compileText("# A *b* <at>c</at>\n\n## {{DATE(x)}} `d` [e](https://contoso.example/)\n");
    assert.deepEqual([runbook?.title, runbook?.steps[0]?.title], ["A b ‹at›c‹/at›", "{ {DATE(x)}} d e"]);
  });
});
