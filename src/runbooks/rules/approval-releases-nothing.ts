import { warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** An approval binds to the actions behind it; with none there, people are woken to agree to nothing. */
export const approvalReleasesNothing: Rule = {
  id: "approval-releases-nothing",
  find: (draft) => {
    const lastAction = draft.steps.findLastIndex((step) => step.kind === "action");
    return draft.steps.flatMap(({ kind, part }, i) =>
      kind === "approval" && part.block !== null && i > lastAction
        ? [warningAt("approval-releases-nothing", part.block.info, "No action stands behind this approval: it releases nothing.", "Move it above the action, or make it a manual step.")]
        : [],
    );
  },
  examples: {
    good: ["# Title\n\n## Owners agree\n\n```approval\n```\n\n## Managers agree\n\n```approval\nrole: owner\n```\n\n## Go\n\n```action example\n```\n"],
    bad: ["# Title\n\n## Go\n\n```action example\n```\n\n## Yes?\n\n```«approval»\nquorum: 2\n```\n"],
  },
};
