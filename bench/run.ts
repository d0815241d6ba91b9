import { compileLong, compileMany } from "./compile.ts";
import { mutations } from "./mutations.ts";
import { canonicalForm } from "./canonical-form.ts";
import { httpCheckProbes } from "./http-check.ts";
import { teamsClick } from "./teams-click.ts";
import { auditorPage } from "./auditor-page.ts";
import { appendAtLoad } from "./evidence-at-load.ts";
import { append, exporting, verify } from "./evidence.ts";
import { folding } from "./fold.ts";
import { concurrentDrills } from "./drills.ts";
import { parked } from "./parked.ts";
import type { Bench, Figure } from "./figure.ts";

/*
 * npm run bench                      every bench: one JSON line a figure on stdout, a table for people on stderr
 * npm run bench -- canonical-form    one of them
 * npm run bench -- --quick           short rounds: shows that the benches run, compares nothing
 *
 * A target that is missed is reported, and fails nothing: a busy machine is no fault in the code.
 */

const benches: readonly Bench[] = [
  canonicalForm,
  append,
  appendAtLoad,
  verify,
  exporting,
  auditorPage,
  httpCheckProbes,
  folding,
  teamsClick,
  compileLong,
  compileMany,
  mutations,
  concurrentDrills,
  parked,
];

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.find((name) => !benches.some((bench) => bench.name === name));

if (unknown === undefined) await main();
else {
  console.error(`There is no bench "${unknown}": use one of ${benches.map((bench) => bench.name).join(", ")}.`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const figures: Figure[] = [];
  for (const bench of benches) {
    if (named.length > 0 && !named.includes(bench.name)) continue;
    for (const figure of await bench.run(args.includes("--quick") ? "quick" : "full")) {
      console.log(JSON.stringify(figure));
      figures.push(figure);
    }
  }
  console.error(table(figures));
}

function table(figures: readonly Figure[]): string {
  const head = ["figure", "value", "floor", "times the floor", "target", ""];
  const rows = figures.map((f) => [f.name, `${f.value} ${f.unit}`, `${f.floor} ${f.unit}`, `${f.ratio}`, `at most ${f.target}`, f.met ? "met" : "missed"]);
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  return ["", ...[head, ...rows].map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd())].join("\n");
}
