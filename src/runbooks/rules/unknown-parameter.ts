import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault, Range } from "../parse/diagnostic.ts";
import { aliasIn } from "../resources.ts";
import { askedNames, declaredParameters, parameterUses } from "./parameter-names.ts";
import type { Draft, Rule } from "./rule.ts";

function notBefore(name: string, range: Range, beside: boolean, title: string): Fault {
  if (beside) return errorAt("unknown-parameter", range, `${quoted(name)} is asked in a step that runs beside this one.`, `Add \`needs: "${title}"\`, or move this step behind it.`);
  return errorAt("unknown-parameter", range, `${quoted(name)} is not asked before this step.`, `Move this step behind "${title}".`);
}

function unknownAlias(alias: string, range: Range, draft: Draft): Fault {
  const known = [...(draft.catalogue.resources?.keys() ?? [])];
  return errorAt("unknown-parameter", range, `The configuration names no resource ${quoted(alias)}.`, didYouMean(alias, known.slice(0, 50), "Ask whoever runs Drillbook to add it, or use a parameter."));
}

const check = (front: string, body: string) => `---\n${front}\n---\n# Title\n\n## Step\n\n\`\`\`check example\n${body}\n\`\`\`\n`;

/** A `${name}` must name a parameter of the front matter: names only, no code. */
export const unknownParameter: Rule = {
  id: "unknown-parameter",
  find: (draft) => {
    if (!draft.document.isComplete) return [];
    const declared = declaredParameters(draft);
    const asked = askedNames(draft);
    return parameterUses(draft).flatMap(({ name, closed, range, step }) => {
      if (!closed) return [errorAt("unknown-parameter", range, "This placeholder is not closed.", "Write `${name}`, or `$${` for the two characters themselves.")];
      const alias = aliasIn(name);
      if (alias !== null) return draft.catalogue.resources?.has(alias) ? [] : [unknownAlias(alias, range, draft)];
      const known = [...declared, ...asked.filter((a) => draft.order.before(a.step, step)).map((a) => a.name)];
      if (known.includes(name)) return [];
      const later = asked.find((a) => a.name === name);
      if (later !== undefined) return [notBefore(name, range, later.step < step, draft.steps[later.step]?.part.heading.title ?? "")];
      return [errorAt("unknown-parameter", range, `There is no parameter or answer ${quoted(name)}.`, didYouMean(name, known, "Declare it under `parameters:` in the front matter."))];
    });
  },
  examples: {
    good: [
      check("parameters:\n  target: { type: text }", "text: ${target}"),
      "# Title\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n\n## Use\n\n```check example\ntext: ${site}\nwhen: site != 'none'\n```\n",
      check("mode: test", "text: costs $5, {x}, and $${literally}"),
    ],
    bad: [
      "# Title\n\n## Use\n\n```check example\ntext: «${site}»\nwhen: «elsewhere == 'x'»\n```\n\n## Ask\n\n```ask\nanswers: { site: { type: text } }\n```\n",
      check("parameters:\n  target: { type: text, default: a }", "text: a ${target} and «${targt}»\nlist:\n  - \"«${Target}»\""),
      check("mode: test", "text: |\n  first\n  then «${a b}»\nlist: ['«${x:number}»', '«${open»']"),
    ],
  },
};
