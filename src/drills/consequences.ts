import { holds } from "../runbooks/condition.ts";
import { fill } from "../runbooks/fill.ts";
import type { Step } from "../runbooks/runbook.ts";
import { escalation } from "./bodies.ts";
import type { DrillResult, EventBody } from "./events.ts";
import { needsOf } from "./order.ts";
import { openDebts } from "./debts.ts";
import { isGuard, isOver, openSteps, operationOf, releasingApproval, stepOf, type DrillState, type StepState } from "./state.ts";
import { valuesOf } from "./values.ts";
import { courseTexts as t } from "../texts/course.ts";

/** The next thing that follows by itself: a step opens, cleanup begins and ends, sign-off is asked, the drill ends. Null: nothing. */
export function consequence(state: DrillState): EventBody | null {
  if (state.stoodAside && state.status === "running") return { type: "cleanup.began", why: "aborted", reason: t.incidentDeclared };
  if (state.status === "running") return state.paused === null ? ofSteps(state) : null;
  if (state.status === "cleaning-up") return ofCleanup(state);
  if (state.status === "signing-off") {
    const signed = (as: string): boolean => state.signatures.some((s) => s.as === as);
    // A finding that was recorded while the signatures were awaited still counts.
    return signed("owner") && signed("reviewer") ? { type: "drill.ended", result: proposedResult(state) } : null;
  }
  return null;
}

/** Several steps may be open at once; each is looked at until none has anything to say. */
function ofSteps(state: DrillState): EventBody | null {
  for (const step of openSteps(state)) {
    const body = step.status === "open" ? announcement(state, step) : afterFailure(state, step);
    if (body !== null) return body;
  }
  return nextStep(state);
}

function nextStep(state: DrillState): EventBody | null {
  const next = state.steps.find((s) => s.status === "pending" && needsOf(state.runbook, s.step).every((id) => isOver(stepOf(state, id))) && !isUnreleased(state, s));
  if (next === undefined) return state.open.length > 0 ? null : end(state);
  const why = whyLeftOut(state, next.step);
  if (why !== null) return { type: "step.left-out", step: next.step.id, why };
  return { type: "step.opened", step: next.step.id, round: next.round + 1 };
}

/** An approval that was void after the first of its actions holds the next one too, whose own need is over already. */
function isUnreleased(state: DrillState, { step }: StepState): boolean {
  const releasing = releasingApproval(state, step.id);
  return releasing !== undefined && !isOver(releasing);
}

/** A step that can never open must not leave a drill that waits for nothing. */
function end(state: DrillState): EventBody {
  const stuck = state.steps.find((s) => s.status === "pending");
  if (stuck === undefined) return { type: "cleanup.began", why: "finished", reason: "" };
  return { type: "cleanup.began", why: "failed", reason: t.stuck(stuck.step.title) };
}

/** Said once an attempt, in the words that everybody can check later. */
function announcement(state: DrillState, { step, round, announced }: StepState): EventBody | null {
  if (step.kind !== "announce" || announced !== null) return null;
  const said = (words: string): string => String(fill(words, valuesOf(state)));
  return { type: "announcement.made", step: step.id, round, audience: said(step.audience), text: t.announced(state.purpose === "incident", said(step.text)) };
}

function whyLeftOut(state: DrillState, step: Step): "branch" | "mode" | null {
  if (step.only !== undefined && !step.only.includes(state.mode)) return "mode";
  return step.when !== undefined && !holds(step.when, valuesOf(state)) ? "branch" : null;
}

/** `onFail` says what a failure means; a guard or an approval never lets a drill go on by itself. */
function afterFailure(state: DrillState, failing: StepState): EventBody | null {
  const operation = operationOf(state, failing.operation);
  if (operation !== undefined && operation.phase !== "ended") return null;
  const { step, round } = failing;
  const told = toTell(state, failing);
  if (told !== null) return escalation(state, step.id, round, told.role, told.reason);
  if (failing.timedOut && "onTimeout" in step && step.onTimeout === "continue" && !isGuard(failing)) {
    return { type: "step.continued", step: step.id, round, reason: t.goOnWithout(failing.reason) };
  }
  if (step.onFail === "stop") return { type: "cleanup.began", why: "failed", reason: t.failedStop(step.title) };
  if (step.onFail === "rollback" && state.mode !== "live") {
    return { type: "cleanup.began", why: "failed", reason: t.failedRollback(step.title) };
  }
  if (step.onFail === "continue" && !isGuard(failing)) return { type: "step.continued", step: step.id, round, reason: t.continueByRunbook };
  return null;
}

/** Who has to hear of a step whose time is up, once an attempt. */
function toTell(state: DrillState, { step, round, timedOut, approval }: StepState): { readonly role: string; readonly reason: string } | null {
  const role = "escalate" in step ? (step.escalate ?? null) : null;
  const late = step.kind === "approval" ? approval?.status === "expired" : timedOut;
  if (role === null || !late || state.escalations.some((e) => e.step === step.id && e.round === round)) return null;
  return { role, reason: step.kind === "approval" ? t.approvalExpired(step.title) : t.notAnswered(step.title) };
}

function ofCleanup(state: DrillState): EventBody | null {
  if (openDebts(state).length > 0 || state.operations.some((o) => o.phase !== "ended")) return null;
  if (state.cleanup?.why === "aborted") return { type: "drill.ended", result: "aborted" };
  return { type: "signoff.asked", proposed: proposedResult(state) };
}

function proposedResult(state: DrillState): DrillResult {
  if (state.cleanup?.why === "failed") return "failed";
  const deviated = state.steps.some((s) => s.status === "skipped" || s.status === "continued");
  return deviated || state.findings.length > 0 ? "passed-with-findings" : "passed";
}
