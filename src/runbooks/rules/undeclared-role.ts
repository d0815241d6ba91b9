import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import { builtInRoles, roleNamePattern } from "../role.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Rule } from "./rule.ts";

/** A role that nobody fills would make a step that nobody may perform. */
export const undeclaredRole: Rule = {
  id: "undeclared-role",
  find: (draft) => {
    if (!draft.document.isComplete) return [];
    const declared = [...new Set([...Object.keys(asMap(asMap(draft.document.front?.value)["roles"])), ...builtInRoles])];
    return draft.steps.flatMap(({ part }) => {
      const yaml = part.block?.body;
      const keys = part.block?.kind === "approval" ? ["role", "escalate"] : ["role"];
      return keys.flatMap((key) => {
        const role = asMap(yaml?.value)[key];
        if (!yaml || typeof role !== "string" || !roleNamePattern.test(role) || declared.includes(role)) return [];
        return [errorAt("undeclared-role", yaml.valueAt([key]), `Nobody says who fills the role ${quoted(role)}.`, `${didYouMean(role, declared, "")} Or declare it under \`roles:\` in the front matter.`)];
      });
    });
  },
  examples: {
    good: [
      "---\nroles: { deputy: dr-managers }\n---\n# Title\n\n## Yes?\n\n```approval\nescalate: deputy\n```\n\n## Go\n\n```action example\nrole: operator\n```\n",
    ],
    bad: ["---\nroles: { deputy: dr-managers }\n---\n# Title\n\n## Yes?\n\n```approval\nrole: «aprover»\nescalate: «deputies»\n```\n\n## Go\n\n```action example\n```\n"],
  },
};
