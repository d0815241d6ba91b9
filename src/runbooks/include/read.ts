import { namesInCondition } from "../condition.ts";
import { includeBody } from "../kinds/include.ts";
import { didYouMean } from "../nearest.ts";
import { problemWithValue } from "../parameter-value.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { StepPart } from "../parse/document.ts";
import type { Yaml } from "../parse/yaml.ts";
import { placeholdersIn } from "../placeholder.ts";
import type { Json, Parameter, Runbook } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import type { Bindings } from "./bind.ts";

/** Looks a runbook up and compiles it; or says in two sentences why it cannot be included. */
export type Includes = (id: string) => { readonly runbook: Runbook } | { readonly message: string; readonly suggestion: string };

type Found = { readonly runbook: Runbook; readonly bindings: Bindings };

/** The runbook that an `include` block names, and what its parameters become here; null when there is a fault. */
export function readInclude(part: StepPart, own: Readonly<Record<string, Json>>, parameters: readonly Parameter[] | null, includes: Includes): { found: Found | null; faults: readonly Fault[] } {
  const { block } = part;
  if (block === null || block.body === null) return { found: null, faults: [] };
  const [name, extra] = block.words;
  const refuse = (fault: Fault) => ({ found: null, faults: [fault] });
  if (name === undefined) return refuse(errorAt("unknown-type", block.info, "This does not say which runbook to include.", "Write its id behind the word: `include cut-over-dns`."));
  if (extra !== undefined) return refuse(errorAt("unknown-type", extra.range, "Nothing may follow the runbook's id.", "Leave it out; values for it stand under `with:`."));
  const shape = checkShape(includeBody, own, block.body, ["when", "only", "needs", "track"]);
  const found = includes(name.text);
  if ("message" in found) return { found: null, faults: [...shape.faults, errorAt("cannot-include", name.range, found.message, found.suggestion)] };
  if (shape.data === null) return { found: null, faults: shape.faults };

  const { runbook } = found;
  const texts = new Map(Object.entries(shape.data.with ?? {}).map(([key, value]) => [key, String(value)]));
  const faults = [...unknownNames(texts, runbook, block.body), ...runbook.parameters.flatMap((p) => problemsWith(p, texts.get(p.name), runbook, parameters, block.body ?? null, block.info))];
  if (faults.length > 0) return { found: null, faults };
  return { found: { runbook, bindings: new Map(runbook.parameters.map((p) => [p.name, texts.get(p.name) ?? asLiteral(p.default ?? "")])) }, faults: [] };
}

function unknownNames(texts: ReadonlyMap<string, string>, runbook: Runbook, yaml: Yaml): readonly Fault[] {
  const known = runbook.parameters.map((p) => p.name);
  return [...texts.keys()]
    .filter((key) => !known.includes(key))
    .map((key) => errorAt("unknown-parameter", yaml.keyAt(["with", key]), `The runbook \`${runbook.id}\` has no parameter ${quoted(key)}.`, didYouMean(key, known, "It has none at all: leave `with` out.")));
}

function problemsWith(parameter: Parameter, text: string | undefined, runbook: Runbook, outer: readonly Parameter[] | null, yaml: Yaml | null, info: Fault["range"]): readonly Fault[] {
  const { name } = parameter;
  if (text === undefined) {
    if (parameter.default !== null) return [];
    return [errorAt("missing-key", info, `The runbook \`${runbook.id}\` needs a value for \`${name}\`.`, `Add \`with: { ${name}: ... }\`.`)];
  }
  const range = yaml?.valueAt(["with", name]) ?? info;
  const placeholders = placeholdersIn(text);
  const [first] = placeholders;
  if (first === undefined) {
    const problem = problemWithValue(parameter, text);
    return problem === null ? [] : [errorAt("bad-value", range, problem.message, problem.suggestion)];
  }
  if (first.whole) {
    const given = outer?.find((p) => p.name === first.name);
    if (given === undefined || parameter.type === "text" || fits(given, parameter)) return [];
    return [errorAt("bad-value", range, `\`${name}\` there is of the type ${parameter.type}, and \`${first.name}\` here is of the type ${given.type}.`, "Give both the same type.")];
  }
  const compared = runbook.steps.some((step) => step.when !== undefined && namesInCondition(step.when).includes(name));
  if (parameter.type === "text" && !compared) return [];
  return [errorAt("bad-value", range, `\`${name}\` is ${compared ? "compared in a condition there" : `of the type ${parameter.type}`}, so it must be one value.`, "Write one `${name}` alone, or a value without any.")];
}

function fits(given: Parameter, wanted: Parameter): boolean {
  if (wanted.type === "choice") return given.type === "choice" && given.choices.every((choice) => wanted.choices.includes(choice));
  return given.type === wanted.type;
}

/** A default is no template: what looks like a placeholder in it is just text. */
function asLiteral(text: string): string {
  return text.replaceAll("${", "$${");
}
