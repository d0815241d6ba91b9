import { errorAt, quoted } from "../parse/diagnostic.ts";
import { askedNames, declaredParameters } from "./parameter-names.ts";
import type { Rule } from "./rule.ts";

/** Two values of one name: nobody could tell which of them a step uses. */
export const duplicateName: Rule = {
  id: "duplicate-name",
  find: (draft) => {
    const declared = declaredParameters(draft);
    const asked = askedNames(draft);
    return asked.flatMap(({ name, range }, i) =>
      declared.includes(name) || asked.slice(0, i).some((before) => before.name === name)
        ? [errorAt("duplicate-name", range, `There is a parameter or an answer ${quoted(name)} already.`, "Give this answer another name.")]
        : [],
    );
  },
  examples: {
    good: ["# Title\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n\n## Decide\n\n```decide\nname: way\noptions: { on: Go on, back: Go back }\n```\n"],
    bad: ["---\nparameters: { site: { type: text } }\n---\n# Title\n\n## Look\n\n```check example\ntext: ${site}\n```\n\n## Ask\n\n```ask\nanswers: { «site»: { type: text }, way: { type: text } }\n```\n\n## Decide\n\n```decide\nname: «way»\noptions: { on: Go on, back: Go back }\n```\n"],
  },
};
