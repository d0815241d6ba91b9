import { errorAt, quoted } from "../parse/diagnostic.ts";
import { asMap } from "../validate/front-matter.ts";
import { askedNames, parameterUses } from "./parameter-names.ts";
import type { Rule } from "./rule.ts";

/** A step that is not on every branch may never be asked: what it was to answer then has no value. A condition reads that as an empty text. */
export const answerMayBeMissing: Rule = {
  id: "answer-may-be-missing",
  find: (draft) => {
    const asked = askedNames(draft);
    const uses = parameterUses(draft);
    return uses.flatMap(({ name, range, step, inCondition }) => {
      if (inCondition) return [];
      const from = asked.find((a) => a.name === name && draft.order.before(a.step, step));
      const block = from === undefined ? null : (draft.steps[from.step]?.part.block?.body?.value ?? null);
      const body = asMap(block ?? undefined);
      const branch = JSON.stringify([body["when"] ?? null, body["only"] ?? null]);
      const own = asMap(draft.steps[step]?.part.block?.body?.value);
      if (branch === "[null,null]" || branch === JSON.stringify([own["when"] ?? null, own["only"] ?? null])) return [];
      if (asMap(asMap(body["answers"])[name])["default"] !== undefined) return [];
      return [errorAt("answer-may-be-missing", range, `${quoted(name)} is asked on some branches only.`, "Give the answer a `default`, or give this step the same `when` and `only`.")];
    });
  },
  examples: {
    good: [
      "---\nparameters: { p: { type: text } }\n---\n# Title\n\n## Ask\n\n```ask\nwhen: p == 'x'\nanswers: { site: { type: text }, other: { type: text, default: none } }\n```\n\n## Use\n\n```check example\nwhen: p == 'x'\ntext: ${site}\n```\n\n## Use it too\n\n```check example\ntext: ${other}\n```\n",
    ],
    bad: ["# Title\n\n## Ask\n\n```ask\nonly: test\nanswers: { site: { type: text } }\n```\n\n## Use\n\n```check example\ntext: «${site}»\n```\n"],
  },
};
