import { namesInCondition } from "../condition.ts";
import { commonKeys } from "../kinds/common.ts";
import type { Range } from "../parse/diagnostic.ts";
import type { Yaml, WrittenString } from "../parse/yaml.ts";
import { placeholdersIn } from "../placeholder.ts";
import { answersOf } from "../runbook.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Draft } from "./rule.ts";

/** `step` counts from 0: what is asked in that step or later cannot be used there. */
export type ParameterUse = { readonly name: string; readonly closed: boolean; readonly range: Range; readonly step: number; readonly inCondition: boolean };

const filled: readonly string[] = ["check", "action", "wait", "announce", "include"];

/** Every `${name}` in the blocks of checks, actions, waits, announcements and includes, which are the only places where one is replaced, and every name in a condition. */
export function parameterUses(draft: Draft): readonly ParameterUse[] {
  const known = found.get(draft) ?? findUses(draft);
  found.set(draft, known);
  return known;
}

/** Four rules ask for the same. */
const found = new WeakMap<Draft, readonly ParameterUse[]>();

function findUses(draft: Draft): readonly ParameterUse[] {
  return draft.steps.flatMap(({ kind, part }, step) => {
    const yaml = part.block?.body;
    if (!yaml) return [];
    const when = asMap(yaml.value)["when"];
    const conditions = typeof when === "string" ? namesInCondition(when).map((name) => ({ name, closed: true, range: yaml.valueAt(["when"]), step, inCondition: true })) : [];
    if (!filled.includes(kind)) return conditions;
    const uses = yaml.strings.filter((s) => !commonKeys.includes(String(s.path[0]))).flatMap((s) => usesIn(s, yaml));
    return [...uses.map((use) => ({ ...use, step, inCondition: false })), ...conditions];
  });
}

/** The names that the front matter declares, even where what it says of them is wrong. */
export function declaredParameters(draft: Draft): readonly string[] {
  return Object.keys(asMap(asMap(draft.document.front?.value)["parameters"]));
}

/** The names that steps ask people for, in order, even where what they say of them is wrong. */
export function askedNames(draft: Draft): readonly { readonly name: string; readonly range: Range; readonly step: number }[] {
  return draft.steps.flatMap(({ kind, part, included }, step) => {
    const yaml = part.block?.body;
    if (!yaml) return [];
    const body = asMap(yaml.value);
    const within = included?.nodes.flatMap((node) => (node.step === null ? [] : answersOf(node.step)));
    if (within !== undefined) return within.map(({ name }) => ({ name, range: part.block?.info ?? part.heading.range, step }));
    if (kind === "ask") return Object.keys(asMap(body["answers"])).map((name) => ({ name, range: yaml.keyAt(["answers", name]), step }));
    return kind === "decide" && typeof body["name"] === "string" ? [{ name: body["name"], range: yaml.valueAt(["name"]), step }] : [];
  });
}

function usesIn(string: WrittenString, yaml: Yaml): readonly Omit<ParameterUse, "step" | "inCondition">[] {
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
