import { errorAt, warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** A card holds 25,000 characters as JSON; what a card says besides the author's words needs the rest. */
const most = 20_000;

/** Teams cuts what does not fit. Nobody can approve by a press what the card in front of them does not show. */
export const cardTooLong: Rule = {
  id: "card-too-long",
  find: (draft) =>
    draft.steps.flatMap(({ part, kind }) => {
      const size = JSON.stringify(part.prose).length + JSON.stringify(part.items).length;
      if (size <= most) return [];
      const message = `The text of this step needs ${size.toLocaleString("en")} characters on its card, and ${most.toLocaleString("en")} fit.`;
      const suggestion = "Make several steps of it, or put the text elsewhere and link to it.";
      return [kind === "approval" ? errorAt("card-too-long", part.heading.range, message, suggestion) : warningAt("card-too-long", part.heading.range, message, suggestion)];
    }),
  examples: {
    good: [`# Title\n\n## Step\n\n${"Words. ".repeat(2_500)}\n`],
    bad: [`# Title\n\n## «Step»\n\n${"Words. ".repeat(3_000)}\n`, `# Title\n\n## «Yes?»\n\n${"Words. ".repeat(3_000)}\n\n\`\`\`approval\n\`\`\`\n\n## Go\n\n\`\`\`action example\n\`\`\`\n`],
  },
};
