import { catalogueFor } from "../composition.ts";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { asJson, asSarif, asText } from "../runbooks/lint-report.ts";
import { lint } from "../runbooks/lint.ts";
import { parsed } from "./options.ts";
import { print, version } from "./output.ts";

/** Says what is wrong with runbooks; 1 when a runbook has an error. Throws `bad-input` when nothing is named. */
export async function lintFiles(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { json: { type: "boolean" }, sarif: { type: "boolean" } });
  if (positionals.length === 0) throw new DrillbookError("bad-input", "lint needs a file or a folder.", "For example: drillbook lint runbooks");
  const report = await lint(positionals, catalogueFor(readConfig(process.env)));
  if (values["sarif"] === true) print(asSarif(report, version()));
  else if (values["json"] === true) print(asJson(report));
  else console.log(asText(report));
  return report.diagnostics.some((d) => d.severity === "error") ? 1 : 0;
}
