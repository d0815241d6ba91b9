import { fill } from "../runbooks/fill.ts";
import { isRecord } from "../runbooks/json.ts";
import type { ApprovalStep, Json } from "../runbooks/runbook.ts";
import { digestOf } from "./digest.ts";
import type { Preview } from "./events.ts";
import { releasedSteps, type DrillState } from "./state.ts";
import { steeringValues, valuesOf } from "./values.ts";
import { courseTexts as t } from "../texts/course.ts";

/** An action that an approval releases, with the parameters it will have. */
export type ReleasedAction = { readonly step: string; readonly title: string; readonly action: string; readonly input: Json };

/** The actions that an approval lets run: those up to the next approval, in order. */
export function releasedActions(state: DrillState, approvalStep: string): readonly ReleasedAction[] {
  return releasedSteps(state, approvalStep).flatMap(({ step }) =>
    step.kind === "action" && (step.only === undefined || step.only.includes(state.mode)) ? [{ step: step.id, title: step.title, action: step.type, input: fill(step.input, valuesOf(state)) }] : [],
  );
}

/**
 * What an approval binds to, as plain data: never card bytes. A difference in any of it, seen when the action is about to be
 * sent, voids the approval.
 */
export function approvalSubject(
  state: DrillState,
  step: ApprovalStep,
  round: number,
  expiresAt: string,
  released: readonly { readonly action: ReleasedAction; readonly preview: Preview }[],
): Json {
  return {
    v: 1,
    drill: state.id,
    runbook: state.runbook.hash,
    step: step.id,
    round,
    quorum: step.quorum,
    ...(step.also === undefined ? {} : { also: step.also.map(({ role, quorum }) => ({ role, quorum })) }),
    mode: state.mode,
    purpose: state.purpose,
    expiresAt,
    // What steers nothing is nothing to approve, and the subject stays in the clear when it has to be erased.
    params: steeringValues(state),
    actions: released.map(({ action, preview }) => actionSubject(action, preview)),
  };
}

function actionSubject(action: ReleasedAction, preview: Preview): Json {
  return {
    step: action.step,
    action: action.action,
    input: action.input,
    targets: preview.targets.map((t) => t.id.toLowerCase()).toSorted(),
    plan: preview.planDigest,
    recoveryPoint: preview.recoveryPointRule,
    undo: preview.undo,
    ...(preview.former === undefined ? {} : { former: preview.former }),
  };
}

/** The approved subject with one action as it is now: equal digests mean that nothing changed since it was approved. */
export function subjectNow(approved: Json, action: ReleasedAction, preview: Preview): Json {
  if (!isRecord(approved) || !Array.isArray(approved["actions"])) return approved;
  const actions = approved["actions"] as readonly Json[];
  const isIt = (a: Json): boolean => isRecord(a) && a["step"] === action.step;
  // An action that nobody approved must make a difference, or it would run under what others were approved.
  const now = actions.some(isIt) ? actions.map((a) => (isIt(a) ? actionSubject(action, preview) : a)) : [...actions, actionSubject(action, preview)];
  return { ...approved, actions: now };
}

/** Where an action stands among those that were approved, whose previews stand in the same order; -1: it was not. */
export function placeIn(approved: Json, step: string): number {
  const actions = isRecord(approved) ? approved["actions"] : undefined;
  return Array.isArray(actions) ? actions.findIndex((a) => isRecord(a) && a["step"] === step) : -1;
}

/** Old beside new, a sentence a difference, for the people who have to approve again. */
export function differences(was: Preview | undefined, now: Preview): readonly string[] {
  if (was === undefined) return [t.notApproved];
  const before = new Map(was.targets.map((t) => [t.id.toLowerCase(), t.name]));
  const after = new Map(now.targets.map((t) => [t.id.toLowerCase(), t.name]));
  const added = [...after].filter(([id]) => !before.has(id)).map(([, name]) => name);
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, name]) => name);
  return [
    ...(added.length > 0 ? [t.addedSince(added)] : []),
    ...(removed.length > 0 ? [t.removedSince(removed)] : []),
    ...(was.planDigest !== now.planDigest && added.length + removed.length === 0
      ? [t.planChanged]
      : []),
    ...(digestOf(was.recoveryPointRule) === digestOf(now.recoveryPointRule) ? [] : [t.ruleChanged]),
    ...(was.undo === now.undo ? [] : [t.undoChanged]),
    ...(digestOf(was.former ?? null) === digestOf(now.former ?? null) ? [] : [t.formerChanged]),
  ];
}
