import type { DrillEvent, Observation, Person, Preview, Problem, RequestRecord, ServerOutcome, TaskProgress } from "../../drills/events.ts";
import { evolve } from "../../drills/evolve.ts";
import type { DrillState, StepStatus } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import type { Json, Kind, Mode, Purpose } from "../../runbooks/runbook.ts";
import { approvalsOf } from "./approvals.ts";
import { checksOf } from "./checks.ts";
import { cleanupOf } from "./cleanup.ts";
import { clocksOf, type Clocks } from "./clocks.ts";
import { deviationsOf } from "./deviations.ts";
import { notExercisedOf } from "./not-exercised.ts";
import { objectivesOf, type ObjectiveOutcome } from "./objectives.ts";
import { operationsOf } from "./operations.ts";
import { participantsOf, signaturesOf } from "./people.ts";
import { recoveryPointOf, type RecoveryPoint } from "./recovery-point.ts";
import { recoveryTimeOf, type RecoveryTime } from "./recovery-time.ts";
import { requestsOf } from "./requests.ts";
import { spansOf, type Span } from "./spans.ts";
import { stepsOf } from "./steps.ts";
import { timelineOf } from "./timeline.ts";
import { headlineOf, type Headline } from "./headline.ts";

/** A drill's history in readable form, as plain data: what a report shows and an auditor asks for. */
export type Transcript = {
  readonly drill: string;
  readonly title: string;
  readonly runbook: { readonly id: string; readonly hash: string; readonly owner: string };
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly launchedBy: Person;
  readonly startedAt: string;
  /** null: the drill is still open. */
  readonly endedAt: string | null;
  /** When the last event was recorded. */
  readonly lastAt: string;
  readonly events: number;
  readonly parameters: readonly { readonly label: string; readonly value: string }[];
  readonly headline: Headline;
  readonly objectives: readonly ObjectiveOutcome[];
  readonly recoveryTime: RecoveryTime;
  readonly recoveryPoint: RecoveryPoint;
  readonly clocks: Clocks;
  readonly spans: readonly Span[];
  readonly steps: readonly StepRecord[];
  readonly approvals: readonly ApprovalRecord[];
  readonly operations: readonly OperationRecord[];
  readonly checks: readonly CheckRecord[];
  readonly deviations: readonly Deviation[];
  readonly findings: readonly { readonly id: string; readonly text: string; readonly owner: Person; readonly due: string; readonly about: string }[];
  readonly notes: readonly { readonly at: string; readonly by: string; readonly about: string; readonly text: string }[];
  readonly notExercised: readonly string[];
  readonly cleanup: CleanupRecord;
  readonly signatures: readonly SignatureRecord[];
  readonly participants: readonly ParticipantRecord[];
  readonly timeline: readonly TimelineEntry[];
  readonly requests: readonly RequestEntry[];
};

export type StepRecord = {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly kind: Kind;
  readonly status: StepStatus;
  readonly guard: boolean;
  readonly rounds: number;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly closedBy: string;
  readonly reason: string;
  readonly items: readonly { readonly text: string; readonly ticked: boolean }[];
  readonly plannedMs: number | null;
  readonly machineMs: number;
  readonly peopleMs: number;
  readonly waitingMs: number;
};

export type ApprovalRecord = {
  readonly title: string;
  readonly round: number;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly quorum: number;
  readonly approvers: readonly Person[];
  readonly digest: string;
  readonly code: string;
  readonly previews: readonly Preview[];
  /** SHA-256 (hex) of the card as it was shown; null: none was stored. */
  readonly card: string | null;
  readonly decisions: readonly { readonly at: string; readonly by: string; readonly decision: "approve" | "reject"; readonly reason: string }[];
  readonly outcome: "granted" | "rejected" | "expired" | "voided" | "open";
  readonly differences: readonly string[];
};

export type OperationRecord = {
  readonly key: string;
  readonly title: string;
  readonly action: string;
  readonly undo: boolean;
  readonly input: Json;
  readonly tag: string;
  readonly handle: string | null;
  readonly adopted: boolean;
  readonly intendedAt: string;
  readonly endedAt: string | null;
  readonly outcome: string;
  readonly summary: string;
  readonly servers: readonly ServerOutcome[];
  readonly tasks: readonly TaskProgress[];
  readonly problems: readonly Problem[];
};

