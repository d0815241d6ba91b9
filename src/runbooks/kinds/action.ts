import type { ActionStep } from "../runbook.ts";
import type { StepKind } from "./step-kind.ts";
import { readTyped } from "./typed-block.ts";

/** Something that changes the world; its types come from the catalogue. */
export const action: StepKind<ActionStep> = {
  kind: "action",
  defaultRole: "operator",
  read: (input) => {
    const { typed, faults } = readTyped(input, input.catalogue.actions);
    return { step: typed === null ? null : { kind: "action", ...typed }, faults };
  },
};
