import { answersOf, type Json, type Mode, type Purpose, type Runbook, type Step } from "../runbooks/runbook.ts";
import type { Attachment, DrillResult, Observation, Person, Preview, Problem, ServerOutcome, TaskProgress, TestServer } from "./events.ts";

/**
 * `open` waits for a person or a machine; `failing` waits for a person to choose; the others are closed. `failed` closes a
 * step with which the drill was given up. `left-out`: not on the branch that was taken, or not for this mode.
 */
export type StepStatus = "pending" | "open" | "failing" | "passed" | "failed" | "skipped" | "continued" | "left-out";

export type ApprovalState = {
  readonly status: "asked" | "granted" | "rejected" | "expired" | "voided";
  readonly digest: string;
  readonly code: string;
  readonly subject: Json;
  readonly previews: readonly Preview[];
  readonly approvers: readonly Person[];
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly differences: readonly string[];
  /** SHA-256 of the card that approvers were shown first; null until it is stored. */
  readonly card: string | null;
  readonly decisions: readonly {
    readonly by: Person;
    readonly at: string;
    readonly decision: "approve" | "reject";
    readonly reason: string;
  }[];
};

export type StepState = {
  readonly step: Step;
  readonly status: StepStatus;
  /** 0 before the step first opens; every retry adds one. */
  readonly round: number;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  /** When the step came into its present status. */
  readonly since: string | null;
  /** How long it stood still for somebody's decision, in milliseconds, without what is still running. */
  readonly waitedMs: number;
  readonly closedBy: Person | null;
  readonly reason: string;
  readonly ticks: readonly boolean[];
  readonly observation: Observation | null;
  /** Of a step that waits for a check: how often it looked, how often in a row it held, and when it looked last. */
  readonly looks: { readonly count: number; readonly held: number; readonly last: string } | null;
  /** Whom the step was handed over to; null: whoever has its role. */
  readonly assignee: Person | null;
  /** What was announced; null: not yet, or the step announces nothing. */
  readonly announced: { readonly audience: string; readonly text: string } | null;
  readonly approval: ApprovalState | null;
  /** The latest operation of this step. */
  readonly operation: string | null;
  /** Why nothing was sent. */
  readonly blocked: Problem | null;
};

/** `intended`: recorded, outcome of the send not yet known. `unknown`: a person has to say. */
export type OperationPhase = "intended" | "started" | "unknown" | "ended";

export type OperationState = {
  readonly key: string;
  readonly step: string;
  readonly action: string;
  readonly input: Json;
  readonly tag: string;
  readonly undoOf: string | null;
  readonly phase: OperationPhase;
  readonly intendedAt: string;
  readonly sendBy: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly handle: string | null;
  readonly adopted: boolean;
  readonly outcome: "succeeded" | "failed" | "refused" | null;
  readonly summary: string;
  readonly why: string;
  readonly tasks: readonly TaskProgress[];
  readonly servers: readonly ServerOutcome[];
  readonly problems: readonly Problem[];
};

/** An undo that is owed. It leaves the debt only as `undone`, or `accepted` by a person who signs for it. */
export type Debt = {
  readonly operation: string;
  readonly step: string;
  readonly action: string;
  readonly input: Json;
  readonly status: "owed" | "undoing" | "failed" | "undone" | "accepted";
  readonly attempts: number;
  /** Whether it may be taken back now: in live only once somebody said so. */
  readonly ordered: boolean;
  readonly detail: string;
};

export type Finding = {
  readonly id: string;
  readonly step: string | null;
  readonly text: string;
  readonly owner: Person;
  readonly due: string;
};

export type Signature = { readonly as: "owner" | "reviewer"; readonly by: Person; readonly at: string; readonly statement: string };

