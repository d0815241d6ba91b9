import type { ManualStep } from "../runbook.ts";
import { readHuman } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

/** A step that people do and report on: every step without a checklist and without another block. */
export const manual: StepKind<ManualStep> = {
  kind: "manual",
  defaultRole: "operator",
  read: (input) => {
    const { data, faults } = readHuman(input);
    return { step: data && { kind: "manual", ...data }, faults };
  },
};
