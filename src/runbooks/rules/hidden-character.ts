import { hiddenCharacters } from "../hidden-characters.ts";
import { warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** Characters that turn the reading direction can make a step say something else than it does. */
export const hiddenCharacter: Rule = {
  id: "hidden-character",
  find: (draft) => {
    const { text: whole, lines } = draft.document.source;
    if (whole.search(hiddenCharacters) < 0) return [];
    return lines.flatMap((text, i) =>
      [...text.matchAll(hiddenCharacters)].slice(0, 5).map((found) => {
        const range = { from: { line: i + 1, column: found.index + 1 }, to: { line: i + 1, column: found.index + 2 } };
        return warningAt("hidden-character", range, "There is an invisible control character here; cards leave it out.", "Delete it and type the text again.");
      }),
    );
  },
  examples: {
    good: ["# Title\n\n## صعود\nעברית ו-English 🚒\n"],
    bad: ["# Title\n\n## Step\nDo «\u202e»not run this.\n"],
  },
};
