import { quoted, startOfFile, warningAt } from "../parse/diagnostic.ts";
import { declaredParameters, parameterUses } from "./parameter-names.ts";
import type { Rule } from "./rule.ts";

/** A parameter that no block uses is asked for at launch and changes nothing. */
export const unusedParameter: Rule = {
  id: "unused-parameter",
  find: (draft) => {
    const used = new Set(parameterUses(draft).map((use) => use.name));
    return declaredParameters(draft)
      .filter((name) => !used.has(name))
      .map((name) => {
        const range = draft.document.front?.keyAt(["parameters", name]) ?? startOfFile;
        return warningAt("unused-parameter", range, `No block uses the parameter ${quoted(name)}.`, `Use it as \`\${${name}}\` in a block, or delete it.`);
      });
  },
  examples: {
    good: ["---\nparameters:\n  target: { type: text }\n---\n# Title\n\n## Step\n\n```check example\ntext: ${target}\n```\n"],
    bad: ["---\nparameters:\n  «plan»: { type: recovery-plan }\n---\n# Title\n\n## Step\nLook at ${plan}.\n"],
  },
};
