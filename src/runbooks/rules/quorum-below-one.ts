import { errorAt } from "../parse/diagnostic.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Rule } from "./rule.ts";

/** An approval that needs nobody would release its actions by itself. */
export const quorumBelowOne: Rule = {
  id: "quorum-below-one",
  find: (draft) =>
    draft.steps.flatMap(({ kind, part }) => {
      const yaml = part.block?.body;
      const quorum = asMap(yaml?.value)["quorum"];
      if (kind !== "approval" || !yaml || typeof quorum !== "number" || quorum >= 1) return [];
      return [errorAt("quorum-below-one", yaml.valueAt(["quorum"]), "At least one person must agree.", "Write `quorum: 1` or more.")];
    }),
  examples: {
    good: ["# Title\n\n## Yes?\n\n```approval\nquorum: 1\n```\n\n## Go\n\n```action example\n```\n"],
    bad: ["# Title\n\n## Yes?\n\n```approval\nquorum: «0»\n```\n\n## Go\n\n```action example\n```\n"],
  },
};
