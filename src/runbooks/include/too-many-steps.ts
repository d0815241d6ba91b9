import { errorAt } from "../parse/diagnostic.ts";
import type { Fault, Range } from "../parse/diagnostic.ts";

export const mostSteps = 1_000;

/** Said before the steps are put together: many includes would grow beyond memory. */
export function tooManySteps(range: Range): Fault {
  return errorAt("too-large", range, `With what is included the runbook has more than ${mostSteps.toLocaleString("en")} steps.`, "Split it into several runbooks.");
}
