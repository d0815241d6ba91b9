import { DrillbookError } from "../../errors.ts";
import type { DrillEvent } from "../events.ts";
import type { DrillState, StepState } from "../state.ts";

/** The state that a launch begins. Throws `internal` for any other event. */
export function begin(event: DrillEvent): DrillState {
  if (event.type !== "drill.launched" || event.seq !== 1 || event.by === null) {
    throw new DrillbookError("internal", "A history must begin with its launch.", "Verify the store.");
  }
  return {
    id: event.drill,
    seq: 1,
    runbook: event.runbook,
    params: event.params,
    answers: {},
    mode: event.mode,
    purpose: event.purpose,
    roles: event.roles,
    conversation: event.conversation,
    retests: event.retests ?? null,
    launchedBy: event.by,
    scheduledFor: event.scheduledFor ?? null,
    launchedAt: event.at,
    endedAt: null,
    status: "running",
    cleanup: null,
    paused: null,
    open: [],
    current: null,
    waiting: { ms: 0, since: null },
    declared: null,
    stoodAside: false,
    noReturn: null,
    steps: event.runbook.steps.map(pending),
    operations: [],
    debts: [],
    holds: [],
    proposals: [],
    escalations: [],
    findings: [],
    notes: [],
    attachments: [],
    proposed: null,
    signatures: [],
    result: null,
    performers: [event.by],
    involved: [event.by],
    refusals: 0,
  };
}

/** A step that nobody has opened: of a launch, and again where an attempt begins anew. */
export function pending(step: StepState["step"]): StepState {
  return {
    step,
    status: "pending",
    round: 0,
    openedAt: null,
    closedAt: null,
    since: null,
    waitedMs: 0,
    closedBy: null,
    reason: "",
    timedOut: false,
    ticks: [],
    observation: null,
    looks: null,
    assignee: null,
    announced: null,
    approval: null,
    operation: null,
    blocked: null,
  };
}
