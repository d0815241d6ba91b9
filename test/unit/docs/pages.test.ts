import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogue } from "../../../src/composition.ts";
import { compile } from "../../../src/runbooks/compile.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".md")).map((f) => join("docs", f))];

describe("the pages", () => {
  for (const page of pages) {
    it(`${page} points to nothing that is not there`, () => {
      const text = readFileSync(join(root, page), "utf8").replaceAll(/^(`{3,})[\s\S]*?^\1/gm, "");
      const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((m) => m[1] ?? "").filter((l) => !/^[a-z]+:/.test(l));
      for (const link of links) assert.ok(existsSync(join(root, dirname(page), link)), `link ${link}`);
      const paths = [...text.matchAll(/`((?:src|test|runbooks|docs|bench|scripts|manifest)\/[\w./-]*)`/g)].map((m) => m[1] ?? "");
      for (const path of paths) assert.ok(existsSync(join(root, path)), `path ${path}`);
    });
  }

  it("README gives the two commands, and a runbook that compiles as it stands", () => {
    const text = readFileSync(join(root, "README.md"), "utf8");
    for (const command of ["npm ci && npm start", "npm ci && npm test"]) assert.ok(text.includes(`\n${command}\n`), command);
    const example = /````markdown\n([\s\S]*?)````/.exec(text)?.[1] ?? "";
    assert.deepEqual(compile(Buffer.from(example), "web-farm.md", catalogue).diagnostics, []);
  });
});
