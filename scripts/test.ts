import { availableParallelism } from "node:os";
import { run } from "./run.ts";
import type { Counts } from "./mocha-reporter.ts";
import { suites } from "./suites.ts";
import type { Suite } from "./suites.ts";

/*
 * npm test                   types, then every suite that needs nothing but npm ci
 * npm run test:browser       one suite by name
 * npm run test:faults -- --full      everything that the suite has, instead of a sample
 *
 * The last lines are for machines: "failed: SUITE > ... > TEST: why" for each failure, then "N passed, N failed, N skipped".
 */

const tsc = "node_modules/@typescript/native/bin/tsc";
const mocha = "node_modules/mocha/bin/mocha.js";
/** Files at a time: each may start a bot, a simulator and processes of its own, half a gigabyte in all. */
const mostBeside = 4;

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.find((name) => !suites.some((suite) => suite.name === name));

if (unknown === undefined) await main(named.length === 0);
else {
  console.error(`There is no suite "${unknown}": use one of ${suites.map((suite) => suite.name).join(", ")}.`);
  process.exitCode = 2;
}

async function main(usual: boolean): Promise<void> {
  const chosen = suites.filter((suite) => (usual ? suite.needs === null : named.includes(suite.name)));
  const counts = usual ? [await checkTypes()] : [];
  for (const suite of chosen) counts.push(await runSuite(suite));

  if (usual) tellWhatWasLeftOut(suites.filter((suite) => !chosen.includes(suite)));
  for (const failure of counts.flatMap(({ failures }) => failures)) console.log(`failed: ${failure}`);
  const sum = (of: "passed" | "failed" | "skipped") => counts.reduce((total, each) => total + each[of], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  if (sum("failed") > 0 || sum("passed") === 0) process.exitCode = 1;
}

async function checkTypes(): Promise<Counts> {
  console.log("types");
  const { code } = await run(tsc, []);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : { passed: 0, failed: 1, skipped: 0, failures: ["types"] };
}

async function runSuite(suite: Suite): Promise<Counts> {
  console.log(`\n${suite.name}`);
  const env: Record<string, string> = args.includes("--full") ? { TEST_FULL: "1" } : {};
  const beside = suite.needs === null ? ["--parallel", "--jobs", String(Math.min(availableParallelism(), mostBeside))] : [];
  const { code, said } = await run(mocha, ["--reporter", "scripts/mocha-reporter.ts", ...beside, ...suite.specs], env);
  const counts = said.find(isCounts);
  // A process that broke before or after its tests has failed, whatever the tests say.
  if (counts === undefined || (code !== 0 && counts.failed === 0)) {
    return { passed: 0, skipped: 0, ...counts, failed: 1, failures: [`${suite.name}: ended ${counts === undefined ? "without a result" : "after its tests"} with exit code ${code}`] };
  }
  return { ...counts, failures: counts.failures.map((failure) => `${suite.name} > ${failure}`) };
}

function tellWhatWasLeftOut(left: readonly Suite[]): void {
  console.log("\nNot run by npm test:");
  for (const suite of left) console.log(`  ${suite.name}: needs ${suite.needs}. Run it with npm run test:${suite.name}`);
}

function isCounts(said: unknown): said is Counts {
  return typeof said === "object" && said !== null && "passed" in said && "failed" in said && "skipped" in said;
}
