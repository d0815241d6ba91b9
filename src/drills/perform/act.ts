import { createHash } from "node:crypto";
import { asDrillbookError, DrillbookError } from "../../errors.ts";
import { fill } from "../../runbooks/fill.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { differences, placeIn, subjectNow } from "../approval.ts";
import type { MachineCommand } from "../commands.ts";
import { digestOf } from "../digest.ts";
import type { Preview, Problem, RequestRecord } from "../events.ts";
import type { Action } from "../ports.ts";
import { isBefore } from "../order.ts";
import { releasingApproval } from "../state.ts";
import { valuesOf } from "../values.ts";
import { actionNamed, onRecord, problemOf, refuseMisfit, sendWindow, type Hands, type Of } from "./hands.ts";
import { observeSafely } from "./observe.ts";
import { courseTexts } from "../../texts/course.ts";
import { drillRefusals } from "../../texts/refusals.ts";

/** Reads the targets again, compares them with what was approved, looks at every guard again, and only then intends. */
export async function act(effect: Of<"act">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  let preview: Preview | null = null;
  const action = await unlessBlocked(
    async () => {
      if (await isUnsigned(effect, hands)) return null;
      const ready = actionNamed(effect.action, hands);
      refuseMisfit(ready.facts, effect.input);
      preview = await ready.preview(effect.input, look);
      if (await approvalIsVoid(effect, preview, requests, hands)) return null;
      await observeGuardsAgain(effect, hands);
      return ready;
    },
    (problem) => ({ type: "blocked", by: null, step, round, problem, requests }),
    hands,
  );
  if (action !== null) await intendAndSend(effect, action, preview, requests, hands);
}

/** What fails before the intent sent nothing and is reported so. After the intent nobody may say that any more. */
async function unlessBlocked(
  prepare: () => Promise<Action | null>,
  report: (problem: Problem) => MachineCommand,
  hands: Hands,
): Promise<Action | null> {
  try {
    return await prepare();
  } catch (thrown) {
    await hands.commit(report(problemOf(thrown)));
    return null;
  }
}

/**
 * Asks the action first whether there is anything left to take back, because people may have done it by hand. What fails before
 * the intent is reported as blocked: nothing was sent.
 */
export async function undo(effect: Of<"act">, undoOf: string, hands: Hands): Promise<void> {
  const { look, requests } = onRecord(hands);
  const action = await unlessBlocked(
    async () => {
      const ready = actionNamed(effect.action, hands);
      const need = await ready.needed?.(effect.input, look);
      if (need?.needed !== false) return ready;
      await hands.commit({ type: "undo-not-needed", by: null, operation: undoOf, why: need.why, requests });
      return null;
    },
    (problem) => ({ type: "undo-blocked", by: null, operation: undoOf, problem, requests }),
    hands,
  );
  if (action !== null) await intendAndSend(effect, action, null, requests, hands);
}

/** How long a live action waits for the signature over its approval before somebody is told, and between two looks. */
const signWithinMs = 60_000;
const lookForSignatureMs = 500;

/**
 * In live nothing is sent on the strength of an approval that could still be denied: it has to lie under a signed checkpoint
 * first. Throws `not-now` when it does not for a minute.
 */
async function isUnsigned(effect: Of<"act">, hands: Hands): Promise<boolean> {
  const state = hands.state();
  if (state.mode !== "live" || hands.signedUpTo === undefined) return false;
  const { approval, closedAt } = releasingApproval(state, effect.step) ?? { approval: null, closedAt: null };
  if (approval?.grantedSeq === undefined || (await hands.signedUpTo(state.id)) >= approval.grantedSeq) return false;
  if (hands.clock().getTime() - Date.parse(closedAt ?? state.launchedAt) > signWithinMs) throw new DrillbookError("not-now", ...drillRefusals.notSigned);
  hands.lookAgainAfter(effect, lookForSignatureMs);
  return true;
}

async function approvalIsVoid(effect: Of<"act">, preview: Preview, requests: readonly RequestRecord[], hands: Hands): Promise<boolean> {
  const releasing = releasingApproval(hands.state(), effect.step);
  if (releasing === undefined) return false;
  const approval = releasing.approval;
  if (approval?.status !== "granted") throw new DrillbookError("not-allowed", ...drillRefusals.notApproved);
  const released = { step: effect.step, title: "", action: effect.action, input: effect.input };
  const now = digestOf(subjectNow(approval.subject, released, preview));
  if (now === approval.digest) return false;
  await hands.commit({
    type: "voided",
    by: null,
    step: releasing.step.id,
    round: releasing.round,
    now,
    differences: differences(approval.previews[placeIn(approval.subject, effect.step)], preview),
    requests,
  });
  return true;
}