export type DrillState = {
  readonly id: string;
  readonly seq: number;
  readonly runbook: Runbook;
  readonly params: Readonly<Record<string, string>>;
  /** What people answered to the steps that ask, by name. */
  readonly answers: Readonly<Record<string, string>>;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly roles: Readonly<Record<string, readonly Person[]>>;
  readonly conversation: Json;
  readonly launchedBy: Person;
  readonly launchedAt: string;
  readonly endedAt: string | null;
  readonly status: "running" | "cleaning-up" | "signing-off" | "ended";
  readonly cleanup: { readonly why: "finished" | "failed" | "aborted"; readonly reason: string; readonly at: string } | null;
  /** Who holds the drill still since when and why; null: it goes on. */
  readonly paused: { readonly by: Person | null; readonly at: string; readonly reason: string } | null;
  /** The step that is open or failing; null when none is. */
  readonly current: string | null;
  readonly steps: readonly StepState[];
  readonly operations: readonly OperationState[];
  readonly debts: readonly Debt[];
  readonly findings: readonly Finding[];
  readonly notes: readonly { readonly by: Person | null; readonly at: string; readonly step: string | null; readonly text: string }[];
  readonly attachments: readonly ({ readonly by: Person | null; readonly at: string; readonly step: string | null } & Attachment)[];
  readonly proposed: DrillResult | null;
  readonly signatures: readonly Signature[];
  readonly result: DrillResult | null;
  /** Whoever launched the drill or performed a step of it: they may not approve what they perform, nor review it. */
  readonly performers: readonly Person[];
  readonly refusals: number;
};

/** The state of one step. Undefined only for an id that the runbook does not have. */
export function stepOf(state: DrillState, id: string): StepState | undefined {
  return state.steps.find((s) => s.step.id === id);
}

export function operationOf(state: DrillState, key: string | null): OperationState | undefined {
  return state.operations.find((o) => o.key === key);
}

/** Undos that nobody has settled yet. */
export function openDebts(state: DrillState): readonly Debt[] {
  return state.debts.filter((d) => d.status !== "undone" && d.status !== "accepted");
}

/** Test servers that this drill's operations created and have not removed, as Azure last told. */
export function testServersOf(state: DrillState): readonly TestServer[] {
  const owed = new Set(openDebts(state).map((d) => d.operation));
  return state.operations
    .filter((o) => owed.has(o.key))
    .flatMap((o) => o.servers.flatMap((s) => (s.testServer === null || s.outcome === "removed" ? [] : [s.testServer])));
}

/** The approval that releases a step: the nearest one before it. */
export function releasingApproval(state: DrillState, stepId: string): StepState | undefined {
  const index = state.steps.findIndex((s) => s.step.id === stepId);
  return state.steps.slice(0, Math.max(index, 0)).findLast((s) => s.step.kind === "approval");
}

/** The steps that an approval releases: those after it, up to the next approval. */
export function releasedSteps(state: DrillState, approvalId: string): readonly StepState[] {
  const index = state.steps.findIndex((s) => s.step.id === approvalId);
  const after = state.steps.slice(index + 1);
  const next = after.findIndex((s) => s.step.kind === "approval");
  return next === -1 ? after : after.slice(0, next);
}

export function approversWhoDecided(state: DrillState): readonly Person[] {
  return state.steps.flatMap((s) => s.approval?.decisions.map((d) => d.by) ?? []);
}

/** A guard and an approval can be neither skipped nor continued past; nor can a step whose answers nothing else gives. */
export function isGuard({ step }: StepState): boolean {
  return step.guard || step.kind === "approval" || answersOf(step).some((a) => a.default === null);
}

/** A step that stands still until somebody decides: an approval that is asked, or anything that failed. */
export function waitsForDecision(step: StepState): boolean {
  return step.status === "failing" || (step.status === "open" && step.step.kind === "approval");
}

/** The undo that waits for somebody to order it: the last one first. Null: none does. */
export function debtToOrder(state: DrillState): Debt | null {
  const owed = openDebts(state).findLast((d) => d.status === "owed");
  return owed === undefined || owed.ordered ? null : owed;
}
