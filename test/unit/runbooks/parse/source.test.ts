import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readSource } from "../../../../src/runbooks/parse/source.ts";
import { compile } from "../../../../src/runbooks/compile.ts";
import { catalogue, compileText } from "../example-catalogue.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("reading bytes", () => {
  it("keeps the hash of the untouched bytes", () => {
    const given = bytes("\ufeff# Title\r\n\r\n## Step\r\n");
    const read = readSource(given, "a.md");
    assert.ok("source" in read);
    assert.equal(read.source.hash, createHash("sha256").update(given).digest("hex"));
    assert.deepEqual(read.source.lines, ["# Title", "", "## Step", ""]);
  });

  const refusals: [string, Uint8Array, string, string][] = [
    ["an empty file", bytes(""), "empty", "1:1"],
    ["a file of blank lines", bytes("\ufeff\r\n \n"), "empty", "1:1"],
    ["a binary file", bytes("# Title\nab\0cd"), "not-text", "2:3"],
    ["broken UTF-8", new Uint8Array([0x23, 0x20, 0x41, 0x0a, 0x62, 0xff, 0x63]), "not-text", "2:2"],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x23, 0x00]), "not-text", "1:1"],
    ["a file of 10 MB", new Uint8Array(10_000_000).fill(0x61), "too-large", "1:1"],
    ["a file one byte too large", new Uint8Array(262_145).fill(0x61), "too-large", "1:1"],
  ];
  for (const [name, given, rule, at] of refusals) {
    it(`answers ${name} with ${rule}`, () => {
      const { runbook, diagnostics } = compile(given, "a.md", catalogue);
      assert.equal(runbook, null);
      assert.deepEqual(diagnostics.map((d) => [d.rule, `${d.from.line}:${d.from.column}`]), [[rule, at]]);
    });
  }

  it("finds the same positions behind a byte-order mark and Windows line ends", () => {
    const text = "---\nid: example\nownr: a\n---\n# Title\n\n## Step\n\n```check exmple\n```\n";
    const plain = compileText(text).diagnostics;
    const windows = compileText(`\ufeff${text.replaceAll("\n", "\r\n")}`).diagnostics;
    const oldMac = compileText(text.replaceAll("\n", "\r")).diagnostics;
    assert.equal(plain.length, 2);
    assert.deepEqual(windows, plain);
    assert.deepEqual(oldMac, plain);
  });
});
