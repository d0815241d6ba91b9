import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import { peopleIn } from "./people-of-roles.ts";
import type { Rule } from "./rule.ts";

/** An approval that more people must give than there are would stop every drill for as long as it may take. */
export const quorumNeverMet: Rule = {
  id: "quorum-never-met",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }): readonly Fault[] => {
      const yaml = part.block?.body;
      if (step?.kind !== "approval" || !yaml) return [];
      const twice = (step.also ?? []).filter((also) => also.role === step.role);
      const all = [{ role: step.role, quorum: step.quorum, range: yaml.valueAt(["quorum"]) }, ...(step.also ?? []).map((a) => ({ ...a, range: yaml.valueAt(["also", a.role]) }))];
      return [
        ...twice.map((also) => errorAt("quorum-never-met", yaml.keyAt(["also", also.role]), "This is the step's own role, whose number stands under `quorum`.", "Add the two numbers, and leave this one out.")),
        ...all.flatMap(({ role, quorum, range }) => {
          const people = peopleIn(role, draft);
          if (people === null || quorum <= people.length) return [];
          return [errorAt("quorum-never-met", range, `${quorum} must agree, and the role \`${role}\` has ${people.length === 1 ? "one person" : `${people.length} people`}.`, "Lower the number, or add people to the group.")];
        }),
      ];
    }),
  examples: {
    good: ["---\nroles: { approver: trio }\n---\n# Title\n\n## Yes?\n\n```approval\nquorum: 3\n```\n\n## Go\n\n```action example\n```\n"],
    bad: [
      "---\nroles: { approver: trio }\n---\n# Title\n\n## Yes?\n\n```approval\nquorum: «4»\n```\n\n## Go\n\n```action example\n```\n",
      "---\nroles: { approver: trio, board: one }\n---\n# Title\n\n## Yes?\n\n```approval\nalso: { board: «2», «approver»: 1 }\n```\n\n## Go\n\n```action example\n```\n",
    ],
  },
};
