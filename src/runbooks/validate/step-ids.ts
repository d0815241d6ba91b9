import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { DraftStep } from "./steps.ts";

/**
 * Steps that get the id of a step before them through what is included. Within one file a number keeps two apart; here it would
 * stand in evidence and change with another file, so the author is to say which is which.
 */
export function repeatedStepIds(steps: readonly DraftStep[]): readonly Fault[] {
  const owners = new Map<string, DraftStep>();
  return steps.flatMap((draft) => {
    // The including step's own id is no step's, but what waits for all that is included waits for it.
    const ids = draft.included?.nodes.map((node) => node.id) ?? [draft.id];
    const taken = ids.find((id) => owners.has(id));
    const owner = taken === undefined ? undefined : owners.get(taken);
    for (const id of ids) owners.set(id, draft);
    return taken === undefined || owner === undefined ? [] : [clash(taken, draft, owner)];
  });
}

function clash(id: string, draft: DraftStep, owner: DraftStep): Fault {
  const { heading, path } = draft.part;
  const { line } = owner.part.heading;
  const gets = draft.included === null || draft.id === id ? "This step" : `A step of \`${draft.included.runbook.id}\``;
  const has = owner.included === null || owner.id === id ? `the step at line ${line}` : `a step of \`${owner.included.runbook.id}\`, included at line ${line},`;
  const titles = path.length > 0 ? `this step, its phase or the step at line ${line}` : `this step or the step at line ${line}`;
  return errorAt("duplicate-step-id", heading.range, `${gets} gets the id \`${id}\`, which ${has} has already.`, `Give ${titles} another title.`);
}
