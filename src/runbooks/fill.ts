import { DrillbookError } from "../errors.ts";
import { placeholdersIn, replacePlaceholders } from "./placeholder.ts";
import type { Json, Parameter } from "./runbook.ts";

/** What the compiler writes for a value that is nothing but a number parameter, so that filling needs no types. */
const numberMark = ":number";

/**
 * Replaces every `${name}` in the strings of a compiled step's input. A value is put in once and never searched for
 * placeholders again. Throws `bad-input` when a name has no value.
 */
export function fill(input: Json, params: Readonly<Record<string, string>>): Json {
  const valueOf = (name: string): string => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value !== undefined) return value;
    throw new DrillbookError("bad-input", `The parameter \`${name}\` has no value.`, "Give it at launch.");
  };
  return mapStrings(input, (text) => {
    const [only] = placeholdersIn(text);
    if (only?.whole && only.name.endsWith(numberMark)) return Number(valueOf(only.name.slice(0, -numberMark.length)));
    return replacePlaceholders(text, valueOf);
  });
}

/** The names of the placeholders in an input, at any depth, once for each time they stand there. */
export function namesIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return placeholdersIn(value).map((p) => p.name.replace(/:number$/, ""));
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap((part: Json) => namesIn(part));
}

/** Marks the values that are to become numbers when they are filled. */
export function markNumbers(input: Json, parameters: readonly Parameter[]): Json {
  const numbers = new Set(parameters.filter((p) => p.type === "number").map((p) => p.name));
  return mapStrings(input, (text) => {
    const [only] = placeholdersIn(text);
    return only?.whole && numbers.has(only.name) ? `\${${only.name}${numberMark}}` : text;
  });
}

/** The same data with each string replaced by what `change` makes of it. Keys stay. */
export function mapStrings(input: Json, change: (text: string) => Json): Json {
  if (typeof input === "string") return change(input);
  if (Array.isArray(input)) return input.map((item: Json) => mapStrings(item, change));
  if (input === null || typeof input !== "object") return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, mapStrings(value, change)]));
}
