import { namesInCondition } from "./condition.ts";
import { namesIn } from "./fill.ts";
import { answersOf, type AnswerType, type Runbook } from "./runbook.ts";

const ownWords: ReadonlySet<AnswerType> = new Set<AnswerType>(["text", "person", "output"]);

/**
 * The answers that are a person's own words and steer nothing: no condition looks at them and no action is given them. What
 * steers is part of what was done and approved, and must be there for whoever follows the drill again.
 */
export function personalAnswers({ steps }: Pick<Runbook, "steps">): ReadonlySet<string> {
  const steering = new Set(steps.flatMap((step) => [...namesInCondition(step.when ?? ""), ...(step.kind === "action" ? namesIn(step.input) : [])]));
  return new Set(steps.flatMap(answersOf).flatMap(({ name, type }) => (ownWords.has(type) && !steering.has(name) ? [name] : [])));
}
