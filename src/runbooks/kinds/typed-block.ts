import type { z } from "zod";
import type { CheckFacts } from "../catalogue.ts";
import { fill, markNumbers, namesIn } from "../fill.ts";
import { didYouMean } from "../nearest.ts";
import { exampleIds } from "../parameter-value.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Path } from "../parse/yaml.ts";
import type { Json, Parameter } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import type { KindInput } from "./step-kind.ts";

type Facts = { readonly schema: z.ZodType; readonly lint?: CheckFacts["lint"] };
type Typed = { readonly type: string; readonly input: Json };

/** A block whose second word is a type of the catalogue: its keys are checked with default or example values filled in. */
export function readTyped(input: KindInput, known: ReadonlyMap<string, Facts>): { typed: Typed | null; faults: readonly Fault[] } {
  const { block } = input.part;
  if (block === null) return { typed: null, faults: [] };
  const [type, extra] = block.words;
  const names = [...known.keys()];
  if (type === undefined) {
    const fault = errorAt("unknown-type", block.info, `A block of kind \`${block.kind}\` needs a type.`, `Write \`${block.kind} <type>\`. ${didYouMean("", names, "")}`.trim());
    return { typed: null, faults: [fault] };
  }
  if (extra !== undefined) {
    return { typed: null, faults: [errorAt("unknown-type", extra.range, "Nothing may follow the type.", "Leave it out; settings are keys inside the block.")] };
  }
  const facts = known.get(type.text);
  if (facts === undefined) {
    const fault = errorAt("unknown-type", type.range, `There is no ${block.kind} ${quoted(type.text)}.`, didYouMean(type.text, names, "Ask whoever runs Drillbook what is installed."));
    return { typed: null, faults: [fault] };
  }
  const faults = faultsInBody(input, facts);
  const typed = { type: type.text, input: markNumbers(input.own, input.parameters ?? []) };
  return { typed: faults.length > 0 ? null : typed, faults };
}

function faultsInBody(input: KindInput, facts: Facts): readonly Fault[] {
  const yaml = input.part.block?.body ?? null;
  // Without the parameters nothing can be filled in, and every fault found would be a consequence of the first.
  if (yaml === null || input.parameters === null) return [];
  const { filled, unsure } = withExamples(input.own, input.parameters);
  const { faults } = checkShape(facts.schema, filled, yaml, commonKeys);
  const certain = faults.filter((fault) => !unsure(fault.path));
  if (faults.length > 0) return certain;
  const findings = facts.lint?.(filled) ?? [];
  return findings.filter((f) => !unsure(f.path)).map((f) => errorAt("bad-value", yaml.valueAt(f.path), f.message, f.suggestion));
}

/**
 * The body as it might be at launch. `unsure` tells whether a fault at a path may come from an example instead of from
 * the author: a text, number or resource without a default can be anything, so only the launch can judge it.
 */
function withExamples(own: Json, parameters: readonly Parameter[]): { filled: Json; unsure: (path: Path) => boolean } {
  const marked = markNumbers(own, parameters);
  const examples = new Map(parameters.map((p) => [p.name, exampleOf(p)]));
  const anything = new Set(parameters.filter((p) => p.default === null && p.type !== "choice" && p.type !== "recovery-plan").map((p) => p.name));
  const values: Record<string, string> = Object.fromEntries(examples);
  const unknown = new Set<string>();
  for (const name of namesIn(marked)) {
    if (Object.hasOwn(values, name)) continue;
    values[name] = "example";
    unknown.add(name);
  }
  const unsure = (path: Path) => namesIn(partAt(own, path)).some((name) => anything.has(name) || unknown.has(name));
  return { filled: fill(marked, values), unsure };
}

function exampleOf(parameter: Parameter): string {
  if (parameter.default !== null) return parameter.default;
  switch (parameter.type) {
    case "recovery-plan":
    case "azure-resource":
    case "server":
      return exampleIds[parameter.type];
    case "number":
      return "1";
    case "choice":
      return parameter.choices[0] ?? "";
    case "text":
      return "example";
  }
}

function partAt(value: Json, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const key of path) {
    if (here === null || here === undefined || typeof here !== "object") return here;
    here = (here as Readonly<Record<string | number, Json>>)[key];
  }
  return here;
}
