import type { Kind, Step } from "../runbook.ts";
import { action } from "./action.ts";
import { announce } from "./announce.ts";
import { approval } from "./approval.ts";
import { ask } from "./ask.ts";
import { check } from "./check.ts";
import { checklist } from "./checklist.ts";
import { decide } from "./decide.ts";
import { manual } from "./manual.ts";
import { wait } from "./wait.ts";
import type { StepKind } from "./step-kind.ts";

/** Every kind of step: a kind that is missing here does not type-check. */
export const kinds = { manual, checklist, check, action, approval, ask, decide, wait, announce } satisfies {
  readonly [K in Kind]: StepKind<Extract<Step, { readonly kind: K }>>;
};
