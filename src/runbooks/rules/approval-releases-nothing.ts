import { warningAt } from "../parse/diagnostic.ts";
import type { DraftStep } from "../validate/steps.ts";
import type { Rule } from "./rule.ts";

/** An approval releases what stands behind it and changes something; with nothing there, people are woken for nothing. */
export const approvalReleasesNothing: Rule = {
  id: "approval-releases-nothing",
  find: (draft) => {
    const lastChange = draft.steps.findLastIndex((step) => step.kind === "action" || step.kind === "include" || isHandiwork(step));
    return draft.steps.flatMap(({ kind, part }, i) =>
      kind === "approval" && part.block !== null && i > lastChange
        ? [warningAt("approval-releases-nothing", part.block.info, "Nothing that changes anything stands behind this approval: it releases nothing.", "Move it above the action, or give the step that people perform an `undo:`.")]
        : [],
    );
  },
  examples: {
    good: [
      "# Title\n\n## Agree\n\n```approval\n```\n\n## Move the volume by hand\n\n```manual\nundo: Move it back.\n```\n",
      "# Title\n\n## Owners agree\n\n```approval\n```\n\n## Managers agree\n\n```approval\nrole: owner\n```\n\n## Go\n\n```action example\n```\n"],
    bad: ["# Title\n\n## Go\n\n```action example\n```\n\n## Yes?\n\n```«approval»\nquorum: 2\n```\n"],
  },
};

/** A step of people that changes something says how it is taken back, or why it is not. */
function isHandiwork({ common }: DraftStep): boolean {
  return common?.undo !== undefined;
}
