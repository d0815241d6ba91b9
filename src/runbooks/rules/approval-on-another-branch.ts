import { errorAt } from "../parse/diagnostic.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Rule } from "./rule.ts";

/** An approval that is left out releases nothing: an action behind it that is not left out could never start. */
export const approvalOnAnotherBranch: Rule = {
  id: "approval-on-another-branch",
  find: (draft) => {
    const branch = (i: number, key: string): string => JSON.stringify(asMap(draft.steps[i]?.part.block?.body?.value)[key] ?? null);
    return draft.steps.flatMap(({ kind, part }, i) => {
      const approval = draft.steps.findLastIndex((s, a) => s.kind === "approval" && draft.order.before(a, i));
      if (kind !== "action" || part.block === null || approval < 0) return [];
      const same = ["when", "only"].every((key) => branch(approval, key) === "null" || branch(approval, key) === branch(i, key));
      return same ? [] : [errorAt("approval-on-another-branch", part.block.info, `The approval before this action is on another branch.`, "Give the action the same `when` and `only` as its approval, or the approval none.")];
    });
  },
  examples: {
    good: ["---\nparameters: { p: { type: text } }\n---\n# Title\n\n## Yes?\n\n```approval\nwhen: p == 'x'\n```\n\n## Go\n\n```action example\nwhen: p == 'x'\n```\n\n## Again?\n\n```approval\n```\n\n## Go again\n\n```action example\nwhen: p == 'y'\n```\n"],
    bad: ["# Title\n\n## Yes?\n\n```approval\nonly: test\n```\n\n## Go\n\n```«action example»\n```\n"],
  },
};
