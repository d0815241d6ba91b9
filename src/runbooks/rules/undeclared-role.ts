import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Path, Yaml } from "../parse/yaml.ts";
import { builtInRoles, roleNamePattern } from "../role.ts";
import type { Json } from "../runbook.ts";
import { asMap } from "../validate/front-matter.ts";
import type { Rule } from "./rule.ts";

/** A role that nobody fills would make a step that nobody may perform. */
export const undeclaredRole: Rule = {
  id: "undeclared-role",
  find: (draft) => {
    if (!draft.document.isComplete) return [];
    const declared = [...new Set([...Object.keys(asMap(asMap(draft.document.front?.value)["roles"])), ...builtInRoles])];
    const judge = (yaml: Yaml, path: Path, role: Json | undefined, onKey: boolean): readonly Fault[] => {
      if (typeof role !== "string" || !roleNamePattern.test(role) || declared.includes(role)) return [];
      const range = onKey ? yaml.keyAt(path) : yaml.valueAt(path);
      return [errorAt("undeclared-role", range, `Nobody says who fills the role ${quoted(role)}.`, `${didYouMean(role, declared, "")} Or declare it under \`roles:\` in the front matter.`)];
    };
    const inSteps = draft.steps.flatMap(({ part }) => {
      const yaml = part.block?.body;
      if (!yaml) return [];
      const body = asMap(yaml.value);
      return [...["role", "escalate"].flatMap((key) => judge(yaml, [key], body[key], false)), ...Object.keys(asMap(body["also"])).flatMap((role) => judge(yaml, ["also", role], role, true))];
    });
    const { front } = draft.document;
    if (front === null) return inSteps;
    const top = asMap(front.value);
    const authority = Array.isArray(top["standingAuthority"]) ? top["standingAuthority"] : [];
    return [
      ...authority.flatMap((each: Json, i: number) => judge(front, ["standingAuthority", i, "role"], asMap(each)["role"], false)),
      ...judge(front, ["declaration", "role"], asMap(top["declaration"])["role"], false),
      ...inSteps,
    ];
  },
  examples: {
    good: [
      "---\nroles: { deputy: dr-managers }\n---\n# Title\n\n## Yes?\n\n```approval\nescalate: deputy\n```\n\n## Go\n\n```action example\nrole: operator\n```\n",
    ],
    bad: [
      "---\nstandingAuthority: [{ role: «chief», steps: Yes?, agreed: Board 3 May }]\ndeclaration: { role: «director», criteria: [Fire], decideBy: 1h }\n---\n# Title\n\n## Yes?\n\n```approval\nalso: { «board»: 1 }\n```\n\n## Go\n\n```action example\n```\n",
      "---\nroles: { deputy: dr-managers }\n---\n# Title\n\n## Yes?\n\n```approval\nrole: «aprover»\nescalate: «deputies»\n```\n\n## Go\n\n```action example\n```\n",
    ],
  },
};
