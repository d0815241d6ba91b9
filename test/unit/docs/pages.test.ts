import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogue } from "../../../src/composition.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import { settings } from "../../../src/settings.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const filesIn = (folder: string): readonly string[] => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules")).map((entry) => join(entry.parentPath, entry.name).slice(root.length));
const pages = ["README.md", "CONTRIBUTING.md", ...filesIn("docs").filter((f) => f.endsWith(".md"))];

const folders = ["src", "test", "runbooks", "docs", "bench", "scripts", "manifest", "bin", "runtime", "roles", "catalog", "scenarios", "verifiers"];
/** What the project's own programs are made of, by path. */
const sources = new Map(["src", "test", "bench", "scripts", "bin", "runtime"].flatMap(filesIn).filter((file) => /\.m?[jt]s$/.test(file)).map((file) => [file, read(file)] as const));
const names = new Set([...sources.keys()].map((file) => basename(file)));
const written = [...sources].filter(([file]) => !file.startsWith("test/unit/docs/")).map(([, text]) => text).join("\n");

const withoutFences = (text: string): string => text.replaceAll(/^(`{3,})[\s\S]*?^\1/gm, "");
const all = (text: string, what: RegExp): readonly string[] => [...text.matchAll(what)].map((found) => found[1] ?? "");

/** The fragment that a heading can be reached by, as the sites make it that show Markdown. */
const fragments = (text: string): readonly string[] => all(withoutFences(text), /^#{1,6} (.+)$/gm).map((title) => title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));

describe("the pages", () => {
  for (const page of pages) {
    it(`${page} points to nothing that is not there`, () => {
      const whole = read(page);
      const text = withoutFences(whole);
      for (const link of all(text, /\]\(([^)\s]+)\)/g).filter((l) => !/^[a-z]+:/.test(l))) {
        const [path = "", fragment] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        assert.ok(existsSync(join(root, target)), `link ${link}`);
        if (fragment !== undefined) assert.ok(fragments(read(target)).includes(fragment), `link ${link}`);
      }
      // A PowerShell script of an example lies in the reader's own repository.
      for (const path of all(text, new RegExp(`(?<![\\w/.-])((?:${folders.join("|")})/[\\w./-]*[\\w/])`, "g")).filter((p) => !p.endsWith(".ps1"))) assert.ok(existsSync(join(root, path)), `path ${path}`);
      for (const name of all(text, /`([\w-]+\.(?:test\.)?m?ts)`/g)) assert.ok(names.has(name), `file ${name}`);
    });

    it(`${page} gives no command, option or variable that there is not`, () => {
      const text = read(page);
      const scripts = (JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> }).scripts;
      const cli = sources.get("src/cli.ts") ?? "";
      for (const [, command = "", rest = ""] of text.matchAll(/(?:`|^ *(?:npx )?|npx )drillbook ([a-z-]+)((?:\\\n|[^`\n])*)/gm)) {
        // The evidence's own files begin with the same word: "drillbook bundle 1".
        if (/^ \d/.test(rest)) continue;
        assert.match(cli, new RegExp(`^  "?${command}"?: async`, "m"), `drillbook ${command}`);
        for (const option of all(rest.replace(/ # .*/, ""), /(?<= |^)--([a-z-]+)/g)) assert.match(written, new RegExp(`[ {]"?${option}"?: \\{ type:`), `drillbook ${command} --${option}`);
      }
      for (const script of all(text, /npm run ([a-z:]+)/g)) assert.ok(Object.hasOwn(scripts, script), `npm run ${script}`);
      for (const bench of all(text, /npm run bench -- ([a-z][a-z-]*)/g)) assert.match(written, new RegExp(`name: "${bench}"`), `npm run bench -- ${bench}`);
      for (const variable of all(text, /\b((?:DRILLBOOK|TEST)_[A-Z_]*[A-Z])\b(?!_)/g)) assert.ok(Object.hasOwn(settings, variable) || written.includes(`process.env["${variable}"]`), variable);
    });
  }

  it("say every variable that src reads", () => {
    const settled = read("docs/settings.md");
    for (const [file, text] of sources) {
      if (!file.startsWith("src/")) continue;
      for (const variable of all(text, /\b(DRILLBOOK_[A-Z_]*[A-Z])\b(?!_)/g)) assert.match(settled, new RegExp(`\`${variable}\``), `${variable} in ${file}`);
    }
  });

  it("README gives the two commands, and a runbook that compiles as it stands", () => {
    const text = read("README.md");
    for (const command of ["npm ci && npm start", "npm ci && npm test"]) assert.ok(text.includes(`\n${command}\n`), command);
    const example = /````markdown\n([\s\S]*?)````/.exec(text)?.[1] ?? "";
    assert.deepEqual(compile(Buffer.from(example), "web-farm.md", catalogue).diagnostics, []);
  });
});
