import { commonKeys } from "../kinds/common.ts";
import type { Range } from "../parse/diagnostic.ts";
import type { Yaml, WrittenString } from "../parse/yaml.ts";
import { placeholdersIn } from "../placeholder.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Draft } from "./rule.ts";

export type ParameterUse = { readonly name: string; readonly closed: boolean; readonly range: Range };

/** Every `${name}` in the blocks of checks and actions, which are the only places where one is replaced. */
export function parameterUses(draft: Draft): readonly ParameterUse[] {
  return draft.steps.flatMap(({ kind, part }) => {
    const yaml = part.block?.body;
    if (!yaml || (kind !== "check" && kind !== "action")) return [];
    return yaml.strings.filter((s) => !commonKeys.includes(String(s.path[0]))).flatMap((s) => usesIn(s, yaml));
  });
}

/** The names that the front matter declares, even where what it says of them is wrong. */
export function declaredParameters(draft: Draft): readonly string[] {
  return Object.keys(asMap(asMap(draft.document.front?.value)["parameters"]));
}

function usesIn(string: WrittenString, yaml: Yaml): readonly ParameterUse[] {
  const placeholders = placeholdersIn(string.text);
  const written = placeholdersIn(string.written);
  return placeholders.map(({ name, closed }, i) => {
    // Escapes in double quotes can hide a placeholder from the text as written; then the whole value is pointed at.
    const there = written.length === placeholders.length ? written[i] : undefined;
    const range = there
      ? { from: yaml.place(string.offset + there.from), to: yaml.place(string.offset + there.to) }
      : yaml.valueAt(string.path);
    return { name, closed, range };
  });
}
