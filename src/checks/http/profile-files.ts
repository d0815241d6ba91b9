import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DrillbookError } from "../../errors.ts";
import { checkedFile } from "../../runbooks/checked-file.ts";
import type { Profile } from "./profile.ts";
import { profileFile } from "./profile-schema.ts";

const mostFiles = 64;

/** The profiles that Drillbook brings along. */
export const builtInProfiles: readonly Profile[] = readProfiles(fileURLToPath(new URL("./profiles/", import.meta.url)));

/**
 * The profiles of a folder: every `.yaml`, `.yml` and `.json` file in it, one profile a file, by file name. Throws
 * `bad-setting` for the first fault, with file, line and column (1-based), what is wrong and what to write instead.
 */
export function readProfiles(folder: string): readonly Profile[] {
  return namesIn(folder).map((name) => readProfile(readFileSync(join(folder, name), "utf8"), join(folder, name)));
}

/** Reads one profile. JSON is YAML. Throws as `readProfiles` does. */
export function readProfile(text: string, file: string): Profile {
  return checkedFile(file, text, { schema: profileFile, code: "bad-setting", no: "This is no profile.", mostBytes: 65_536 }).data;
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
