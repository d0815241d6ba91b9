import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { cardText, neutral } from "../../../src/runbooks/card-text.ts";
import { compileText } from "./example-catalogue.ts";

const reader = new MarkdownIt("default", { html: false, linkify: false });
const pieces = fc.constantFrom(
  "a", "B", "7", " ", "\\", "*", "**", "_", "__", "`", "~~", "[", "]", "(", ")", "!", "<", ">", "&", "&amp;", ":", "#", "-", "+", "1.", "|", "/",
  "<at>", "</at>", "{{", "}}", "DATE(", "https://evil.example", "<https://evil.example>", "[x](https://good.example/)", "![i](https://good.example/)",
  "[y](javascript:z)", "](https://evil.example)", "[r]: https://evil.example", "\n", "\n\n", "- ", "> ", "    ", "ß", "🚒", "\u202e", "<b>", "${plan}",
);
const nasty = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(""));

describe("card text", () => {
  it("shows exactly the plain text it was made from", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const oneLine = text.replace(/\s+/g, " ").trim();
        assert.equal(shown(reader.parse(cardText(oneLine, true), {})), neutral(oneLine).replace(/\s+/g, " ").trim());
      }),
      { numRuns: 1_500 },
    );
  });

  it("never holds a link that the author did not write, a mention or a function", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const allowed = links(new MarkdownIt("default", { html: true }).parse(text, {}));
        const { runbook } = compileText(`# T\n\n## Step\n\n${text}\n`);
        for (const step of runbook?.steps ?? []) {
          for (const block of [...step.prose, ...(runbook?.summary ?? [])]) {
            const made = block.kind === "text" ? [block.text] : block.kind === "table" ? block.rows.flat() : [];
            for (const card of made) {
              assert.ok(!/<\/?at\b/i.test(card) && !/\{\{\s*(date|time)/i.test(card), card);
              for (const link of links(reader.parse(card, {}))) assert.ok(allowed.includes(link), `${card} has ${link}`);
            }
          }
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

function flat(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
}

function shown(tokens: readonly Token[]): string {
  return flat(tokens).map((t) => (t.type === "inline" ? "" : t.type === "softbreak" ? " " : t.content)).join("").replace(/\s+/g, " ").trim();
}

function links(tokens: readonly Token[]): readonly string[] {
  return flat(tokens).flatMap((t) => {
    const address = String(t.attrGet("href") ?? t.attrGet("src") ?? "");
    return address === "" ? [] : [URL.canParse(address) ? new URL(address).href : address];
  });
}
