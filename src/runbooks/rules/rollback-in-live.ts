import { errorAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** In live nothing is undone by itself: taking production back is a decision of its own. */
export const rollbackInLive: Rule = {
  id: "rollback-in-live",
  find: (draft) =>
    draft.mode !== "live"
      ? []
      : draft.steps.flatMap(({ common, part }) => {
          const yaml = part.block?.body;
          if (common?.onFail !== "rollback" || !yaml) return [];
          return [errorAt("rollback-in-live", yaml.valueAt(["onFail"]), "In a live runbook nothing is taken back without asking.", "Write `onFail: ask`, or `stop`.")];
        }),
  examples: {
    good: ["# Title\n\n## Look\n\n```check example\nonFail: rollback\n```\n"],
    bad: ["---\nmode: live\n---\n# Title\n\n## Look\n\n```check example\nonFail: «rollback»\n```\n"],
  },
};
