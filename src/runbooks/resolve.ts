import { didYouMean } from "./nearest.ts";
import { problemWithValue } from "./parameter-value.ts";
import type { Runbook } from "./runbook.ts";

export type ParameterProblem = { readonly parameter: string; readonly message: string; readonly suggestion: string };

export type Resolved = {
  /** Complete and checked when there are no problems. */
  readonly params: Readonly<Record<string, string>>;
  readonly problems: readonly ParameterProblem[];
};

/** Checks what was given at launch against the runbook's parameters and adds the defaults. All problems at once. */
export function resolve(runbook: Pick<Runbook, "parameters">, given: Readonly<Record<string, string>>): Resolved {
  const names = runbook.parameters.map((p) => p.name);
  const problems: ParameterProblem[] = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      parameter: name,
      message: "This runbook has no such parameter.",
      suggestion: didYouMean(name, names, "Start it without parameters."),
    }));

  const params: [string, string][] = [];
  for (const parameter of runbook.parameters) {
    const { name } = parameter;
    const value = Object.hasOwn(given, name) ? given[name]?.trim() : parameter.default;
    if (value === undefined || value === null || (value === "" && parameter.default !== "")) {
      problems.push({ parameter: name, message: `${parameter.label} is missing.`, suggestion: "Give a value: the runbook sets none." });
      continue;
    }
    const problem = problemWithValue(parameter, value);
    if (problem === null) params.push([name, value]);
    else problems.push({ parameter: name, ...problem });
  }
  return { params: Object.fromEntries(params), problems };
}