export type CheckRecord = Observation & {
  readonly seq: number;
  readonly at: string;
  readonly title: string;
  readonly type: string;
  readonly input: Json;
  readonly round: number;
  /** Looked at again immediately before an operation was sent. */
  readonly again: boolean;
};

export type Deviation = { readonly at: string; readonly by: string; readonly what: string; readonly why: string };

export type CleanupRecord = {
  readonly why: "finished" | "failed" | "aborted" | null;
  readonly reason: string;
  /** What the drill's operations created, and whether it is still there. */
  readonly servers: readonly { readonly name: string; readonly id: string; readonly removedAt: string | null }[];
  readonly debts: readonly {
    readonly what: string;
    readonly status: "owed" | "undoing" | "failed" | "undone" | "accepted";
    readonly attempts: number;
    readonly detail: string;
  }[];
  readonly owed: number;
};

export type SignatureRecord = {
  readonly as: "owner" | "reviewer";
  readonly by: Person;
  readonly at: string;
  readonly statement: string;
  /** Whether this person neither launched, performed nor approved. */
  readonly independent: boolean;
};

export type ParticipantRecord = { readonly person: Person; readonly roles: readonly string[]; readonly did: readonly string[] };

export type TimelineEntry = { readonly seq: number; readonly at: string; readonly by: string; readonly what: string; readonly detail: string };

export type RequestEntry = RequestRecord & { readonly seq: number; readonly about: string };

/** An event with the states before and after it. */
export type Moment = { readonly event: DrillEvent; readonly before: DrillState | null; readonly after: DrillState };

/** Reads a whole history from its first event. Throws `not-found` when it is empty, `internal` when it cannot be folded. */
export function transcriptOf(events: readonly DrillEvent[]): Transcript {
  const moments = momentsOf(events);
  const last = moments.at(-1);
  if (last === undefined) throw new DrillbookError("not-found", "There is no such drill.", "Look at the list of drills for its number.");
  const state = last.after;
  const spans = spansOf(moments);
  const operations = operationsOf(moments, state);
  const recoveryTime = recoveryTimeOf(state, moments);
  const recoveryPoint = recoveryPointOf(state, moments);
  const objectives = objectivesOf(state, recoveryTime, recoveryPoint);
  return {
    drill: state.id,
    title: state.runbook.title,
    runbook: { id: state.runbook.id, hash: state.runbook.hash, owner: state.runbook.owner },
    mode: state.mode,
    purpose: state.purpose,
    launchedBy: state.launchedBy,
    startedAt: state.launchedAt,
    endedAt: state.endedAt,
    lastAt: last.event.at,
    events: moments.length,
    parameters: parametersOf(state),
    headline: headlineOf(state, objectives),
    objectives,
    recoveryTime,
    recoveryPoint,
    clocks: clocksOf(moments),
    spans,
    steps: stepsOf(state, spans, last.event.at),
    approvals: approvalsOf(moments),
    operations,
    checks: checksOf(moments),
    deviations: deviationsOf(moments),
    findings: state.findings.map((f) => ({ id: f.id, text: f.text, owner: f.owner, due: f.due, about: titleOf(state, f.step) })),
    notes: state.notes.map((n) => ({ at: n.at, by: n.by?.name ?? "Drillbook", about: titleOf(state, n.step), text: n.text })),
    notExercised: notExercisedOf(state, operations),
    cleanup: cleanupOf(state),
    signatures: signaturesOf(state),
    participants: participantsOf(state, events),
    timeline: timelineOf(moments),
    requests: requestsOf(moments),
  };
}

function momentsOf(events: readonly DrillEvent[]): readonly Moment[] {
  let state: DrillState | null = null;
  return events.map((event) => {
    const before = state;
    const after = evolve(before, event);
    state = after;
    return { event, before, after };
  });
}

function parametersOf(state: DrillState): Transcript["parameters"] {
  const labels = new Map(state.runbook.parameters.map((p) => [p.name, p.label]));
  return Object.entries(state.params).map(([name, value]) => ({ label: labels.get(name) ?? name, value }));
}

/** The title of a step; empty for none. A history may name a step that its runbook does not have. */
export function titleOf(state: DrillState, step: string | null): string {
  if (step === null) return "";
  return state.steps.find((s) => s.step.id === step)?.step.title ?? step;
}
