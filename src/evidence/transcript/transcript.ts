import type { DrillEvent, Person, EarlierRetests, Retest } from "../../drills/events.ts";
import { evolve } from "../../drills/evolve.ts";
import type { DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import type { Mode, Purpose } from "../../runbooks/runbook.ts";
import { versionWords } from "../../runbooks/version-words.ts";
import { activities, noteOn, type Moment } from "./activity.ts";
import { approvalsOf } from "./approvals.ts";
import { checksOf } from "./checks.ts";
import { cleanupOf } from "./cleanup.ts";
import { clocksOf, type Clocks } from "./clocks.ts";
import { deviationsOf } from "./deviations.ts";
import { headlineOf, type Headline } from "./headline.ts";
import { notExercisedOf } from "./not-exercised.ts";
import { nextTestOf, type NextTest } from "./next-test.ts";
import { retestsOf } from "./retests.ts";
import { objectivesOf, type ObjectiveOutcome } from "./objectives.ts";
import { operationsOf } from "./operations.ts";
import { participantsOf, signaturesOf } from "./people.ts";
import { recoveryPointOf, type RecoveryPoint } from "./recovery-point.ts";
import { recoveryTimeOf, type RecoveryTime } from "./recovery-time.ts";
import type { ApprovalRecord, CheckRecord, CleanupRecord, Deviation, FileRecord, OperationRecord, ParticipantRecord, RequestEntry, SignatureRecord, StepRecord, TimelineEntry } from "./records.ts";
import { requestsOf } from "./requests.ts";
import { spansOf, type Span } from "./spans.ts";
import { stepsOf } from "./steps.ts";
import { timelineOf } from "./timeline.ts";
import { titleOf } from "./title.ts";
import { whyPlansFail, type FailureReason } from "./why-plans-fail.ts";

/** A drill's history in readable form, as plain data: what a report shows and an auditor asks for. */
export type Transcript = {
  readonly drill: string;
  readonly title: string;
  readonly runbook: { readonly id: string; readonly hash: string; readonly owner: string; /** Commit and author, when the file lay in a checkout; absent otherwise. */ readonly version?: string };
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly launchedBy: Person;
  /** The date of the schedule that began it in that person's name; null: the person did. */
  readonly scheduledFor: string | null;
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
  readonly files: readonly FileRecord[];
  readonly notExercised: readonly string[];
  readonly whyPlansFail: readonly FailureReason[];
  readonly cleanup: CleanupRecord;
  readonly signatures: readonly SignatureRecord[];
  readonly nextTest: NextTest;
  /** Why nothing of the drill may be erased; null: it is not on hold. */
  readonly onHold: string | null;
  /** What this drill had to show again; null: nothing was marked at its launch. */
  readonly earlier: EarlierRetests | null;
  /** What the next drill of this runbook has to show again. */
  readonly retests: readonly Retest[];
  readonly participants: readonly ParticipantRecord[];
  readonly timeline: readonly TimelineEntry[];
  readonly requests: readonly RequestEntry[];
};

/** Reads a whole history from its first event. Throws `not-found` when it is empty, `internal` when it cannot be folded. */
export function transcriptOf(events: readonly DrillEvent[]): Transcript {
  const { moments, state } = foldWithMoments(events);
  return transcriptFrom(moments, state);
}

/** The same from moments that were collected on the way. Those whose looks a later look replaced may be left out. */
export function transcriptFrom(moments: readonly Moment[], state: DrillState): Transcript {
  const events = moments.map((moment) => moment.event);
  const lastAt = events.at(-1)?.at ?? state.launchedAt;
  const spans = spansOf(moments);
  const operations = operationsOf(events, state);
  const recoveryTime = recoveryTimeOf(moments, state);
  const recoveryPoint = recoveryPointOf(events, state);
  const objectives = objectivesOf(state, recoveryTime, recoveryPoint);
  const clocks = clocksOf(moments);
  const steps = stepsOf(state, spans, lastAt);
  const notExercised = notExercisedOf(state, operations);
  return {
    drill: state.id,
    title: state.runbook.title,
    runbook: { id: state.runbook.id, hash: state.runbook.hash, owner: state.runbook.owner, ...(state.runbook.checkout === undefined && state.runbook.stale === undefined ? {} : { version: versionWords(state.runbook) }) },
    mode: state.mode,
    purpose: state.purpose,
    launchedBy: state.launchedBy,
    scheduledFor: state.scheduledFor,
    startedAt: state.launchedAt,
    endedAt: state.endedAt,
    lastAt,
    events: state.seq,
    parameters: parametersOf(state),
    headline: headlineOf(state, objectives),
    objectives,
    recoveryTime,
    recoveryPoint,
    clocks,
    spans,
    steps,
    approvals: approvalsOf(events, state),
    operations,
    checks: checksOf(events, state),
    deviations: deviationsOf(events, state),
    findings: state.findings.map((f) => ({ id: f.id, text: f.text, owner: f.owner, due: f.due, about: titleOf(state, f.step) })),
    notes: state.notes.map((n) => ({ at: n.at, by: n.by?.name ?? "Drillbook", about: titleOf(state, n.step), text: n.text })),
    files: state.attachments.map(({ by, at, step, name, mediaType, size, sha256 }) => ({ at, by: by?.name ?? null, about: titleOf(state, step), name, mediaType, size, sha256 })),
    notExercised,
    whyPlansFail: whyPlansFail(state, { steps, notExercised, clocks }),
    cleanup: cleanupOf(events, state),
    signatures: signaturesOf(state),
    nextTest: nextTestOf(state),
    onHold: onHold(events),
    earlier: state.retests,
    retests: retestsOf(state, objectives),
    participants: participantsOf(state, events),
    timeline: timelineOf(events, state),
    requests: requestsOf(events, state),
  };
}

function onHold(events: readonly DrillEvent[]): string | null {
  const last = events.findLast((e) => e.type === "hold.placed" || e.type === "hold.released");
  return last?.type === "hold.placed" ? last.reason : null;
}

function foldWithMoments(events: readonly DrillEvent[]): { readonly moments: readonly Moment[]; readonly state: DrillState } {
  let state: DrillState | null = null;
  const moments: Moment[] = [];
  for (const event of events) {
    state = evolve(state, event);
    moments.push(momentOf(event, state));
  }
  if (state === null) throw new DrillbookError("not-found", "There is no such drill.", "Look at the list of drills for its number.");
  return { moments, state };
}

/** An event and what went on in the state after it. */
export function momentOf(event: DrillEvent, after: DrillState): Moment {
  return { event, activities: activities(after), note: noteOn(event, after) };
}

function parametersOf(state: DrillState): Transcript["parameters"] {
  const labels = new Map(state.runbook.parameters.map((p) => [p.name, p.label]));
  return Object.entries(state.params).map(([name, value]) => ({ label: labels.get(name) ?? name, value }));
}
