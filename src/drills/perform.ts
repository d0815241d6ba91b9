import { asDrillbookError, DrillbookError } from "../errors.ts";
import { fill } from "../runbooks/fill.ts";
import { misfits } from "../runbooks/misfits.ts";
import type { Json } from "../runbooks/runbook.ts";
import { approvalSubject, differences, releasedActions, subjectNow } from "./approval.ts";
import type { MachineCommand } from "./commands.ts";
import { codeOf, digestOf } from "./digest.ts";
import type { Effect } from "./effects.ts";
import type { Observation, Preview, Problem, RequestRecord } from "./events.ts";
import type { Action, Check, Clock, Look, Progress } from "./ports.ts";
import { operationOf, releasingApproval, stepOf, testServersOf, type DrillState, type OperationState } from "./state.ts";
import { valuesOf } from "./values.ts";

/** What the runner lends to an effect: the outside world, and one way back into the history. */
export type Hands = {
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  /** How long after the intent a write may still be sent, in milliseconds. */
  readonly sendWithinMs: number;
  /** Tests stop the process here. */
  readonly crashPoint: (name: CrashPoint) => void;
  readonly state: () => DrillState;
  /** Records a report. False: the drill has moved on, and nothing may follow from it. */
  readonly commit: (command: MachineCommand) => Promise<boolean>;
  /** Do not look at this effect again before so many milliseconds have passed. */
  readonly lookAgainAfter: (effect: Effect, ms: number) => void;
};

export const crashPoints = ["before-intent", "after-intent", "before-call", "after-call", "after-outcome"] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** How long to wait before asking Azure again when it did not answer. */
const silentMs = 15_000;

/** How long recovery keeps asking before it turns to a person. */
const recoveryPatienceMs = 10 * 60_000;

/** Does one effect and reports what came of it. Throws only for faults of Drillbook itself. */
export async function perform(effect: Effect, hands: Hands): Promise<void> {
  switch (effect.type) {
    case "observe":
      return observe(effect, hands);
    case "ask":
      return ask(effect, hands);
    case "expire":
      await hands.commit({ type: "expired", by: null, step: effect.step, round: effect.round });
      return;
    case "look":
      return lookOnce(effect, hands);
    case "waited":
      await hands.commit({ type: "waited", by: null, step: effect.step, round: effect.round });
      return;
    case "try-again":
      await hands.commit({ type: "try-again", by: null, step: effect.step, round: effect.round, reason: effect.reason });
      return;
    case "time-out":
      await hands.commit({ type: "timed-out", by: null, step: effect.step, round: effect.round, reason: effect.reason });
      return;
    case "act":
      return effect.undoOf === null ? act(effect, hands) : undo(effect, effect.undoOf, hands);
    case "recover":
      return recover(effect, hands);
    case "follow":
      return follow(effect, hands);
  }
}

type Of<T extends Effect["type"]> = Extract<Effect, { type: T }>;

async function observe(effect: Of<"observe">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const observation = await observeSafely(effect.check, effect.input, hands, look);
  await hands.commit({ type: "observed", by: null, step, round, observation, requests });
}

async function lookOnce(effect: Of<"look">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  const observation = await observeSafely(effect.check, effect.input, hands, look);
  await hands.commit({ type: "looked", by: null, step, round, observation, requests });
}

/** A check that breaks has not proved anything: that is an observation too, never a silent pass. */
async function observeSafely(type: string, input: Of<"observe">["input"], hands: Hands, look: Look): Promise<Observation> {
  try {
    const check = hands.checks.get(type);
    if (check === undefined) throw new DrillbookError("not-found", `There is no check "${type}" here.`, "Was it removed since the drill began?");
    refuseMisfit(check.facts, input);
    return await check.observe(input, { ...look, testServers: testServersOf(hands.state()) });
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    return { verdict: "not-proved", summary: error.message, diagnosis: [error.suggestion], result: { error: error.code } };
  }
}

