import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { DrillbookError } from "../../errors.ts";
import { checkedFile } from "../../runbooks/checked-file.ts";
import { badBuilds } from "../known-bad/ranges.ts";

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
    /** Builds that are bad, whatever updates a system names: what is seen on a server decides. */
    builds: badBuilds.optional(),
    meaning: words,
    cure: words,
    appliesTo: z.array(words).min(1).max(20),
    sources: z.array(words).min(1).max(10),
  })
  .refine((one) => one.kind !== "bad-update" || one.updates.length > 0, { error: "A bad update has a number.\nAdd `updates: [KB...]`." });

const catalogFile = z.strictObject({ problems: z.array(problem).min(1).max(500) });

export type KnownProblem = z.infer<typeof problem>;

const shipped = fileURLToPath(new URL("../../../catalog/", import.meta.url));

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
  return checkedFile(file, readFileSync(file, "utf8"), { schema: catalogFile, code: "bad-setting", no: "This is no list of known problems.", mostBytes: 262_144 }).data.problems;
}
