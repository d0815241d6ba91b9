import { namesIn } from "../fill.ts";
import { warningAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** A check that passes whatever is answered, or that proves something and changes nothing when it fails, proves nothing. */
export const checkCannotFail: Rule = {
  id: "check-cannot-fail",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }): readonly Fault[] => {
      if (step === null || part.block === null || (step.kind !== "check" && step.kind !== "wait")) return [];
      const look = step.kind === "check" ? step : step.until;
      if (look === null) return [];
      const canFail = namesIn(look.input).length > 0 || (draft.catalogue.checks.get(look.type)?.canFail?.(look.input) ?? true);
      if (!canFail) return [warningAt("check-cannot-fail", part.block.info, "Every answer satisfies this check.", "Say what the right answer is.")];
      const proves = step.objective !== undefined || (step.marks ?? []).length > 0;
      if (!proves || step.onFail !== "continue") return [];
      return [warningAt("check-cannot-fail", part.block.body?.valueAt(["onFail"]) ?? part.block.info, "This step is to prove something, and the drill goes on when it fails.", "Write `onFail: ask`, or `stop`.")];
    }),
  examples: {
    good: ["# Title\n\n## Look\n\n```check example\nonFail: continue\n```\n\n## Prove\n\n```check example\nmarks: service-proved\n```\n"],
    bad: ["# Title\n\n## Look\n\n```«check always»\n```\n\n## Prove\n\n```check example\nmarks: service-proved\nonFail: «continue»\n```\n"],
  },
};
