import { canHold, comparedWith } from "../condition.ts";
import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import { answersOf } from "../runbook.ts";
import type { Draft, Rule } from "./rule.ts";

/** A step that no answer leads to looks as if somebody will do it, and nobody will. */
export const unreachableStep: Rule = {
  id: "unreachable-step",
  find: (draft) => {
    const choices = choicesOf(draft);
    return draft.steps.flatMap(({ common, part }): readonly Fault[] => {
      const yaml = part.block?.body;
      if (!common || !yaml) return [];
      const inMode = common.only === undefined || common.only.some((mode) => mode === "rehearsal" || mode === draft.mode);
      if (!inMode) return [errorAt("unreachable-step", yaml.valueAt(["only"]), `A runbook with \`mode: ${draft.mode}\` never runs in these modes.`, `Leave \`only\` out, or add \`${draft.mode}\`.`)];
      if (common.when === undefined) return [];
      const range = yaml.valueAt(["when"]);
      const unknown = comparedWith(common.when).find(({ name, value }) => value !== "" && choices.get(name)?.includes(value) === false);
      if (unknown !== undefined) {
        return [errorAt("unreachable-step", range, `${quoted(unknown.name)} is never ${quoted(unknown.value)}.`, didYouMean(unknown.value, (choices.get(unknown.name) ?? []).filter((value) => value !== ""), "Write one of its choices."))];
      }
      return canHold(common.when, choices) ? [] : [errorAt("unreachable-step", range, "This never holds, whatever is chosen.", "Write `||` where either is enough, or delete the step.")];
    });
  },
  examples: {
    good: [
      "# Title\n\n## Way\n\n```decide\nname: way\noptions: { on: Go on, back: Go back }\ntimeout: 1h\n```\n\n## On\n\n```check example\nwhen: way == 'on' || way in ['back']\nonly: test\n```\n",
      "---\nparameters: { count: { type: number } }\n---\n# Title\n\n## Step\n\n```check example\nwhen: count > 3 && count < 4\n```\n",
    ],
    bad: [
      "# Title\n\n## Way\n\n```decide\nname: way\noptions: { on: Go on, back: Go back }\ntimeout: 1h\n```\n\n## On\n\n```check example\nwhen: «way == 'onn'»\n```\n\n## Both\n\n```check example\nwhen: «way == 'on' && way == 'back'»\n```\n",
      "---\nparameters: { count: { type: number } }\n---\n# Title\n\n## Step\n\n```check example\nwhen: «count > 3 && !(count >= 2)»\n```\n\n## Live\n\n```check example\nonly: «live»\n```\n",
    ],
  },
};

/** The values that a parameter or an answer can have, where there are only so many. Where it may not be asked, none is one of them. */
function choicesOf(draft: Draft): ReadonlyMap<string, readonly string[]> {
  const given = (draft.front?.parameters ?? []).filter((p) => p.type === "choice").map((p): [string, readonly string[]] => [p.name, p.choices]);
  const steps = draft.steps.flatMap((each) => (each.step !== null ? [each.step] : (each.included?.nodes ?? []).flatMap((node) => node.step ?? [])));
  const asked = steps.flatMap((step) =>
    answersOf(step).filter((a) => a.type === "choice").map((a): [string, readonly string[]] => [a.name, step.when === undefined && step.only === undefined ? a.choices : [...a.choices, ""]]),
  );
  return new Map([...given, ...asked]);
}
