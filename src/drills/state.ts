import { answersOf, type Json, type Mode, type Purpose, type Runbook, type Step } from "../runbooks/runbook.ts";
import type { Attachment, DrillResult, EarlierRetests, Observation, Pause, Person, Problem, ServerOutcome, TaskProgress } from "./events.ts";
import type { Question } from "./events/approvals.ts";
import { indexOfStep, isBefore } from "./order.ts";

/**
 * `open` waits for a person or a machine; `failing` waits for a person to choose; the others are closed. `failed` closes a
 * step with which the drill was given up. `left-out`: not on the branch that was taken, or not for this mode.
 */
export type StepStatus = "pending" | "open" | "failing" | "passed" | "failed" | "skipped" | "continued" | "left-out";

/** The approval of one attempt at a step, from the question on. */
export type ApprovalState = Question & {
  readonly status: "asked" | "granted" | "rejected" | "expired" | "voided";
  readonly askedAt: string;
  readonly differences: readonly string[];
  /** The event that granted it. Absent: it is not granted. */
  readonly grantedSeq?: number;
  /** SHA-256 of the card that approvers were shown first; null until it is stored. */
  readonly card: string | null;
  readonly decisions: readonly {
    readonly by: Person;
    readonly at: string;
    readonly decision: "approve" | "reject";
    readonly reason: string;
  }[];
};

/** One step at its newest attempt. Times are ISO 8601. */
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
  /** Whether this attempt failed because nobody answered in time. */
  readonly timedOut: boolean;
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

/** One thing that was done in Azure, from its intent on, or the undo of one. Times are ISO 8601. */
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
  readonly obligations: readonly { readonly id: string; readonly text: string }[];
  readonly settles: readonly string[];
  readonly pointOfNoReturn: boolean;
  /** Where it waits for people, and what they said there; null: it waits for nobody. */
  readonly pause: (Pause & { readonly answer: PauseAnswer | null }) | null;
};

/** Somebody's word that what an operation waits for is done, and how far the service was told. */
export type PauseAnswer = {
  readonly by: Person | null;
  readonly at: string;
  readonly reason: string;
  /** null: nothing is intended yet. */
  readonly sendBy: string | null;
  readonly told: boolean;
  readonly problem: Problem | null;
};

/**
 * What is owed: an undo that an action does, an undo that people do, or an obligation, which takes nothing back. It leaves the
 * debt only as `undone`, or `accepted` by a person who signs for it; what people changed in a drill that came to its end is
 * `kept`, because it was meant to stay.
 */
export type Debt = {
  readonly kind: "undo" | "undo-by-people" | "obligation";
  /** The operation that it takes back; for what people did, the attempt at their step; for an obligation, a key of its own. */
  readonly operation: string;
  readonly step: string;
  /** Empty for what people do. */
  readonly action: string;
  readonly input: Json;
  /** What people have to do, in words; empty when an action does it. */
  readonly text: string;
  readonly status: "owed" | "undoing" | "failed" | "undone" | "accepted" | "kept";
  readonly attempts: number;
  /** Whether it may be taken back now: in live only once somebody said so. */
  readonly ordered: boolean;
  /** Whether its step waits for it before it can run again. */
  readonly beforeRetry: boolean;
  /** Whether a point of no return was passed since: it can only be signed for. */
  readonly noWayBack: boolean;
  readonly detail: string;
};

/** A server kept for investigation. Until `until` nothing takes it away; then cleanup goes on. */
export type Hold = {
  readonly operation: string;
  readonly server: string;
  readonly owner: Person;
  readonly since: string;
  readonly until: string;
  readonly reason: string;
};

/** One more approver than were frozen at launch, who still needs the word of an approver. */
export type Proposal = { readonly id: string; readonly role: string; readonly person: Person; readonly by: Person | null; readonly added: boolean };

/** Whom an escalation named, at which attempt; `step` null: the drill as a whole. */
export type Escalation = { readonly step: string | null; readonly round: number; readonly role: string; readonly people: readonly Person[]; readonly at: string; readonly reason: string };

/** What opened an incident. */
export type Declared = {
  readonly by: Person | null;
  readonly at: string;
  readonly criterion: string;
  readonly decideBy: string | null;
  readonly disruptedAt: string | null;
  readonly detectedAt: string | null;
};

/** What a drill leaves to be mended: `due` is a day, `step` null when it is of the drill as a whole. */
export type Finding = {
  readonly id: string;
  readonly step: string | null;
  readonly text: string;
  readonly owner: Person;
  readonly due: string;
};

/** Who signed the drill's result, and as what. */
export type Signature = { readonly as: "owner" | "reviewer"; readonly by: Person; readonly at: string; readonly statement: string };

