import { DrillbookError } from "../errors.ts";
import type { DrillEvent } from "./events.ts";
import { waitsForDecision, type Debt, type DrillState, type OperationState, type StepState } from "./state.ts";
import { defaultsOf } from "./values.ts";

/** Folds one event into the state. Pure; throws `internal` when the event cannot follow what came before. */
export function evolve(state: DrillState | null, event: DrillEvent): DrillState {
  if (state === null) return begin(event);
  if (event.seq !== state.seq + 1 || event.drill !== state.id) {
    throw new DrillbookError("internal", `Event ${event.seq} of ${event.drill} cannot follow ${state.seq} of ${state.id}.`, "Verify the store.");
  }
  const next = apply(state, event);
  return { ...next, seq: event.seq, steps: next.steps.map((step, i) => timed(state.steps[i], step, event.at)) };
}

/** Keeps the times of a step whose status or attempt changed, so that no rule has to think of them. */
function timed(before: StepState | undefined, after: StepState, at: string): StepState {
  if (before === undefined || before === after) return after;
  if (before.status === after.status && before.round === after.round) return after;
  const waited = waitsForDecision(before) && before.since !== null ? Date.parse(at) - Date.parse(before.since) : 0;
  return { ...after, since: at, waitedMs: before.waitedMs + Math.max(0, waited) };
}

/** Folds a whole history. Throws `not-found` when it is empty. */
export function fold(events: readonly DrillEvent[]): DrillState {
  const state = events.reduce<DrillState | null>((folded, event) => evolve(folded, event), null);
  if (state === null) throw new DrillbookError("not-found", "There is no such drill.", "Type `drills` to see what there is.");
  return state;
}

function begin(event: DrillEvent): DrillState {
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
    launchedBy: event.by,
    launchedAt: event.at,
    endedAt: null,
    status: "running",
    cleanup: null,
    paused: null,
    current: null,
    steps: event.runbook.steps.map(pending),
    operations: [],
    debts: [],
    findings: [],
    notes: [],
    attachments: [],
    proposed: null,
    signatures: [],
    result: null,
    performers: [event.by],
    refusals: 0,
  };
}

