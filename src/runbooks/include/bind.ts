import { bindCondition, bothConditions } from "../condition.ts";
import type { Binding } from "../condition.ts";
import { mapStrings } from "../fill.ts";
import { given } from "../given.ts";
import { placeholdersIn } from "../placeholder.ts";
import type { Json, Mode, Step } from "../runbook.ts";

/** What a parameter of the included runbook becomes: a text of the including one, still with placeholders. */
export type Bindings = ReadonlyMap<string, string>;

/** What the including step says of every step it brings in. */
export type Around = {
  readonly id: string;
  readonly phase: string;
  readonly when?: string | undefined;
  readonly only?: readonly Mode[] | undefined;
  readonly track?: string | undefined;
  readonly runbook: { readonly runbook: string; readonly hash: string };
  /** Ids of the objectives that the including runbook has. */
  readonly objectives: ReadonlySet<string>;
};

/** A step of an included runbook as a step of the including one; null when it can never be on the branch. `needs` is not yet translated. */
export function bindStep(step: Step, bindings: Bindings, around: Around): Step | null {
  const when = step.when === undefined ? true : bindCondition(step.when, conditionBindings(bindings));
  const only = bothModes(around.only, step.only);
  if (when === false || only?.length === 0) return null;
  const { when: _when, only: _only, track: _track, objective, ...rest } = step;
  return {
    ...bindValues(rest, bindings),
    id: idWithin(around.id, step.id),
    phase: around.phase,
    included: step.included ?? around.runbook,
    ...given({
      when: bothConditions(around.when, when === true ? undefined : when),
      only,
      track: around.track ?? step.track,
      objective: objective !== undefined && around.objectives.has(objective) ? objective : undefined,
    }),
  };
}

/** The id of an included step stands below the step that includes it: included twice, it has two. */
export function idWithin(host: string, id: string): string {
  return `${host}.${id}`;
}

/** A condition compares a name with a constant, so a parameter in one must be bound to a name or to a constant. */
function conditionBindings(bindings: Bindings): ReadonlyMap<string, Binding> {
  return new Map(
    [...bindings].map(([name, text]): [string, Binding] => {
      const [only] = placeholdersIn(text);
      return [name, only?.whole ? { name: only.name } : { value: text.replaceAll("$${", "${") }];
    }),
  );
}

function bindValues<S extends Pick<Step, "kind">>(step: S, bindings: Bindings): S {
  const put = (value: Json): Json => mapStrings(value, (text) => bindText(text, bindings));
  const all: Readonly<Record<string, unknown>> = step;
  switch (step.kind) {
    case "check":
    case "action":
      return { ...step, input: put(all["input"] as Json) };
    case "wait":
      return all["until"] === null ? step : { ...step, until: { ...(all["until"] as object), input: put((all["until"] as { input: Json }).input) } };
    case "announce":
      return { ...step, audience: put(String(all["audience"])), text: put(String(all["text"])) };
    default:
      return step;
  }
}

/** Text with each bound placeholder replaced by its text; a number that is known becomes one. */
function bindText(text: string, bindings: Bindings): Json {
  const [only] = placeholdersIn(text);
  const number = only?.whole ? /^(.*):number$/.exec(only.name)?.[1] : undefined;
  if (number !== undefined) {
    const to = bindings.get(number);
    if (to === undefined) return text;
    const [inner] = placeholdersIn(to);
    return inner?.whole ? `\${${inner.name}:number}` : Number(to);
  }
  let out = "";
  let from = 0;
  for (const { name, from: begin, to, closed } of placeholdersIn(text)) {
    const value = closed ? bindings.get(name) : undefined;
    out += text.slice(from, begin) + (value ?? text.slice(begin, to));
    from = to;
    // A dollar at the end of a value and a brace behind it would together begin a placeholder that nobody wrote.
    if (value?.endsWith("$") && text.charAt(to) === "{") out += "$";
  }
  return out + text.slice(from);
}

function bothModes(a: readonly Mode[] | undefined, b: readonly Mode[] | undefined): readonly Mode[] | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.filter((mode) => b.includes(mode));
}
