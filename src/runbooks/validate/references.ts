import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { RunbookDocument } from "../parse/document.ts";
import type { StandingAuthority } from "../runbook.ts";
import type { FrontMatter } from "./front-matter.ts";
import { asMap } from "./front-matter.ts";
import { finderOf } from "./order.ts";
import type { DraftStep } from "./steps.ts";

/** What the parts of a runbook say of each other: a step of its objective, the front matter of steps, which become ids here. */
export function checkReferences(document: RunbookDocument, front: FrontMatter | null, steps: readonly DraftStep[]): { authority: readonly StandingAuthority[]; faults: readonly Fault[] } {
  if (front === null) return { authority: [], faults: [] };
  const faults: Fault[] = [...unknownObjectives(front, steps)];
  const find = finderOf(steps);
  const written = asMap(document.front?.value)["standingAuthority"];
  const authority = (front.standingAuthority ?? []).map((each, i) => {
    const list = Array.isArray(asMap(Array.isArray(written) ? written[i] : undefined)["steps"]);
    const ids = each.steps.flatMap((text, j) => {
      const range = document.front?.valueAt(["standingAuthority", i, "steps", ...(list ? [j] : [])]) ?? { from: { line: 1, column: 1 }, to: { line: 1, column: 1 } };
      const found = find(text);
      if (found.length === 0) faults.push(errorAt("unknown-step", range, `There is no step ${quoted(text)}.`, didYouMean(text, steps.map((s) => s.part.heading.title).slice(0, 20), "Write the title of a step.")));
      const approval = found.filter((step) => step.kind === "approval");
      if (found.length > 0 && approval.length === 0) faults.push(errorAt("bad-value", range, "Standing authority releases approvals, and this step is none.", "Name the approval that stands before it."));
      return approval.map((step) => step.id);
    });
    return { ...each, steps: [...new Set(ids)] };
  });
  return { authority, faults };
}

function unknownObjectives(front: FrontMatter, steps: readonly DraftStep[]): readonly Fault[] {
  const known = front.objectives.map((o) => o.id);
  return steps.flatMap(({ common, part }) => {
    const { objective } = common ?? {};
    if (objective === undefined || known.includes(objective)) return [];
    const range = part.block?.body?.valueAt(["objective"]) ?? part.heading.range;
    return [errorAt("bad-value", range, `There is no objective ${quoted(objective)}.`, didYouMean(objective, known, "Declare it under `objectives:` in the front matter."))];
  });
}
