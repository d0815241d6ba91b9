import type { CheckStep } from "../runbook.ts";
import type { StepKind } from "./step-kind.ts";
import { readTyped } from "./typed-block.ts";

/** A read-only observation; its types come from the catalogue. */
export const check: StepKind<CheckStep> = {
  kind: "check",
  defaultRole: "operator",
  read: (input) => {
    const { typed, faults } = readTyped(input, input.catalogue.checks);
    return { step: typed === null ? null : { kind: "check", ...typed }, faults };
  },
};