async function ask(effect: Of<"ask">, hands: Hands): Promise<void> {
  const { step: id, round } = effect;
  const state = hands.state();
  const step = stepOf(state, id)?.step;
  if (step?.kind !== "approval") return;
  const { look, requests } = onRecord(hands);
  try {
    const approvers = state.roles[step.role] ?? [];
    const able = approvers.filter((p) => !state.performers.some((other) => other.id === p.id));
    if (able.length < step.quorum) {
      throw new DrillbookError(
        "not-now",
        `This needs ${step.quorum} approvers who neither launched nor perform the drill; there are ${able.length}.`,
        `Add people to the group behind the role "${step.role}", or let somebody else launch the drill.`,
      );
    }
    const released: { action: (typeof actions)[number]; preview: Preview }[] = [];
    const actions = releasedActions(state, id);
    for (const action of actions) refuseMisfit(actionNamed(action.action, hands).facts, action.input);
    for (const action of actions) released.push({ action, preview: await actionNamed(action.action, hands).preview(action.input, look) });
    const expiresAt = new Date(hands.clock().getTime() + step.expiresMs).toISOString();
    const subject = approvalSubject(state, step, round, expiresAt, released);
    const digest = digestOf(subject);
    const previews = released.map((r) => r.preview);
    await hands.commit({ type: "asked", by: null, step: id, round, digest, code: codeOf(digest), subject, previews, approvers, expiresAt, requests });
  } catch (thrown) {
    await hands.commit({ type: "blocked", by: null, step: id, round, problem: problemOf(thrown), requests });
  }
}

