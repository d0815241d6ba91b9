import { errorAt, warningAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import { groupOf, peopleIn } from "./people-of-roles.ts";
import type { Rule } from "./rule.ts";

/**
 * Whoever performs the steps that an approval releases does not count for it. When one group does both, one of its people
 * is lost to the approval, and when nobody is left it never ends.
 */
export const approverPerforms: Rule = {
  id: "approver-performs",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }, i): readonly Fault[] => {
      if (step?.kind !== "approval" || part.block === null) return [];
      const next = draft.steps.findIndex((other, j) => other.kind === "approval" && draft.order.before(i, j));
      const released = draft.steps.filter((other, j) => other.kind === "action" && draft.order.before(i, j) && (next < 0 || !draft.order.before(next, j)));
      const same = released.find((other) => other.role === step.role || (groupOf(other.role, draft) !== null && groupOf(other.role, draft) === groupOf(step.role, draft)));
      if (same === undefined) return [];
      const range = part.block.body?.valueAt(["role"]) ?? part.block.info;
      const people = peopleIn(step.role, draft);
      const who = `Whoever performs "${same.part.heading.title}" cannot approve it, and the same people are asked to do both`;
      if (people !== null && people.length - 1 < step.quorum) return [errorAt("approver-performs", range, `${who}: nobody is left.`, "Let another role approve, or another perform.")];
      return [warningAt("approver-performs", range, `${who}.`, "Let another role approve, or make sure that there are more of them than must agree.")];
    }),
  examples: {
    good: ["---\nroles: { approver: trio, operator: pair }\n---\n# Title\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action example\n```\n"],
    bad: [
      "---\nroles: { operator: one }\n---\n# Title\n\n## Yes?\n\n```approval\nrole: «operator»\n```\n\n## Go\n\n```action example\n```\n",
      "---\nroles: { approver: pair, operator: pair }\n---\n# Title\n\n## Yes?\n\n```«approval»\nquorum: 2\n```\n\n## Go\n\n```action example\n```\n",
      "---\nroles: { approver: nobody-knows, operator: nobody-knows }\n---\n# Title\n\n## Yes?\n\n```«approval»\n```\n\n## Go\n\n```action example\n```\n",
    ],
  },
};
