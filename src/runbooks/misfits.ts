import type { ActionFacts, CheckFacts } from "./catalogue.ts";
import type { Json } from "./runbook.ts";

export type Misfit = { readonly message: string; readonly suggestion: string };

/** What an action or a check has against an input in which every name has its value. */
export function misfits(facts: Pick<ActionFacts, "schema"> & Pick<CheckFacts, "lint">, input: Json): readonly Misfit[] {
  const checked = facts.schema.safeParse(input);
  if (checked.success) return facts.lint?.(input) ?? [];
  return checked.error.issues.map((issue) => {
    const [message, suggestion] = issue.message.split("\n");
    return { message: `${issue.path.map(String).join(".") || "The block"}: ${message}`, suggestion: suggestion || "Give another value at launch, or mend the runbook." };
  });
}
