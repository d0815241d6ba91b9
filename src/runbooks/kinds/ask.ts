import { z } from "zod";
import { problemWithAnswer } from "../answer-value.ts";
import { namePattern } from "../placeholder.ts";
import type { AskStep } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import { answerName, humanKeys, oneLine, timeoutOf, withoutType } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

const answer = z
  .strictObject({
    type: z.enum(["text", "number", "choice", "date", "person", "output"]),
    label: oneLine(100).optional(),
    choices: z.array(z.union([oneLine(100), z.number()])).min(1).max(50).optional(),
    default: z.union([z.string().max(1_000), z.number()]).optional(),
  })
  .superRefine((a, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (a.type === "choice" && a.choices === undefined) return fault([], "An answer of type `choice` needs choices.\nAdd `choices: [a, b]`.");
    if (a.type !== "choice" && a.choices !== undefined) fault(["choices"], "Only an answer of type `choice` has choices.\nWrite `type: choice`, or leave the choices out.");
    if (a.default === undefined) return;
    if (a.type === "person") return fault(["default"], "Who takes part is known only at launch.\nLeave the default out.");
    const problem = problemWithAnswer({ type: a.type, choices: (a.choices ?? []).map(String) }, String(a.default), []);
    if (problem !== null) fault(["default"], `${problem.message}\n${problem.suggestion}`);
  });

const body = z.strictObject({
  ...humanKeys,
  answers: z.record(z.string().regex(namePattern, { error: answerName }), answer).refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 10, { error: "Ask for one to ten answers." }),
});

/** Typed answers that people give while the drill runs. */
export const ask: StepKind<AskStep> = {
  kind: "ask",
  defaultRole: "operator",
  read: ({ part, own }) => {
    const unexpected = withoutType(part);
    if (part.block?.body == null) return { step: null, faults: unexpected };
    const { data, faults } = checkShape(body, own, part.block.body, commonKeys);
    if (data === null || unexpected.length > 0) return { step: null, faults: [...unexpected, ...faults] };
    const answers = Object.entries(data.answers).map(([name, a]) => ({
      name,
      type: a.type,
      label: a.label ?? name,
      choices: (a.choices ?? []).map(String),
      default: a.default === undefined ? null : String(a.default),
    }));
    return { step: { kind: "ask", answers, ...timeoutOf(data) }, faults: [] };
  },
};
