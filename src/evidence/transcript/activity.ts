import { isByPeople } from "../../runbooks/runbook.ts";
import type { DrillEvent } from "../../drills/events.ts";
import { undoForPeople } from "../../drills/debts.ts";
import { openSteps, type DrillState, type StepState } from "../../drills/state.ts";
import { titleOf } from "./title.ts";
import { counted } from "../../texts/words.ts";

/** Who keeps the drill busy: a machine, people at work, or nobody until somebody decides. */
export type Occupation = "machine" | "people" | "waiting";

/** One thing that goes on in a state. */
export type Activity = {
  /** The same for as long as it is the same thing. */
  readonly key: string;
  /** What belongs to one attempt shares it. */
  readonly attempt: string;
  readonly step: string | null;
  readonly label: string;
  readonly occupation: Occupation;
};

/**
 * An event and what went on after it. Not the state after it: kept for every event of a long drill, states would fill the
 * memory.
 */
export type Moment = { readonly event: DrillEvent; readonly activities: readonly Activity[]; readonly note: string };

/** What goes on in a state: usually one thing. */
export function activities(state: DrillState): readonly Activity[] {
  const steps = state.status === "running" ? openSteps(state) : [];
  const signing = state.status === "signing-off" ? [{ key: "sign-off", attempt: "sign-off", step: null, label: "Sign-off", occupation: "waiting" as const }] : [];
  const shown = steps.map((s) => s.step.id);
  return [...steps.flatMap((step) => stepActivity(state, step)), ...operationActivities(state, shown), ...undoDecisions(state), ...signing];
}

function stepActivity(state: DrillState, current: StepState): readonly Activity[] {
  const occupation = occupationOf(state, current);
  const { id, title } = current.step;
  const attempt = `${id}#${current.round}`;
  const label = current.round > 1 ? `${title}, attempt ${current.round}` : title;
  return [{ key: `${attempt} ${current.status} ${occupation}`, attempt, step: id, label, occupation }];
}

function occupationOf(state: DrillState, { step, status, approval, operation }: StepState): Occupation {
  const phase = state.operations.find((o) => o.key === operation)?.phase;
  if (phase === "unknown") return "waiting";
  if (status === "failing") return phase === "intended" || phase === "started" ? "machine" : "waiting";
  if (step.kind === "approval") return approval?.status === "asked" ? "waiting" : "machine";
  return isByPeople(step) ? "people" : "machine";
}

/** Undos, and actions that outlive their step because the drill was given up. */
function operationActivities(state: DrillState, shown: readonly string[]): readonly Activity[] {
  return state.operations
    .filter((o) => o.phase !== "ended" && (o.undoOf !== null || !shown.includes(o.step)))
    .map((o) => ({
      key: `${o.key} ${o.phase === "unknown" ? "unknown" : "under way"}`,
      attempt: `operation ${o.key}`,
      step: o.undoOf === null ? o.step : null,
      label: `${o.undoOf === null ? "Still running" : "Clean up"}: ${titleOf(state, o.step)}`,
      occupation: o.phase === "unknown" ? ("waiting" as const) : ("machine" as const),
    }));
}

function undoDecisions(state: DrillState): readonly Activity[] {
  const forPeople = undoForPeople(state)?.operation;
  return state.debts
    .filter((d) => state.status === "cleaning-up" && (d.status === "failed" || d.operation === forPeople))
    .map((d) => ({
      key: `decide ${d.operation}/${d.attempts}`,
      attempt: `decide ${d.operation}`,
      step: null,
      label: `Decision: clean up ${titleOf(state, d.step)}`,
      occupation: "waiting" as const,
    }));
}

/** What ended a stretch, in a few words beside its bar. `after` is the state after the event. */
export function noteOn(event: DrillEvent, after: DrillState): string {
  const who = event.by?.name ?? "";
  switch (event.type) {
    case "check.observed":
      return event.verdict === "passed" ? "passed" : event.verdict === "failed" ? "failed" : "not proved";
    case "step.answered":
      return event.answer === "done" ? who : `${event.answer} by ${who}`;
    case "step.timed-out":
      return "timed out";
    case "step.retried":
      return `retried by ${who}`;
    case "step.continued":
      return who === "" ? "continued" : `continued by ${who}`;
    case "approval.decided":
      return decided(after, event.step, event.decision);
    case "approval.expired":
      return "expired";
    case "operation.ended":
      return event.servers.length === 0 ? event.outcome : servers(event.servers);
    case "operation.unknown":
      return "outcome unknown";
    case "cleanup.began":
      return event.why === "finished" ? "" : event.why;
    case "debt.accepted":
      return `accepted by ${who}`;
    case "drill.ended":
      return counted(after.signatures.length, "signature");
    default:
      return "";
  }
}

function decided(state: DrillState, step: string, decision: "approve" | "reject"): string {
  const at = state.steps.find((s) => s.step.id === step);
  const approvals = at?.approval?.decisions.filter((d) => d.decision === "approve").length ?? 0;
  const quorum = at?.step.kind === "approval" ? at.step.quorum : 0;
  return decision === "reject" ? "rejected" : `${approvals} of ${quorum}`;
}

function servers(outcomes: readonly { readonly outcome: string }[]): string {
  const good = outcomes.filter((s) => s.outcome === "succeeded" || s.outcome === "removed").length;
  const removed = outcomes.some((s) => s.outcome === "removed");
  return removed ? `${good} of ${outcomes.length} removed` : `${good} of ${counted(outcomes.length, "server")}`;
}
