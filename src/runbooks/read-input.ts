import type { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { Json } from "./runbook.ts";

/** The input of a check or an action, checked against its schema. Throws `bad-input` that names each wrong field. */
export function readInput<T>(type: string, schema: z.ZodType<T>, input: Json): T {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
  throw new DrillbookError("bad-input", `${type} cannot read its input. ${faults.join(" ")}`, "Correct the step's block in the runbook.", {
    cause: read.error,
  });
}
