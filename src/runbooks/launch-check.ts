import type { Catalogue } from "./catalogue.ts";
import { fill, namesIn } from "./fill.ts";
import { misfits } from "./misfits.ts";
import type { Runbook, Step } from "./runbook.ts";

export type InputProblem = { readonly step: string; readonly title: string; readonly message: string; readonly suggestion: string };

/**
 * What is wrong with the steps once they hold the values given at launch. The compiler could not see it: it had examples
 * in their place. `params` are complete, as `resolve` gives them.
 */
export function checkInputs(runbook: Runbook, params: Readonly<Record<string, string>>, catalogue: Catalogue): readonly InputProblem[] {
  return runbook.steps.flatMap((step) => (step.kind === "wait" && step.until !== null ? problemsOf({ ...step, ...step.until, kind: "check" }, params, catalogue) : step.kind === "check" || step.kind === "action" ? problemsOf(step, params, catalogue) : []));
}

function problemsOf(step: Extract<Step, { kind: "check" | "action" }>, params: Readonly<Record<string, string>>, catalogue: Catalogue): readonly InputProblem[] {
  const about = { step: step.id, title: step.title };
  const facts = step.kind === "check" ? catalogue.checks.get(step.type) : catalogue.actions.get(step.type);
  if (facts === undefined) return [{ ...about, message: `There is no ${step.kind} \`${step.type}\` here.`, suggestion: "Install what the runbook was written for, or mend the runbook." }];
  // What people answer while the drill runs is judged when it is about to be used.
  if (namesIn(step.input).some((name) => !Object.hasOwn(params, name))) return [];
  return misfits(facts, fill(step.input, params)).map(({ message, suggestion }) => ({ ...about, message, suggestion }));
}
