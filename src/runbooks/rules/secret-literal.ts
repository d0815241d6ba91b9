import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Yaml } from "../parse/yaml.ts";
import { placeholdersIn } from "../placeholder.ts";
import type { Draft, Rule } from "./rule.ts";

/** Forms that are a secret wherever they stand. Each is anchored by a literal, so that long lines cost little. */
const forms = [
  /\beyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}/g,
  /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[^\s;"'`<>]{16,2000}/gi,
  /[?&;]sig=[A-Za-z0-9%+/=]{20,400}/g,
  /-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----/g,
];

/** An address with a password is often an example in prose, so it is pointed at and stops nothing. */
const inAddress = /\bhttps?:\/\/[^\s/:@"'`<>]{1,200}:[^\s/:@"'`<>]{1,200}@/gi;

const secretKey = /^(?:.*[-_])?(?:password|passwd|pwd|secret|token|api[-_]?key|account[-_]?key|client[-_]?secret|connection[-_]?string)$/i;

/** A runbook is read by many and kept with the evidence of every drill: what is in it is no secret any more. */
export const secretLiteral: Rule = {
  id: "secret-literal",
  find: (draft) => [...inText(draft), ...inKeys(draft)],
  examples: {
    good: [
      "---\nparameters:\n  note: { type: text }\n---\n# Title\n\n## Step\nAsk the vault for the password.\n\n```check example\ntext: ${note}\n```\n",
      "# Title\n\n## Step\nThe token= field is filled by the portal; open https://contoso.example/?sig=short.\n",
    ],
    bad: [
      "# Title\n\n## Step\nUse `DefaultEndpointsProtocol=https;«AccountKey=bm90LWEtcmVhbC1rZXktYnV0LWxvbmc=»`.\n\nOr «https://drill:hunter2@»portal.contoso.example/.\n",
      "# Title\n\n## Step\n\n```check example\noptions:\n  password: «hunter2hunter2»\n```\n",
    ],
  },
};

/** Over the whole text at once: no form reaches over a line end, and a pass a line costs more than all the rest of a rule. */
function inText(draft: Draft): readonly Fault[] {
  const { text } = draft.document.source;
  return [...forms, inAddress].flatMap((form) =>
    [...text.matchAll(form)].map((found) => {
      const from = found.index + (/^[?&;]/.test(found[0]) ? 1 : 0);
      const line = text.slice(0, from).split("\n").length;
      const begin = text.lastIndexOf("\n", from - 1) + 1;
      const fault = asFault({ from: { line, column: from - begin + 1 }, to: { line, column: found.index + found[0].length - begin + 1 } });
      return form === inAddress ? { ...fault, severity: "warning" as const } : fault;
    }),
  );
}

function inKeys(draft: Draft): readonly Fault[] {
  const trees = draft.steps.flatMap((step): readonly Yaml[] => (step.part.block?.body ? [step.part.block.body] : []));
  return trees.flatMap((yaml) =>
    yaml.strings
      .filter((s) => secretKey.test(String(s.path.at(-1))) && s.text !== "" && placeholdersIn(s.text).length === 0)
      .map((s) => asFault(yaml.valueAt(s.path))),
  );
}

/** Never repeats what it found. */
function asFault(range: Fault["range"]): Fault {
  return errorAt("secret-literal", range, "This looks like a secret.", "Take it out, replace the secret where it was in use, and let people or the platform fetch it when it is needed.");
}
