import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

// A rule that cannot fire looks like one that is kept, and a cruiser that cannot read TypeScript finds nothing to forbid.

const violations: readonly (readonly [rule: string, file: string, code: string])[] = [
  ["runbooks: folders", "src/runbooks/a.ts", `import type { B } from "../drills/b.ts"; export type A = B;`],
  ["drills: folders", "src/drills/c.ts", `import { check } from "../checks/b.ts"; export const c = check;`],
  ["drills: node modules", "src/drills/d.ts", `import { readFileSync } from "node:fs"; export const d = readFileSync;`],
  ["actions: types only", "src/actions/a.ts", `import { check } from "../checks/b.ts"; export const a = check;`],
  ["dialogs: folders", "src/dialogs/a.ts", `import type { X } from "../bot/routes.ts"; export type A = X;`],
  ["implementations behind ports", "src/bot/a.ts", `import { store } from "../storage/b.ts"; export const a = store;`],
  ["compositions are on top", "src/web/a.ts", `export const a = import("../main.ts");`],
  ["circular", "src/people/a.ts", `import type { B } from "./b.ts"; export type A = B;`],
  ["no row", "src/cli.ts", `import { shelf } from "./shelf/a.ts"; export const cli = shelf;`],
  ["no row for the package", "src/drills/e.ts", `import knip from "knip"; export const e = knip;`],
  ["declared", "src/drills/f.ts", `import fc from "fast-check"; export const f = fc;`],
  ["package @azure/[^/]+", "src/simulator/a.ts", `import { DefaultAzureCredential } from "@azure/identity"; export const a = DefaultAzureCredential;`],
  ["package botbuilder", "src/web/b.ts", `import type { Activity } from "botbuilder"; export type B = Activity;`],
  ["package restify", "src/azure/a.ts", `import restify from "restify"; export const a = restify;`],
  ["node:sqlite", "src/evidence/a.ts", `import { DatabaseSync } from "node:sqlite"; export const a = DatabaseSync;`],
  ["src stands alone", "src/checks/a.ts", `import { t } from "../../test/t.ts"; export const a = t;`],
  ["resolvable", "src/checks/c.ts", `import { t } from "./nowhere.ts"; export const c = t;`],
];

const kept: Readonly<Record<string, string>> = {
  "src/main.ts": `import { store } from "./storage/b.ts"; export const main = store;`,
  "src/shelf/a.ts": `export const shelf = 1;`,
  "src/storage/b.ts": `import { DatabaseSync } from "node:sqlite"; export const store = DatabaseSync;`,
  "src/drills/b.ts": `import { createHash } from "node:crypto"; import canonicalize from "canonicalize"; export type B = number; export const b = [createHash, canonicalize];`,
  "src/checks/b.ts": `import type { B } from "../drills/b.ts"; export const check: B = 1;`,
  "src/actions/b.ts": `import type { check } from "../checks/b.ts"; export type B = typeof check;`,
  "src/bot/routes.ts": `import type { Activity } from "botbuilder"; export type X = Activity;`,
  "src/coverage/b.ts": `export type M = 1;`,
  "src/dialogs/b.ts": `import type { M } from "../coverage/b.ts"; export type B = M;`,
  "src/azure/b.ts": `import { DefaultAzureCredential } from "@azure/identity"; export const b = DefaultAzureCredential;`,
  "src/people/b.ts": `import type { A } from "./a.ts"; export type B = A | null;`,
  "test/t.ts": `export const t = 1;`,
};

describe("the import rules", () => {
  const root = mkdtempSync(join(tmpdir(), "drillbook-imports-"));
  after(() => rmSync(root, { recursive: true }));

  it("refuse a violation of each kind and nothing that is allowed", () => {
    for (const name of [".dependency-cruiser.mjs", "import-rules.mjs", "package.json"]) copyFileSync(name, join(root, name));
    symlinkSync(resolve("node_modules"), join(root, "node_modules"), "junction");
    for (const [file, code] of [...Object.entries(kept), ...violations.map(([, file, code]) => [file, code] as const)]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), code);
    }
    const broken = cruise(root);
    for (const [rule, file] of violations) assert.ok(broken.has(`${rule} @ ${file}`), `${rule} did not fire for ${file}:\n${[...broken].join("\n")}`);
    const innocent = Object.keys(kept).filter((file) => file !== "src/people/b.ts");
    assert.deepEqual([...broken].filter((each) => innocent.some((file) => each.endsWith(` @ ${file}`))), []);
  });
});

function cruise(root: string): Set<string> {
  const cruiser = resolve("node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, "src", "--output-type", "json"], { cwd: root, encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return new Set(summary.violations.map(({ from, rule }) => `${rule.name} @ ${from}`));
}
