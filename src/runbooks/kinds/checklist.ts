import type { ChecklistStep } from "../runbook.ts";
import type { StepKind } from "./step-kind.ts";

/** A manual step whose points are ticked one by one. */
export const checklist: StepKind<ChecklistStep> = {
  kind: "checklist",
  defaultRole: "operator",
  read: ({ part }) => ({ step: { kind: "checklist", items: part.items }, faults: [] }),
};
