import { didYouMean } from "./nearest.ts";
import { problemWithValue } from "./parameter-value.ts";
import { idOfResource } from "./resources.ts";
import type { Resources } from "./resources.ts";
import type { Runbook } from "./runbook.ts";

export type ParameterProblem = { readonly parameter: string; readonly message: string; readonly suggestion: string };

export type Resolved = {
  /** Complete and checked when there are no problems. */
  readonly params: Readonly<Record<string, string>>;
  readonly problems: readonly ParameterProblem[];
};

/** Checks what was given at launch against the runbook's parameters and adds the defaults. All problems at once. A resource may be given by its alias. */
export function resolve(runbook: Pick<Runbook, "parameters">, given: Readonly<Record<string, string>>, resources?: Resources): Resolved {
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
    const written = Object.hasOwn(given, name) ? given[name]?.trim() : parameter.default;
    const isResource = parameter.type === "recovery-plan" || parameter.type === "azure-resource" || parameter.type === "server";
    const value = isResource && written ? idOfResource(written, resources) : written;
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
