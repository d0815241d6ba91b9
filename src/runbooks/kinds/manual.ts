import type { ManualStep } from "../runbook.ts";
import type { StepKind } from "./step-kind.ts";

/** A step that people do and report on: every step without a block and without a checklist. */
export const manual: StepKind<ManualStep> = {
  kind: "manual",
  defaultRole: "operator",
  read: () => ({ step: { kind: "manual" }, faults: [] }),
};
