import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import { declaredParameters, parameterUses } from "./parameter-names.ts";
import type { Rule } from "./rule.ts";

const check = (front: string, body: string) => `---\n${front}\n---\n# Title\n\n## Step\n\n\`\`\`check example\n${body}\n\`\`\`\n`;

/** A `${name}` must name a parameter of the front matter: names only, no code. */
export const unknownParameter: Rule = {
  id: "unknown-parameter",
  find: (draft) => {
    if (!draft.document.isComplete) return [];
    const declared = declaredParameters(draft);
    return parameterUses(draft).flatMap(({ name, closed, range }) => {
      if (!closed) return [errorAt("unknown-parameter", range, "This placeholder is not closed.", "Write `${name}`, or `$${` for the two characters themselves.")];
      if (declared.includes(name)) return [];
      return [errorAt("unknown-parameter", range, `There is no parameter ${quoted(name)}.`, didYouMean(name, declared, "Declare it under `parameters:` in the front matter."))];
    });
  },
  examples: {
    good: [
      check("parameters:\n  target: { type: text }", "text: ${target}"),
      check("mode: test", "text: costs $5, {x}, and $${literally}"),
    ],
    bad: [
      check("parameters:\n  target: { type: text, default: a }", "text: a ${target} and «${targt}»\nlist:\n  - \"«${Target}»\""),
      check("mode: test", "text: |\n  first\n  then «${a b}»\nlist: ['«${x:number}»', '«${open»']"),
    ],
  },
};
