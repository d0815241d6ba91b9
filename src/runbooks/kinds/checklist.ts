import { errorAt } from "../parse/diagnostic.ts";
import type { ChecklistStep } from "../runbook.ts";
import { readHuman } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

/** A manual step whose points are ticked one by one. */
export const checklist: StepKind<ChecklistStep> = {
  kind: "checklist",
  defaultRole: "operator",
  read: (input) => {
    const { block, items } = input.part;
    const { data, faults } = readHuman(input);
    if (block !== null && items.length === 0) {
      const empty = errorAt("missing-key", block.info, "This checklist has no items.", "Write `- [ ] item` lines in the same step, outside the block.");
      return { step: null, faults: [...faults, empty] };
    }
    return { step: data && { kind: "checklist", items, ...data }, faults };
  },
};