/** All that a drill is, folded from its events and from nothing else. Times are ISO 8601. */
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
  /** What this drill has to show again; null: nothing was marked. */
  readonly retests: EarlierRetests | null;
  readonly launchedBy: Person;
  /** The date of the schedule that began it in that person's name; null: the person did. */
  readonly scheduledFor: string | null;
  readonly launchedAt: string;
  readonly endedAt: string | null;
  readonly status: "running" | "cleaning-up" | "signing-off" | "ended";
  readonly cleanup: { readonly why: "finished" | "failed" | "aborted"; readonly reason: string; readonly at: string } | null;
  /** Who holds the drill still since when and why; null: it goes on. */
  readonly paused: { readonly by: Person | null; readonly at: string; readonly reason: string } | null;
  /** The steps that are open or failing, in the order of the file: several where tracks run side by side. */
  readonly open: readonly string[];
  /** The first of them; null when there is none. */
  readonly current: string | null;
  /** How long the drill waited for somebody's decision, in milliseconds, and since when it does again. */
  readonly waiting: { readonly ms: number; readonly since: string | null };
  readonly declared: Declared | null;
  /** Whether an incident took what this exercise protected. */
  readonly stoodAside: boolean;
  /** The operation after which nothing leads back; null: none has run. */
  readonly noReturn: string | null;
  readonly steps: readonly StepState[];
  readonly operations: readonly OperationState[];
  readonly debts: readonly Debt[];
  readonly holds: readonly Hold[];
  readonly proposals: readonly Proposal[];
  readonly escalations: readonly Escalation[];
  readonly findings: readonly Finding[];
  readonly notes: readonly { readonly by: Person | null; readonly at: string; readonly step: string | null; readonly text: string }[];
  readonly attachments: readonly ({ readonly by: Person | null; readonly at: string; readonly step: string | null } & Attachment)[];
  readonly proposed: DrillResult | null;
  readonly signatures: readonly Signature[];
  readonly result: DrillResult | null;
  /** Whoever launched the drill or performed a step of it, once each: they may not approve what they perform. */
  readonly performers: readonly Person[];
  /** The performers, and whoever decided, at whatever attempt, tried again, said what became of something, took back or settled, once each: they may not review the drill. */
  readonly involved: readonly Person[];
  readonly refusals: number;
};

/** The state of one step. Undefined only for an id that the runbook does not have. */
export function stepOf(state: DrillState, id: string): StepState | undefined {
  return state.steps[indexOfStep(state.runbook, id)];
}

/** The newest operation of this key; undefined for none, and for null. */
export function operationOf(state: DrillState, key: string | null): OperationState | undefined {
  return state.operations.findLast((o) => o.key === key);
}

/** The steps that are open or failing, in the order of the file. */
export function openSteps(state: DrillState): readonly StepState[] {
  return state.open.flatMap((id) => stepOf(state, id) ?? []);
}

/** Whether a step is over, so that what needs it may open. */
export function isOver(step: StepState | undefined): boolean {
  return step !== undefined && ["passed", "skipped", "continued", "left-out"].includes(step.status);
}

/** The approval that releases a step: the last one in the file among those that must be over before it. One that was left out releases nothing. */
export function releasingApproval(state: DrillState, stepId: string): StepState | undefined {
  return state.steps.findLast((s) => s.step.kind === "approval" && isBefore(state.runbook, s.step.id, stepId));
}

/** The steps that an approval releases: those after it, up to the next approval. */
export function releasedSteps(state: DrillState, approvalId: string): readonly StepState[] {
  return state.steps.filter((s) => s.step.kind !== "approval" && releasingApproval(state, s.step.id)?.step.id === approvalId);
}

/** A guard and an approval can be neither skipped nor continued past; nor can a step whose answers nothing else gives. */
export function isGuard({ step }: StepState): boolean {
  return step.guard || step.kind === "approval" || answersOf(step).some((a) => a.default === null);
}

/** A step that stands still until somebody decides: an approval that is asked, or anything that failed. */
export function waitsForDecision(step: StepState): boolean {
  return step.status === "failing" || (step.status === "open" && step.step.kind === "approval");
}

/** Long enough for Azure to show what it was told. */
const pauseShownMs = 60_000;

/** Whether somebody's word is wanted at a pause: nobody gave one, it did not reach Azure, or Azure still waits long after it should have. */
export function mayAnswerPause({ answer }: NonNullable<OperationState["pause"]>, at: Date): boolean {
  if (answer === null || answer.problem !== null) return true;
  return answer.sendBy !== null && at.getTime() >= Date.parse(answer.sendBy) + pauseShownMs;
}
