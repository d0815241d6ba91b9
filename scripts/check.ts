import { run } from "./run.ts";

// npm run check: everything that can be said of the code without running it.

const checks: readonly (readonly [string, string, readonly string[]])[] = [
  ["types", "node_modules/@typescript/native/bin/tsc", []],
  ["lint", "node_modules/oxlint/bin/oxlint", ["--deny-warnings", "src", "test", "bench", "scripts", "bin", "runtime"]],
  ["import rules", "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs", ["src", "test", "bench", "scripts", "bin"]],
  ["unused code", "node_modules/knip/bin/knip.js", []],
  ["licences", "scripts/licences.ts", []],
];

const failed: string[] = [];
for (const [name, script, args] of checks) {
  console.log(`\n${name}`);
  const { code } = await run(script, args);
  if (code !== 0) failed.push(name);
}

console.log(failed.length === 0 ? "" : `\nFailed: ${failed.join(", ")}`);
console.log(`${checks.length - failed.length} passed, ${failed.length} failed, 0 skipped`);
if (failed.length > 0) process.exitCode = 1;
