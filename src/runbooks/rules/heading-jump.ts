import { warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** Levels say what is a phase and what a step; one that is left out usually means that another structure was intended. */
export const headingJump: Rule = {
  id: "heading-jump",
  find: (draft) => {
    const { headings } = draft.document;
    return headings.flatMap((heading, i) => {
      if (heading.level === 1 && !heading.isTitle && i > 0) {
        return [warningAt("heading-jump", heading.range, "There is more than one `#` heading: only the first is the title.", "Write `##` for a phase or step.")];
      }
      const above = headings[i - 1]?.level ?? 0;
      if (heading.level <= above + 1) return [];
      const marks = "#".repeat(above + 1);
      const message = above === 0 ? "The first heading is not the title." : "A heading level is left out here.";
      return [warningAt("heading-jump", heading.range, message, above === 0 ? "Begin with a `#` title." : `Write \`${marks}\`, or add a heading above it.`)];
    });
  },
  examples: {
    good: ["# Title\n\n## Phase\n\n### Step\n\n#### Detail\n\n## Step\n", "A page without any heading.\n"],
    bad: ["# Title\n\n### «Step»\n", "## «Step»\n\nText.\n\n# «Second»\n\n## Step two\n"],
  },
};
