import { z } from "zod";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Path, Yaml } from "../parse/yaml.ts";
import { didYouMean } from "../nearest.ts";
import type { Json } from "../runbook.ts";

type Issue = z.core.$ZodIssue;

/**
 * Checks a value against a schema. Each fault points into `yaml`, where `value` was read from. `alsoKnown` are keys that
 * the schema does not know and that may be proposed for a misspelt one. A schema's own message is shown as it is; when it
 * has two lines, the second is the suggestion.
 */
export function checkShape<T>(
  schema: z.ZodType<T>,
  value: Json,
  yaml: Yaml,
  alsoKnown: readonly string[] = [],
): { data: T; faults: readonly [] } | { data: null; faults: readonly (Fault & { readonly path: Path })[] } {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, faults: [] };
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, [], { schema, value, yaml, alsoKnown }));
  return { data: null, faults };
}

type Where = { readonly schema: z.ZodType; readonly value: Json; readonly yaml: Yaml; readonly alsoKnown: readonly string[] };

function faultsOf(issue: Issue, base: Path, where: Where): (Fault & { path: Path })[] {
  const path = asWritten(where.value, [...base, ...issue.path.map((p) => (typeof p === "number" ? p : String(p)))]);
  const at = where.yaml.valueAt(path);
  const one = (fault: Fault) => [{ ...fault, path }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = [...keysAt(where.schema, path), ...(path.length === 0 ? where.alsoKnown : [])];
        const range = where.yaml.keyAt([...path, key]);
        return { ...errorAt("unknown-key", range, `${quoted(key)} is not a key here.`, didYouMean(key, known, "Leave it out.")), path: [...path, key] };
      });
    case "invalid_type": {
      if (valueAt(where.value, path) === null) return one(errorAt("bad-value", at, "This key has no value.", "Write one behind the colon, or leave the key out."));
      if (valueAt(where.value, path) !== undefined) return one(ownWords(issue, at) ?? errorAt("bad-value", at, `This must be ${typeWords[issue.expected] ?? "something else"}.`, typeHelp(issue.expected)));
      const key = String(path.at(-1) ?? "");
      const parent = path.slice(0, -1);
      const range = parent.length === 0 ? at : where.yaml.keyAt(parent);
      return one(errorAt("missing-key", range, `${quoted(key)} is missing.`, `Add a line \`${key}: ...\`.`));
    }
    case "invalid_value":
      return one(errorAt("bad-value", at, "This is not one of the possible values.", didYouMean(String(valueAt(where.value, path)), issue.values.map(String), changeIt)));
    case "invalid_union":
      return fromUnion(issue, path, where) ?? one(errorAt("bad-value", at, "This has none of the possible forms.", changeIt));
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => faultsOf(inner, path, where)).map((f) => (issue.code === "invalid_key" ? { ...f, range: where.yaml.keyAt(path), path } : f));
    case "too_small":
    case "too_big":
      return one(errorAt("bad-value", at, sizeWords(issue), changeIt));
    default:
      return one(ownWords(issue, at) ?? errorAt("bad-value", at, "This has not the expected form.", changeIt));
  }
}

/** Of the forms a value can have, the author most likely meant the one whose type fits: its faults are the ones to show. */
function fromUnion(issue: Extract<Issue, { code: "invalid_union" }>, path: Path, where: Where): (Fault & { path: Path })[] | null {
  const value = valueAt(where.value, path);
  const isGroup = value !== null && typeof value === "object";
  const fitting = issue.errors.filter((issues) => !issues.some((i) => i.path.length === 0 && (i.code === "invalid_type" || (i.code === "invalid_value" && isGroup))));
  const best = fitting.toSorted((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((inner) => faultsOf(inner, path, where));
  const expected = issue.errors.flatMap((issues) => issues.flatMap((i) => (i.code === "invalid_type" ? [typeWords[i.expected] ?? i.expected] : [])));
  if (expected.length === 0) return null;
  if (value === undefined) return faultsOf({ code: "invalid_type", expected: "string", path: [], message: "", input: undefined }, path, where);
  return [{ ...errorAt("bad-value", where.yaml.valueAt(path), `This must be ${[...new Set(expected)].join(" or ")}.`, changeIt), path }];
}

const changeIt = "Change it so that it fits.";

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of keys",
  record: "a group of keys",
};

function typeHelp(expected: string): string {
  if (expected === "string") return "Put quotes around it.";
  if (expected === "array") return "Write [a, b], or one `- item` a line.";
  if (expected === "boolean") return "Write true or false without quotes.";
  if (expected === "object" || expected === "record") return "Write `key: value` lines, indented below this key.";
  return "Write it without quotes.";
}

function sizeWords(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const limit = issue.code === "too_small" ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`;
  if (issue.origin === "string") return `This text must have ${limit} characters.`;
  if (issue.origin === "array") return `This list must have ${limit} entries.`;
  return `This must be ${limit}.`;
}

/** What the schema says itself; null when it says nothing, so that the library's default words would be all there is. */
function ownWords(issue: Issue, at: Fault["range"]): Fault | null {
  if (issue.code !== "custom" && /^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return null;
  const [message, suggestion] = issue.message.split("\n");
  return errorAt("bad-value", at, message || "This is wrong.", suggestion || changeIt);
}

/** A schema may read one value as a list of one; its faults then point into a list that nobody wrote. */
function asWritten(value: Json, path: Path): Path {
  if (path.length === 0) return path;
  const parent = path.length > 1 ? valueAt(value, path.slice(0, -1)) : value;
  return parent !== null && typeof parent === "object" ? path : asWritten(value, path.slice(0, -1));
}

function valueAt(value: Json, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const part of path) {
    if (here === null || typeof here !== "object" || !Object.hasOwn(here, part)) return undefined;
    here = (here as Readonly<Record<string | number, Json>>)[part];
  }
  return here;
}

/** The keys that a schema knows at a place. Read from its JSON Schema, which sees through optional, default and refined parts. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  try {
    let places: readonly unknown[] = [z.toJSONSchema(schema, { unrepresentable: "any", io: "input" })];
    for (const part of path) places = places.flatMap(branches).map((place) => child(place, part));
    return places.flatMap(branches).flatMap((place) => Object.keys(property(place, "properties") ?? {}));
  } catch {
    return [];
  }
}

function branches(place: unknown): readonly unknown[] {
  const several = ["anyOf", "oneOf", "allOf"].flatMap((k) => property(place, k) ?? []);
  return [place, ...several.flatMap(branches)];
}

function child(place: unknown, part: string | number): unknown {
  if (typeof part === "number") return property(place, "items");
  return property(property(place, "properties"), part) ?? property(place, "additionalProperties");
}

function property(value: unknown, key: string): object | undefined {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return found !== null && typeof found === "object" ? found : undefined;
}