async function observeGuardsAgain(effect: Of<"act">, hands: Hands): Promise<void> {
  const state = hands.state();
  for (const { step, status } of state.steps) {
    if (step.kind !== "check" || !step.guard || status !== "passed" || !isBefore(state.runbook, step.id, effect.step)) continue;
    const { look, requests } = onRecord(hands);
    const observation = await observeSafely(step.type, fill(step.input, valuesOf(state)), hands, look);
    await hands.commit({ type: "guard-observed", by: null, step: step.id, before: effect.operation, observation, requests });
    if (observation.verdict !== "passed") {
      throw new DrillbookError("not-now", drillRefusals.guardGone(step.title, observation.summary), observation.diagnosis[0] ?? drillRefusals.mendGuard);
    }
  }
}

/**
 * Intent, send, outcome. When the answer is lost, that it was and which request it was go on record; the intent stands, and
 * recovery looks for what it left once nothing can be under way any more.
 */
async function intendAndSend(effect: Of<"act">, action: Action, preview: Preview | null, before: readonly RequestRecord[], hands: Hands): Promise<void> {
  const { operation, step, round, input, undoOf } = effect;
  await keepEvidence(step, action, input, hands);
  const tag = hands.newId();
  const within = sendWindow(hands);
  const undoInput = undoOf === null && action.facts.undo !== null ? action.undoInput(input, hands.state().id, preview) : null;
  const undo = undoInput === null || action.facts.undo === null ? null : { action: action.facts.undo, input: undoInput };
  hands.crashPoint("before-intent");
  const intended = await hands.commit({
    type: "intend",
    by: null,
    step,
    round,
    operation,
    action: effect.action,
    input,
    tag,
    sendBy: within.sendBy.toISOString(),
    undoOf,
    undo,
    ...declared(action.facts, undoOf),
    requests: before,
  });
  if (!intended) return;
  hands.crashPoint("after-intent");
  const { look, requests } = onRecord(hands);
  try {
    hands.crashPoint("before-call");
    const { handle } = await action.start(input, { ...look, tag, ...within });
    hands.crashPoint("after-call");
    await hands.commit({ type: "started", by: null, operation, handle, adopted: false, requests });
    hands.crashPoint("after-outcome");
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    if (!certainlyNotStarted.has(error.code)) {
      await hands.commit({ type: "progressed", by: null, operation, summary: courseTexts.startUnanswered(error.message), tasks: [], servers: [], requests });
      return;
    }
    await hands.commit({
      type: "ended",
      by: null,
      operation,
      outcome: "refused",
      summary: error.message,
      tasks: [],
      servers: [],
      problems: [problemOf(error)],
      requests,
    });
  }
}

/** Keeps what will be gone afterwards. What was kept by this name already, before an attempt that failed, is not kept again. */
async function keepEvidence(step: string, action: Action, input: Json, hands: Hands): Promise<void> {
  const { look } = onRecord(hands);
  for (const { name, mediaType, bytes } of (await action.evidence?.(input, look)) ?? []) {
    if (hands.state().attachments.some((one) => one.step === step && one.name === name)) continue;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await hands.commit({ type: "kept", by: null, step, name, mediaType, size: bytes.length, sha256 }, [bytes]);
  }
}

/** What the action leaves owed, and whether anything leads back from it, as it says of itself now. An undo adds nothing of its own. */
function declared({ obligations = [], settles = [], pointOfNoReturn }: Action["facts"], undoOf: string | null): Pick<Extract<MachineCommand, { type: "intend" }>, "obligations" | "settles" | "pointOfNoReturn"> {
  if (undoOf !== null) return {};
  return { ...(obligations.length > 0 ? { obligations } : {}), ...(settles.length > 0 ? { settles } : {}), ...(pointOfNoReturn === true ? { pointOfNoReturn } : {}) };
}

const certainlyNotStarted: ReadonlySet<string> = new Set(["azure-refused", "azure-throttled", "not-now", "bad-input"]);
