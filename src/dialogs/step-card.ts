import type { Kind } from "../runbooks/runbook.ts";
import type { DrillState, StepState } from "../drills/state.ts";
import { actionDialog } from "./action.ts";
import { approvalDialog } from "./approval.ts";
import { card, plain, text, type Shown, type Style } from "./card.ts";
import { checkDialog, grid } from "./check.ts";
import { checklistDialog } from "./checklist.ts";
import { detailOf } from "./live-card.ts";
import { manualDialog } from "./manual.ts";
import type { StepDialog } from "./step-dialog.ts";
import { kindOfEvent } from "./words.ts";

/** What each kind of step shows while it waits. A new kind is one file and one line here. */
export const stepDialogs = {
  manual: manualDialog,
  checklist: checklistDialog,
  check: checkDialog,
  action: actionDialog,
  approval: approvalDialog,
} satisfies Record<Kind, StepDialog>;

/** The card of one step: with buttons while it waits, without any once it is closed. */
export function stepCard(state: DrillState, step: StepState, now: Date): Shown {
  const number = state.steps.findIndex((s) => s.step.id === step.step.id) + 1;
  const waits = state.status === "running" && (step.status === "open" || step.status === "failing");
  const drawn = waits ? stepDialogs[step.step.kind](state, step, now) : null;
  const attempt = step.round > 1 ? ` · attempt ${step.round}` : "";
  return card({
    style: drawn?.style ?? closedStyles[step.status],
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${drawn?.asks ?? closedWords[step.status]}`,
    title: step.step.title,
    subtitle: `${state.id} · step ${number} of ${state.steps.length} · ${plain(step.step.phase)}${attempt}`,
    body: drawn?.body ?? closedBody(state, step),
    buttons: drawn?.buttons ?? [],
  });
}

const closedStyles: Record<StepState["status"], Style> = {
  pending: "default",
  open: "accent",
  failing: "attention",
  passed: "good",
  failed: "attention",
  skipped: "warning",
  continued: "warning",
};

const closedWords: Record<StepState["status"], string> = {
  pending: "waits for its turn again",
  open: "stopped",
  failing: "stopped",
  passed: "done",
  failed: "failed",
  skipped: "skipped",
  continued: "failed, recorded as a finding",
};

function closedBody(state: DrillState, step: StepState): readonly ReturnType<typeof text>[] {
  const detail = detailOf(state, step);
  return [...(detail === "" ? [] : [text(detail)]), ...(step.observation === null ? [] : grid(step.observation.result))];
}
