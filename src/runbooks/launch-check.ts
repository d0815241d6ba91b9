import type { Catalogue } from "./catalogue.ts";
import { fill } from "./fill.ts";
import type { Runbook, Step } from "./runbook.ts";

export type InputProblem = { readonly step: string; readonly title: string; readonly message: string; readonly suggestion: string };

/**
 * What is wrong with the steps once they hold the values given at launch. The compiler could not see it: it had examples
 * in their place. `params` are complete, as `resolve` gives them.
 */
export function checkInputs(runbook: Runbook, params: Readonly<Record<string, string>>, catalogue: Catalogue): readonly InputProblem[] {
  return runbook.steps.flatMap((step) => (step.kind === "check" || step.kind === "action" ? problemsOf(step, params, catalogue) : []));
}

function problemsOf(step: Extract<Step, { kind: "check" | "action" }>, params: Readonly<Record<string, string>>, catalogue: Catalogue): readonly InputProblem[] {
  const about = { step: step.id, title: step.title };
  const facts = step.kind === "check" ? catalogue.checks.get(step.type) : catalogue.actions.get(step.type);
  if (facts === undefined) return [{ ...about, message: `There is no ${step.kind} \`${step.type}\` here.`, suggestion: "Install what the runbook was written for, or mend the runbook." }];
  const input = fill(step.input, params);
  const checked = facts.schema.safeParse(input);
  if (!checked.success) {
    return checked.error.issues.map((issue) => {
      const [message, suggestion] = issue.message.split("\n");
      return { ...about, message: `${issue.path.map(String).join(".") || "The block"}: ${message}`, suggestion: suggestion || "Give another value at launch, or mend the runbook." };
    });
  }
  const findings = step.kind === "check" ? (catalogue.checks.get(step.type)?.lint?.(input) ?? []) : [];
  return findings.map((f) => ({ ...about, message: f.message, suggestion: f.suggestion }));
}