/** Reads the targets again, compares them with what was approved, looks at every guard again, and only then intends. */
async function act(effect: Of<"act">, hands: Hands): Promise<void> {
  const { step, round } = effect;
  const { look, requests } = onRecord(hands);
  let preview: Preview | null = null;
  const action = await unlessBlocked(
    async () => {
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

async function undo(effect: Of<"act">, undoOf: string, hands: Hands): Promise<void> {
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

async function approvalIsVoid(effect: Of<"act">, preview: Preview, requests: readonly RequestRecord[], hands: Hands): Promise<boolean> {
  const releasing = releasingApproval(hands.state(), effect.step);
  if (releasing === undefined) return false;
  const approval = releasing.approval;
  if (approval?.status !== "granted") throw new DrillbookError("not-allowed", "This step has not been approved.", "Ask for the approval first.");
  const index = releasedActions(hands.state(), releasing.step.id).findIndex((a) => a.step === effect.step);
  const released = { step: effect.step, title: "", action: effect.action, input: effect.input };
  const now = digestOf(subjectNow(approval.subject, released, preview));
  if (now === approval.digest) return false;
  await hands.commit({
    type: "voided",
    by: null,
    step: releasing.step.id,
    round: releasing.round,
    now,
    differences: differences(approval.previews[index], preview),
    requests,
  });
  return true;
}

async function observeGuardsAgain(effect: Of<"act">, hands: Hands): Promise<void> {
  const state = hands.state();
  const upTo = state.steps.findIndex((s) => s.step.id === effect.step);
  for (const { step, status } of state.steps.slice(0, upTo)) {
    if (step.kind !== "check" || !step.guard || status !== "passed") continue;
    const { look, requests } = onRecord(hands);
    const observation = await observeSafely(step.type, fill(step.input, valuesOf(state)), hands, look);
    await hands.commit({ type: "guard-observed", by: null, step: step.id, before: effect.operation, observation, requests });
    if (observation.verdict !== "passed") {
      throw new DrillbookError("not-now", `The guard "${step.title}" no longer holds: ${observation.summary}`, observation.diagnosis[0] ?? "Mend it, then retry this step.");
    }
  }
}

/**
 * Intent, send, outcome. When the answer is lost nothing is recorded here: the intent stands, and recovery looks for what
 * it left once nothing can be under way any more.
 */
async function intendAndSend(effect: Of<"act">, action: Action, preview: Preview | null, before: readonly RequestRecord[], hands: Hands): Promise<void> {
  const { operation, step, round, input, undoOf } = effect;
  const tag = hands.newId();
  const sendBy = new Date(hands.clock().getTime() + hands.sendWithinMs);
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
    sendBy: sendBy.toISOString(),
    undoOf,
    undo,
    requests: before,
  });
  if (!intended) return;
  hands.crashPoint("after-intent");
  const { look, requests } = onRecord(hands);
  try {
    hands.crashPoint("before-call");
    const { handle } = await action.start(input, { ...look, tag, sendBy });
    hands.crashPoint("after-call");
    await hands.commit({ type: "started", by: null, operation, handle, adopted: false, requests });
    hands.crashPoint("after-outcome");
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    if (!certainlyNotStarted.has(error.code)) return;
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

const certainlyNotStarted: ReadonlySet<string> = new Set(["azure-refused", "azure-throttled", "not-now", "bad-input"]);

/** Looks for what an intent left behind: found, it is adopted; not found, a person is asked. It is never sent again. */
async function recover(effect: Of<"recover">, hands: Hands): Promise<void> {
  const operation = operationOf(hands.state(), effect.operation);
  if (operation === undefined) return;
  const { look, requests } = onRecord(hands);
  try {
    const found = await actionNamed(operation.action, hands).find(operation.input, operation.tag, new Date(operation.intendedAt), look);
    if (found !== null) {
      await hands.commit({ type: "started", by: null, operation: operation.key, handle: found.handle, adopted: true, requests });
      return;
    }
    await unknown(operation, "Azure shows no trace of it.", requests, hands);
  } catch (thrown) {
    const waited = hands.clock().getTime() - effect.sentBy.getTime();
    if (waited < recoveryPatienceMs) return hands.lookAgainAfter(effect, silentMs);
    await unknown(operation, `Azure could not be asked: ${asDrillbookError(thrown).message}`, requests, hands);
  }
}

async function unknown(operation: OperationState, why: string, requests: readonly RequestRecord[], hands: Hands): Promise<void> {
  await hands.commit({ type: "unknown", by: null, operation: operation.key, why, requests });
}

async function follow(effect: Of<"follow">, hands: Hands): Promise<void> {
  const operation = operationOf(hands.state(), effect.operation);
  if (operation?.handle == null) return;
  const { look, requests } = onRecord(hands);
  try {
    const progress = await actionNamed(operation.action, hands).follow(operation.handle, operation.input, look);
    await reportProgress(operation, progress, requests, hands);
    if (progress.state === "running") hands.lookAgainAfter(effect, progress.nextLookMs);
  } catch (thrown) {
    const summary = `Azure does not answer (${asDrillbookError(thrown).message}); looking again.`;
    if (operation.summary !== summary) {
      await hands.commit({ type: "progressed", by: null, operation: operation.key, summary, tasks: operation.tasks, servers: operation.servers, requests });
    }
    hands.lookAgainAfter(effect, silentMs);
  }
}

async function reportProgress(operation: OperationState, progress: Progress, requests: readonly RequestRecord[], hands: Hands): Promise<void> {
  const { summary, tasks, servers, problems } = progress;
  const report = { by: null, operation: operation.key, summary, tasks, servers, requests };
  if (progress.state !== "running") {
    await hands.commit({ ...report, type: "ended", outcome: progress.state, problems });
  } else if (digestOf({ summary, tasks, servers }) !== digestOf({ summary: operation.summary, tasks: operation.tasks, servers: operation.servers })) {
    await hands.commit({ ...report, type: "progressed" });
  }
}

/** The launch could not judge what people answered since: nothing is done with an input that does not fit. */
function refuseMisfit(facts: Parameters<typeof misfits>[0], input: Json): void {
  const [misfit] = misfits(facts, input);
  if (misfit !== undefined) throw new DrillbookError("bad-input", misfit.message, misfit.suggestion);
}

function actionNamed(type: string, hands: Hands): Action {
  const action = hands.actions.get(type);
  if (action === undefined) {
    throw new DrillbookError("not-found", `There is no action "${type}" here.`, "Was it removed since the drill began?");
  }
  return action;
}

function onRecord(hands: Hands): { readonly look: Look; readonly requests: RequestRecord[] } {
  const requests: RequestRecord[] = [];
  return { look: { signal: hands.signal, record: (request) => void requests.push(request) }, requests };
}

function problemOf(thrown: unknown): Problem {
  const error = asDrillbookError(thrown);
  return { code: error.code, message: error.message, causes: "", action: error.suggestion, server: null };
}
