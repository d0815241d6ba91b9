import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DrillbookError } from "../../errors.ts";
import { parseYaml } from "../../runbooks/parse/yaml.ts";
import { checkShape } from "../../runbooks/validate/shape.ts";
import type { Profile } from "./profile.ts";
import { profileFile } from "./profile-schema.ts";

const longestFile = 65_536;
const mostFiles = 64;

/** The profiles that Drillbook brings along. */
export const builtInProfiles: readonly Profile[] = readProfiles(fileURLToPath(new URL("./profiles/", import.meta.url)));

/**
 * The profiles of a folder: every `.yaml`, `.yml` and `.json` file in it, one profile a file, by file name. Throws
 * `bad-setting` for the first fault, with file, line and column (1-based), what is wrong and what to write instead.
 */
export function readProfiles(folder: string): readonly Profile[] {
  return namesIn(folder).map((name) => readProfile(contents(join(folder, name)), join(folder, name)));
}

/** Reads one profile. JSON is YAML. Throws as `readProfiles` does. */
export function readProfile(text: string, file: string): Profile {
  const root = { from: { line: 1, column: 1 }, to: { line: 1, column: 1 } };
  const { yaml, faults } = parseYaml(text, placeIn(text), root);
  const [broken] = faults;
  if (!yaml) throw fault(file, broken?.range.from ?? root.from, broken?.message ?? "This is not YAML.", broken?.suggestion ?? "");
  const { data, faults: wrong } = checkShape(profileFile, yaml.value, yaml);
  // A misspelt key is also a missing one: the misspelling is what the reader must see.
  const first = wrong.find((one) => one.rule === "unknown-key") ?? wrong[0];
  if (data === null) throw fault(file, first?.range.from ?? root.from, first?.message ?? "This is no profile.", first?.suggestion ?? "");
  return data;
}

function namesIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => /\.(?:ya?ml|json)$/i.test(name)).sort();
  } catch (cause) {
    throw new DrillbookError("bad-setting", `The folder of profiles ${folder} cannot be read.`, "Check DRILLBOOK_PROFILES and that this process may read it.", { cause });
  }
  if (names.length <= mostFiles) return names;
  throw new DrillbookError("bad-setting", `${folder} holds ${names.length} files of profiles.`, `Keep it to ${mostFiles}.`);
}

function contents(file: string): string {
  const bytes = readFileSync(file);
  if (bytes.length <= longestFile) return bytes.toString("utf8");
  throw fault(file, { line: 1, column: 1 }, `The file has ${bytes.length} bytes.`, `A profile has at most ${longestFile}.`);
}

function placeIn(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  return (offset) => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  };
}

function fault(file: string, at: { readonly line: number; readonly column: number }, message: string, suggestion: string): DrillbookError {
  return new DrillbookError("bad-setting", `${file}:${at.line}:${at.column}: ${message}`, suggestion);
}
