import type { Pause } from "../events.ts";
import type { OperationEvent } from "../events/operations.ts";
import { openSteps, type Debt, type OperationState, type PauseAnswer } from "../state.ts";
import type { Draft } from "./draft.ts";
import { performedBy, tookPart, type Of, type Rules } from "./rule.ts";

export const operationRules: Rules<OperationEvent["type"]> = {
  "operation.intended": intended,
  "operation.started": (draft, { operation, at, handle, adopted }) =>
    void draft.operation(operation, (o) => ({ ...o, phase: "started", startedAt: at, handle, adopted, why: "", summary: "" })),
  "operation.progressed": (draft, { operation, summary, tasks, servers, pause }) => void draft.operation(operation, (o) => ({ ...o, summary, tasks, servers, pause: stillThere(o, pause) })),
  "operation.ended": ended,
  "pause.answered": (draft, event) => {
    const { operation, by, at, reason } = event;
    performedBy(draft, event);
    answered(draft, operation, () => ({ by, at, reason, sendBy: null, told: false, problem: null }));
  },
  "pause.release-intended": (draft, { operation, sendBy }) => answered(draft, operation, (answer) => ({ ...answer, sendBy })),
  "pause.released": (draft, { operation, problem }) => answered(draft, operation, (answer) => ({ ...answer, told: problem === null, problem })),
  "operation.unknown": (draft, event) => void draft.operation(event.operation, (o) => ({ ...o, phase: "unknown", why: event.why })),
  "operation.resolved": resolved,
  "undo.ordered": (draft, event) => {
    tookPart(draft, event);
    draft.debt(event.operation, (d) => ({ ...d, ordered: true }));
  },
  "debt.cleared": (draft, event) => draft.debt(event.operation, (d) => ({ ...d, status: "undone", detail: event.why })),
  "undo.blocked": (draft, event) => draft.debt(event.operation, (d) => ({ ...d, status: "failed", detail: event.problem.message })),
  "undo.retried": (draft, event) => {
    tookPart(draft, event);
    draft.debt(event.operation, (d) => ({ ...d, status: "owed" }));
  },
  "undo.answered": (draft, event) => {
    tookPart(draft, event);
    const { operation, answer, reason } = event;
    draft.debt(operation, (d) => ({ ...d, status: answer === "done" ? "undone" : "failed", attempts: d.attempts + 1, detail: reason }));
  },
  "debt.accepted": (draft, event) => {
    draft.debt(event.operation, (d) => ({ ...d, status: "accepted", detail: event.reason }));
    draft.remove("holds", (h) => h.operation === event.operation);
  },
  "server.held": (draft, { operation, server, owner, at, until, reason }) => {
    draft.remove("holds", (h) => h.operation === operation && h.server === server);
    draft.add("holds", { operation, server, owner, since: at, until, reason });
  },
  "server.released": (draft, { operation, server }) => draft.remove("holds", (h) => h.operation === operation && h.server === server),
  "obligation.registered": (draft, { obligation, step, text }) => draft.add("debts", { ...owed(draft, obligation, step), kind: "obligation", text, ordered: true }),
  "obligation.settled": (draft, event) => {
    tookPart(draft, event);
    draft.debt(event.obligation, (d) => ({ ...d, status: "undone", detail: event.reason }));
  },
};

function intended(draft: Draft, event: Of<"operation.intended">): void {
  const { operation: key, step, action, input, tag, undoOf, sendBy } = event;
  const operation: OperationState = {
    key,
    step,
    action,
    input,
    tag,
    undoOf,
    phase: "intended",
    intendedAt: event.at,
    sendBy,
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
    obligations: event.obligations ?? [],
    settles: event.settles ?? [],
    pointOfNoReturn: event.pointOfNoReturn ?? false,
    pause: null,
  };
  draft.add("operations", operation);
  if (undoOf !== null) return draft.debt(undoOf, (d) => ({ ...d, status: "undoing", attempts: d.attempts + 1 }));
  draft.step(step, event.at, (s) => ({ ...s, operation: key, blocked: null }));
  if (event.undo !== null) draft.add("debts", { ...owed(draft, key, step), action: event.undo.action, input: event.undo.input });
}

/** What people said at a place stays with it for as long as the operation waits there. */
function stillThere({ pause: before }: OperationState, pause: Pause | undefined): OperationState["pause"] {
  return pause === undefined ? null : { ...pause, answer: before?.id === pause.id ? before.answer : null };
}

const nobody: PauseAnswer = { by: null, at: "", reason: "", sendBy: null, told: false, problem: null };

function answered(draft: Draft, operation: string, change: (answer: PauseAnswer) => PauseAnswer): void {
  draft.operation(operation, (o) => (o.pause === null ? o : { ...o, pause: { ...o.pause, answer: change(o.pause.answer ?? nobody) } }));
}

/** What a step leaves owed, before anybody did anything about it. In live nothing is taken back by itself. */
export function owed(draft: Draft, operation: string, step: string): Debt {
  return {
    kind: "undo",
    operation,
    step,
    action: "",
    input: null,
    text: "",
    status: "owed",
    attempts: 0,
    ordered: draft.state.mode !== "live",
    beforeRetry: false,
    noWayBack: false,
    detail: "",
  };
}

function ended(draft: Draft, event: Of<"operation.ended">): void {
  const { outcome, summary, tasks, servers, problems } = event;
  const operation = draft.operation(event.operation, (o) => ({ ...o, phase: "ended", endedAt: event.at, outcome, summary, tasks, servers, problems, pause: null }));
  if (operation === null) return;
  if (operation.undoOf !== null) return draft.debt(operation.undoOf, (d) => ({ ...d, status: outcome === "succeeded" ? "undone" : "failed", detail: summary }));
  if (outcome === "refused") draft.remove("debts", (d) => d.operation === event.operation);
  else if (operation.pointOfNoReturn) crossNoReturn(draft, event.operation);
  draft.step(operation.step, event.at, (s) => {
    if (s.operation !== event.operation || (s.status !== "open" && s.status !== "failing")) return s;
    return outcome === "succeeded" ? { ...s, status: "passed", closedAt: event.at } : { ...s, status: "failing" };
  });
}

function crossNoReturn(draft: Draft, operation: string): void {
  draft.set({ noReturn: operation, debts: draft.state.debts.map((d) => (d.kind === "obligation" ? d : { ...d, noWayBack: true, beforeRetry: false })) });
}

function resolved(draft: Draft, event: Of<"operation.resolved">): void {
  tookPart(draft, event);
  if (event.as === "look-again") return void draft.operation(event.operation, (o) => ({ ...o, phase: "intended", why: "" }));
  const operation = draft.operation(event.operation, (o) => ({ ...o, phase: "ended", endedAt: event.at, outcome: "refused", summary: event.reason }));
  if (operation === null) return;
  if (operation.undoOf !== null) return draft.debt(operation.undoOf, (d) => ({ ...d, status: "failed", detail: event.reason }));
  draft.remove("debts", (d) => d.operation === event.operation);
  const isOpen = openSteps(draft.state).some((s) => s.step.id === operation.step && s.status === "open");
  if (isOpen) draft.step(operation.step, event.at, (s) => ({ ...s, status: "failing" }));
}
