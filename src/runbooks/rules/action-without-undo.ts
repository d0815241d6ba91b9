import { warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** What nothing takes back and nobody is reminded of stays as the drill left it. */
export const actionWithoutUndo: Rule = {
  id: "action-without-undo",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }) => {
      if (step?.kind !== "action" || step.undo !== undefined || part.block === null) return [];
      const facts = draft.catalogue.actions.get(step.type);
      if (facts === undefined || facts.undo !== null || (facts.obligations?.length ?? 0) > 0 || isUndo(step.type, draft.catalogue.actions)) return [];
      return [warningAt("action-without-undo", part.block.info, "Nothing takes this action back, and it leaves nothing owed.", "Say how people take it back with `undo:`, or write `undo: { none: <the reason> }`.")];
    }),
  examples: {
    good: [
      "# Title\n\n## Go\n\n```action example\nundo: Set the old value again in the portal.\n```\n\n## Go on\n\n```action example\nundo: { none: Nothing is changed by it }\n```\n\n## Clean up\n\n```action take-back\n```\n\n## Start\n\n```action reversible\n```\n",
    ],
    bad: ["# Title\n\n## Go\n\n```«action example»\n```\n"],
  },
};

/** An action that takes another one back needs no undo of its own. */
function isUndo(type: string, actions: ReadonlyMap<string, { readonly undo: string | null }>): boolean {
  return [...actions.values()].some((facts) => facts.undo === type);
}
