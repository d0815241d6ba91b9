import { mkdirSync } from "node:fs";
import { DrillbookError } from "../errors.ts";

/** Makes the data folder when it is missing. Throws `bad-setting` where none can be made. */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new DrillbookError("bad-setting", `The data folder ${folder} cannot be made.`, "Point DRILLBOOK_DATA at a folder that may be written to.", { cause });
  }
}