function pending(step: StepState["step"]): StepState {
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

function apply(state: DrillState, event: DrillEvent): DrillState {
  switch (event.type) {
    case "drill.launched":
      throw new DrillbookError("internal", "A drill was launched twice.", "Verify the store.");
    case "step.opened":
      return withStep({ ...state, current: event.step }, event.step, (s) => ({
        ...s,
        status: "open",
        round: event.round,
        openedAt: s.openedAt ?? event.at,
        closedAt: null,
      }));
    case "step.answered":
      return answered(state, event);
    case "step.left-out":
      return withStep(withDefaults(state, event.step), event.step, (s) => ({ ...s, status: "left-out", closedAt: event.at, reason: event.why }));
    case "step.timed-out":
      return withStep(state, event.step, (s) => ({ ...s, status: "failing", reason: event.reason }));
    case "check.observed":
      return withStep(state, event.step, (s) => {
        const observation = { verdict: event.verdict, summary: event.summary, diagnosis: event.diagnosis, result: event.result };
        return event.verdict === "passed"
          ? { ...s, observation, status: "passed", closedAt: event.at }
          : { ...s, observation, status: "failing" };
      });
    case "guard.observed":
      return state;
    case "wait.looked":
      return withStep(state, event.step, (s) => {
        const observation = { verdict: event.verdict, summary: event.summary, diagnosis: event.diagnosis, result: event.result };
        const held = event.verdict === "passed" ? (s.looks?.held ?? 0) + 1 : 0;
        const looked = { ...s, observation, looks: { count: (s.looks?.count ?? 0) + 1, held, last: event.at } };
        return s.step.kind === "wait" && held >= (s.step.until?.times ?? 1) ? { ...looked, status: "passed", closedAt: event.at } : looked;
      });
    case "wait.ended":
      return withStep(state, event.step, (s) => ({ ...s, status: "passed", closedAt: event.at }));
    case "announcement.made":
      return withStep(state, event.step, (s) => ({ ...s, announced: { audience: event.audience, text: event.text } }));
    case "step.handed-over":
      return withStep(state, event.step, (s) => ({ ...s, assignee: event.to }));
    case "undo.ordered":
      return withDebt(state, event.operation, (d) => ({ ...d, ordered: true }));
    case "drill.paused":
      return { ...state, paused: { by: event.by, at: event.at, reason: event.reason } };
    case "drill.resumed":
      return { ...state, paused: null };
    case "step.retried":
      return withStep(state, event.step, (s) => ({
        ...pending(s.step),
        status: "open",
        round: event.round,
        openedAt: s.openedAt,
      }));
    case "step.continued":
      return withStep(withDefaults(performedBy(state, event), event.step), event.step, (s) => ({
        ...s,
        status: "continued",
        closedAt: event.at,
        closedBy: event.by,
        reason: event.reason,
      }));
    case "step.blocked":
      return withStep(state, event.step, (s) => ({ ...s, status: "failing", blocked: event.problem }));
    case "approval.asked":
      return withStep(state, event.step, (s) => ({
        ...s,
        approval: {
          status: "asked",
          digest: event.digest,
          code: event.code,
          subject: event.subject,
          previews: event.previews,
          approvers: event.approvers,
          askedAt: event.at,
          expiresAt: event.expiresAt,
          differences: [],
          card: null,
          decisions: [],
        },
      }));
    case "approval.decided":
      return decided(state, event);
    case "approval.shown":
      return withStep(state, event.step, (s) => ({ ...s, approval: s.approval && { ...s.approval, card: event.card } }));
    case "approval.expired":
      return withStep(state, event.step, (s) => ({
        ...s,
        status: "failing",
        approval: s.approval && { ...s.approval, status: "expired" },
      }));
    case "approval.voided":
      return withStep({ ...reopened(state), current: event.step }, event.step, (s) => ({
        ...s,
        status: "failing",
        closedAt: null,
        approval: s.approval && { ...s.approval, status: "voided", differences: event.differences },
      }));
    case "operation.intended":
      return intended(state, event);
    case "operation.started":
      return withOperation(state, event.operation, (o) => ({
        ...o,
        phase: "started",
        startedAt: event.at,
        handle: event.handle,
        adopted: event.adopted,
        why: "",
      }));
    case "operation.progressed":
      return withOperation(state, event.operation, (o) => ({
        ...o,
        summary: event.summary,
        tasks: event.tasks,
        servers: event.servers,
      }));
    case "operation.ended":
      return ended(state, event);
    case "operation.unknown":
      return withOperation(state, event.operation, (o) => ({ ...o, phase: "unknown", why: event.why }));
    case "operation.resolved":
      return resolved(state, event);
    case "cleanup.began": {
      const given = { ...state, paused: null, status: "cleaning-up" as const, cleanup: { why: event.why, reason: event.reason, at: event.at }, current: null };
      return state.current === null || event.why === "finished"
        ? given
        : withStep(given, state.current, (s) => ({ ...s, status: "failed", closedAt: event.at, reason: s.reason || event.reason }));
    }
    case "debt.cleared":
      return withDebt(state, event.operation, (d) => ({ ...d, status: "undone", detail: event.why }));
    case "undo.blocked":
      return withDebt(state, event.operation, (d) => ({ ...d, status: "failed", detail: event.problem.message }));
    case "undo.retried":
      return withDebt(state, event.operation, (d) => ({ ...d, status: "owed" }));
    case "debt.accepted":
      return withDebt(state, event.operation, (d) => ({ ...d, status: "accepted", detail: event.reason }));
    case "finding.recorded": {
      const finding = { id: event.finding, step: event.step, text: event.text, owner: event.owner, due: event.due };
      return { ...state, findings: [...state.findings, finding] };
    }
    case "attachment.added": {
      const { by, at, step, name, mediaType, size, sha256 } = event;
      return { ...state, attachments: [...state.attachments, { by, at, step, name, mediaType, size, sha256 }] };
    }
    case "note.added":
      return { ...state, notes: [...state.notes, { by: event.by, at: event.at, step: event.step, text: event.text }] };
    case "signoff.asked":
      return { ...state, status: "signing-off", proposed: event.proposed };
    case "drill.signed":
      return event.by === null
        ? state
        : { ...state, signatures: [...state.signatures, { as: event.as, by: event.by, at: event.at, statement: event.statement }] };
    case "drill.ended":
      return { ...state, status: "ended", result: event.result, endedAt: event.at, current: null };
    case "command.refused":
      return { ...state, refusals: state.refusals + 1 };
  }
}

type Of<T extends DrillEvent["type"]> = Extract<DrillEvent, { type: T }>;

/** The step that was about to act goes back to waiting for its turn: its approval has to be given again first. */
function reopened(state: DrillState): DrillState {
  return state.current === null ? state : withStep(state, state.current, (s) => ({ ...s, status: "pending" }));
}

function performedBy(state: DrillState, event: DrillEvent): DrillState {
  return event.by === null ? state : { ...state, performers: [...state.performers, event.by] };
}

/** A step that nobody answers gives its defaults. */
function withDefaults(state: DrillState, id: string): DrillState {
  const step = state.steps.find((s) => s.step.id === id)?.step;
  return step === undefined ? state : { ...state, answers: { ...state.answers, ...defaultsOf(step) } };
}

function answered(state: DrillState, event: Of<"step.answered">): DrillState {
  const performed = performedBy(state, event);
  const answering = event.answer === "skipped" ? withDefaults(performed, event.step) : { ...performed, answers: { ...performed.answers, ...event.values } };
  return withStep(answering, event.step, (s) => {
    const given = { ...s, reason: event.reason, ticks: event.ticks, closedBy: event.by };
    if (event.answer === "failed") return { ...given, status: "failing" };
    return { ...given, status: event.answer === "done" ? "passed" : "skipped", closedAt: event.at };
  });
}

function decided(state: DrillState, event: Of<"approval.decided">): DrillState {
  return withStep(state, event.step, (s) => {
    if (s.approval === null || event.by === null || s.step.kind !== "approval") return s;
    const decisions = [...s.approval.decisions, { by: event.by, at: event.at, decision: event.decision, reason: event.reason }];
    if (event.decision === "reject") {
      return { ...s, status: "failing", reason: event.reason, approval: { ...s.approval, decisions, status: "rejected" } };
    }
    const granted = decisions.filter((d) => d.decision === "approve").length >= s.step.quorum;
    return granted
      ? { ...s, status: "passed", closedAt: event.at, approval: { ...s.approval, decisions, status: "granted" } }
      : { ...s, approval: { ...s.approval, decisions } };
  });
}

function intended(state: DrillState, event: Of<"operation.intended">): DrillState {
  const operation: OperationState = {
    key: event.operation,
    step: event.step,
    action: event.action,
    input: event.input,
    tag: event.tag,
    undoOf: event.undoOf,
    phase: "intended",
    intendedAt: event.at,
    sendBy: event.sendBy,
    startedAt: null,
    endedAt: null,
    handle: null,
    adopted: false,
    outcome: null,
    summary: "",
    why: "",
    tasks: [],
    servers: [],
    problems: [],
  };
  const given = { ...state, operations: [...state.operations, operation] };
  if (event.undoOf !== null) {
    return withDebt(given, event.undoOf, (d) => ({ ...d, status: "undoing", attempts: d.attempts + 1 }));
  }
  const marked = withStep(given, event.step, (s) => ({ ...s, operation: event.operation, blocked: null }));
  if (event.undo === null) return marked;
  const debt: Debt = {
    operation: event.operation,
    step: event.step,
    action: event.undo.action,
    input: event.undo.input,
    status: "owed",
    attempts: 0,
    ordered: state.mode !== "live",
    detail: "",
  };
  return { ...marked, debts: [...marked.debts, debt] };
}

function ended(state: DrillState, event: Of<"operation.ended">): DrillState {
  const given = withOperation(state, event.operation, (o) => ({
    ...o,
    phase: "ended",
    endedAt: event.at,
    outcome: event.outcome,
    summary: event.summary,
    tasks: event.tasks,
    servers: event.servers,
    problems: event.problems,
  }));
  const operation = given.operations.find((o) => o.key === event.operation);
  if (operation === undefined) return given;
  if (operation.undoOf !== null) {
    return withDebt(given, operation.undoOf, (d) => ({
      ...d,
      status: event.outcome === "succeeded" ? "undone" : "failed",
      detail: event.summary,
    }));
  }
  const settled = event.outcome === "refused" ? withoutDebt(given, event.operation) : given;
  return withStep(settled, operation.step, (s) => {
    if (s.operation !== event.operation || (s.status !== "open" && s.status !== "failing")) return s;
    return event.outcome === "succeeded" ? { ...s, status: "passed", closedAt: event.at } : { ...s, status: "failing" };
  });
}

function resolved(state: DrillState, event: Of<"operation.resolved">): DrillState {
  if (event.as === "look-again") return withOperation(state, event.operation, (o) => ({ ...o, phase: "intended", why: "" }));
  const given = withOperation(state, event.operation, (o) => ({
    ...o,
    phase: "ended",
    endedAt: event.at,
    outcome: "refused",
    summary: event.reason,
  }));
  const operation = given.operations.find((o) => o.key === event.operation);
  if (operation === undefined) return given;
  if (operation.undoOf !== null) return withDebt(given, operation.undoOf, (d) => ({ ...d, status: "failed", detail: event.reason }));
  return withStep(withoutDebt(given, event.operation), operation.step, (s) =>
    s.status === "open" ? { ...s, status: "failing" } : s,
  );
}

function withStep(state: DrillState, id: string, change: (step: StepState) => StepState): DrillState {
  return { ...state, steps: state.steps.map((s) => (s.step.id === id ? change(s) : s)) };
}

function withOperation(state: DrillState, key: string, change: (operation: OperationState) => OperationState): DrillState {
  return { ...state, operations: state.operations.map((o) => (o.key === key ? change(o) : o)) };
}

function withDebt(state: DrillState, operation: string, change: (debt: Debt) => Debt): DrillState {
  return { ...state, debts: state.debts.map((d) => (d.operation === operation ? change(d) : d)) };
}

function withoutDebt(state: DrillState, operation: string): DrillState {
  return { ...state, debts: state.debts.filter((d) => d.operation !== operation) };
}
