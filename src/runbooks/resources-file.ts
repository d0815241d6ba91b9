import { DrillbookError } from "../errors.ts";
import { isRecord } from "./json.ts";
import { problemWithValue } from "./parameter-value.ts";
import { placeInLines } from "./parse/front-matter.ts";
import { startOfFile } from "./parse/diagnostic.ts";
import { parseYaml } from "./parse/yaml.ts";
import type { Resources } from "./resources.ts";

const alias = /^[a-z][a-z0-9-]{0,62}$/;

/** Reads a file of aliases. Throws `bad-setting` for the first fault, with file, line and column (1-based). */
export function readResources(text: string, file: string): Resources {
  const { yaml, faults } = parseYaml(text, placeInLines(text, (line) => ({ line: line + 1, shift: 0 })), startOfFile);
  const refuse = ({ from }: typeof startOfFile, message: string, suggestion: string): DrillbookError =>
    new DrillbookError("bad-setting", `DRILLBOOK_RESOURCES: ${file}:${from.line}:${from.column}: ${message}`, suggestion);
  const [first] = faults;
  if (yaml === null) throw refuse(first?.range ?? startOfFile, first?.message ?? "This cannot be read.", first?.suggestion ?? "");
  if (yaml.value === null) return new Map();
  if (!isRecord(yaml.value)) throw refuse(yaml.whole, "This is no list of `alias: id` lines.", "Write one `alias: /subscriptions/...` a line.");
  return new Map(
    Object.entries(yaml.value).map(([name, id]) => {
      if (!alias.test(name)) throw refuse(yaml.keyAt([name]), "This is not an alias.", "Use small letters, digits and hyphens.");
      const problem = typeof id === "string" ? problemWithValue({ type: "azure-resource", choices: [] }, id) : { message: "This is not an id.", suggestion: "Copy the resource's full id." };
      if (problem !== null) throw refuse(yaml.valueAt([name]), problem.message, problem.suggestion);
      return [name, String(id)] as const;
    }),
  );
}
