import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { DrillbookError } from "../../errors.ts";
import { parseYaml } from "../../runbooks/parse/yaml.ts";
import { checkShape } from "../../runbooks/validate/shape.ts";

const kb = z.string().regex(/^KB\d{5,8}$/, { error: "This is not the number of an update.\nWrite it as KB5003171." });
const words = z.string().min(3).max(500);

const problem = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, { error: "This is not an id.\nUse small letters, digits and hyphens." }),
    kind: z.enum(["error-code", "bad-update", "unsupported"]),
    title: words,
    /** Numbers of events and errors in the host's log. */
    codes: z.array(z.int().min(1).max(4_294_967_295)).min(1).max(20).default([]),
    /** Updates that bring the problem, and those that take it away again. */
    updates: z.array(kb).min(1).max(20).default([]),
    mendedBy: z.array(kb).min(1).max(20).default([]),
    meaning: words,
    cure: words,
    appliesTo: z.array(words).min(1).max(20),
    sources: z.array(words).min(1).max(10),
  })
  .refine((one) => one.kind !== "bad-update" || one.updates.length > 0, { error: "A bad update has a number.\nAdd `updates: [KB...]`." });

const catalogFile = z.strictObject({ problems: z.array(problem).min(1).max(500) });

export type KnownProblem = z.infer<typeof problem>;

const shipped = fileURLToPath(new URL("../../../catalog/", import.meta.url));
const longestFile = 262_144;

/**
 * The known problems of a folder: every `.yaml` file in it. Throws `bad-setting` for the first fault, with file, line and
 * column (1-based).
 */
export function readKnownProblems(folder: string = shipped): readonly KnownProblem[] {
  const all = readdirSync(folder).filter((name) => /\.ya?ml$/i.test(name)).sort().flatMap((name) => problemsIn(join(folder, name)));
  const twice = all.find((one, at) => all.findIndex((other) => other.id === one.id) !== at);
  if (twice !== undefined) throw new DrillbookError("bad-setting", `${folder}: two known problems have the id ${twice.id}.`, "Give each an id of its own.");
  return all;
}

function problemsIn(file: string): readonly KnownProblem[] {
  const bytes = readFileSync(file);
  const root = { from: { line: 1, column: 1 }, to: { line: 1, column: 1 } };
  if (bytes.length > longestFile) throw fault(file, root.from, `The file has ${bytes.length} bytes.`, `Keep it below ${longestFile}.`);
  const text = bytes.toString("utf8");
  const { yaml, faults } = parseYaml(text, placeIn(text), root);
  const [broken] = faults;
  if (!yaml) throw fault(file, broken?.range.from ?? root.from, broken?.message ?? "This is not YAML.", broken?.suggestion ?? "");
  const { data, faults: wrong } = checkShape(catalogFile, yaml.value, yaml);
  const first = wrong.find((one) => one.rule === "unknown-key") ?? wrong[0];
  if (data === null) throw fault(file, first?.range.from ?? root.from, first?.message ?? "This is no list of known problems.", first?.suggestion ?? "");
  return data.problems;
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
