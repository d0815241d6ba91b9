import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DrillbookError } from "../errors.ts";

/** Options and names of a command line. Throws `bad-input` for an option that the command does not have. */
export function parsed(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"] & object) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new DrillbookError("bad-input", cause instanceof Error ? `${cause.message.split(". ")[0]?.replace(/\.$/, "")}.` : "Those options do not fit.", "drillbook help shows what there is.", { cause });
  }
}

/** `name=value` pairs as an object. Throws `bad-input` for anything else. */
export function pairs(given: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (Array.isArray(given) ? given : []).map((pair) => {
      const at = String(pair).indexOf("=");
      if (at < 1) throw new DrillbookError("bad-input", `"${String(pair)}" is not name=value.`, "For example: --param plan=rp-payroll");
      return [String(pair).slice(0, at), String(pair).slice(at + 1)];
    }),
  );
}

/** A file's bytes. Throws `not-found` when it cannot be read. */
export function contents(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new DrillbookError("not-found", `${file} cannot be read.`, "Check the path.", { cause });
  }
}
