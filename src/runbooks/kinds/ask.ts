import { z } from "zod";
import { problemWithAnswer } from "../answer-value.ts";
import { namePattern } from "../placeholder.ts";
import type { AskStep } from "../runbook.ts";
import { humanKeys, readBody, timeoutOf } from "./human.ts";
import type { StepKind } from "./step-kind.ts";
import { answerName, oneLine } from "./text.ts";

const answer = z
  .strictObject({
    type: z.enum(["text", "number", "choice", "date", "person", "resource", "output"]),
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

export const askBody = z.strictObject({
  answers: z
    .record(z.string().regex(namePattern, { error: answerName }), answer)
    .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 10, { error: "Ask for one to ten answers." })
    .meta({ description: "Name to `{ type, label, choices, default }`, see below", without: "must be there" }),
  ...humanKeys,
});

/** Typed answers that people give while the drill runs. */
export const ask: StepKind<AskStep> = {
  kind: "ask",
  defaultRole: "operator",
  read: (input) => {
    const { data, faults } = readBody(input, askBody);
    if (data === null) return { step: null, faults };
    const answers = Object.entries(data.answers).map(([name, a]) => ({
      name,
      type: a.type,
      label: a.label ?? name,
      choices: (a.choices ?? []).map(String),
      default: a.default === undefined ? null : String(a.default),
    }));
    return { step: { kind: "ask", answers, ...timeoutOf(data) }, faults };
  },
};
