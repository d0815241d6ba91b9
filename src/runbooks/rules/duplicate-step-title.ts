import { warningAt } from "../parse/diagnostic.ts";
import { stepId } from "../runbook-id.ts";
import type { Rule } from "./rule.ts";

/** Two steps of one name in one phase cannot be told apart in history, and their ids depend on their order. */
export const duplicateStepTitle: Rule = {
  id: "duplicate-step-title",
  find: (draft) => {
    const seen = new Map<string, number>();
    return draft.steps.flatMap(({ part }) => {
      const id = stepId([...part.path, part.heading.title]);
      const first = seen.get(id);
      if (first === undefined) {
        seen.set(id, part.heading.line);
        return [];
      }
      return [warningAt("duplicate-step-title", part.heading.range, `Duplicate step titles: the step at line ${first} has this title too.`, "Say in the title what is different about this step.")];
    });
  },
  examples: {
    good: ["# Title\n\n## Web\n\n### Verify\n\n## Database\n\n### Verify\n"],
    bad: ["# Title\n\n## Verify\n\n## Restart\n\n## «Verify»\n", "# Title\n\n## Web\n\n### Is it up?\n\n### «Is it up»\n"],
  },
};
