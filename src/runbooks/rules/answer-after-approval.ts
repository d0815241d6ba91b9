import { errorAt, quoted } from "../parse/diagnostic.ts";
import { askedNames, parameterUses } from "./parameter-names.ts";
import type { Rule } from "./rule.ts";

/** A condition may still leave the action out after it was approved. Approvers agree to an action with its values: one that is answered after they agreed cannot be part of it. */
export const answerAfterApproval: Rule = {
  id: "answer-after-approval",
  find: (draft) => {
    const asked = askedNames(draft);
    return parameterUses(draft).flatMap(({ name, range, step, inCondition }) => {
      if (inCondition) return [];
      const approval = draft.steps.findLastIndex((s, a) => s.kind === "approval" && draft.order.before(a, step));
      const at = asked.find((a) => a.name === name)?.step ?? -1;
      if (draft.steps[step]?.kind !== "action" || approval < 0 || at <= approval || at >= step) return [];
      const title = draft.steps[approval]?.part.heading.title ?? "";
      return [errorAt("answer-after-approval", range, `${quoted(name)} is answered after the approval that releases this action.`, `Ask for it before "${title}".`)];
    });
  },
  examples: {
    good: ["# Title\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action example\ntext: ${site}\n```\n"],
    bad: ["# Title\n\n## Yes?\n\n```approval\n```\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n\n## Go\n\n```action example\ntext: «${site}»\nwhen: site != 'x'\n```\n"],
  },
};
