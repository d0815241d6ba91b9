import { createHash } from "node:crypto";
import { answersOf, isByPeople, type AskedAnswer } from "../runbooks/runbook.ts";
import type { PersonCommand } from "./commands.ts";
import { effects } from "./effects.ts";
import type { Attachment, Person } from "./events.ts";
import { permit } from "./permission.ts";
import { aloneFor } from "./quorum.ts";
import { openDebts, undoForPeople } from "./debts.ts";
import { openSteps, type Debt, type DrillState, type StepState } from "./state.ts";
import { courseTexts } from "../texts/course.ts";

/** What is answered for a step that nobody is there to answer, and what to do when it failed. */
export type StepAnswer = {
  readonly answer: "done" | "failed" | "skipped" | "approve" | "reject";
  readonly reason: string;
  /** For a step that asks: by name. What is not given is its default, or something that fits. */
  readonly values?: Readonly<Record<string, string>>;
  readonly then: "retry" | "continue" | "give-up";
};

/** By the step's id. */
export type Answers = Readonly<Record<string, StepAnswer>>;

/** What is attached where a step asks for evidence and nobody is there to give any. It says so itself. */
export const placeholderEvidence: Uint8Array = new TextEncoder().encode(courseTexts.nobodyToAttach);
const attached: Attachment = { name: "unattended.txt", mediaType: "text/plain", size: placeholderEvidence.length, sha256: createHash("sha256").update(placeholderEvidence).digest("hex") };

const usual: StepAnswer = { answer: "done", reason: courseTexts.unattended, then: "give-up" };

/**
 * The next thing that somebody has to say in a rehearsal without people, as whoever may say it. Null: the drill waits for
 * machines. The rules are not bent: two approvers answer as two people, and the reviewer took no part.
 */
export function nextAnswer(state: DrillState, answers: Answers): PersonCommand | null {
  if (state.paused !== null) return null;
  const operator = personIn(state, "operator");
  if (operator === null || state.status === "ended") return null;
  const lost = state.operations.find((o) => o.phase === "unknown");
  if (lost !== undefined) return { type: "resolve", by: operator, operation: lost.key, as: "not-started", reason: usual.reason };
  const waits = state.operations.find((o) => o.pause !== null && o.pause.answer === null);
  if (waits !== undefined) return { type: "answer-pause", by: operator, operation: waits.key, pause: waits.pause?.id ?? "", reason: usual.reason };
  if (state.status === "signing-off") return signature(state);
  if (state.status === "cleaning-up") return debtAnswer(state, operator);
  const stuck = state.debts.find((d) => d.status === "failed" && d.beforeRetry);
  if (stuck !== undefined) return failedUndo(stuck, operator);
  for (const step of openSteps(state)) {
    const answer = answers[step.step.id] ?? usual;
    const command = step.status === "failing" ? afterFailure(state, step, answer, operator) : openStep(state, step, answer);
    if (command !== null) return command;
  }
  return null;
}

function openStep(state: DrillState, step: StepState, answer: StepAnswer): PersonCommand | null {
  const at = { step: step.step.id, round: step.round, reason: answer.reason };
  if (step.step.kind === "approval") {
    const approval = step.approval;
    if (approval?.status !== "asked") return null;
    const by = approval.approvers.find((p) => !approval.decisions.some((d) => d.by.id === p.id) && (!state.performers.some((o) => o.id === p.id) || aloneFor(state, step.step.id).some((o) => o.id === p.id)));
    if (by === undefined) return null;
    return { type: "decide", by, ...at, decision: answer.answer === "reject" ? "reject" : "approve", code: approval.digest };
  }
  const cutShort = step.step.kind === "wait" && answer.answer === "skipped";
  if (!isByPeople(step.step) && !cutShort) return null;
  const by = performerOf(state, step);
  if (by === null) return null;
  const missing = step.step.evidence?.length && !state.attachments.some((a) => a.step === step.step.id);
  if (missing && answer.answer !== "failed" && answer.answer !== "skipped") return { type: "attach", by, step: step.step.id, ...attached };
  const said = answer.answer === "failed" || answer.answer === "skipped" ? answer.answer : "done";
  const ticks = step.step.kind === "checklist" ? step.step.items.map(() => true) : [];
  const values = Object.fromEntries(answersOf(step.step).map((asked) => [asked.name, answer.values?.[asked.name] ?? fitting(state, asked, by)]));
  return { type: "answer", by, ...at, reason: said === "done" ? "" : answer.reason, answer: said, ticks, values };
}

function fitting(state: DrillState, asked: AskedAnswer, by: Person): string {
  if (asked.default !== null) return asked.default;
  const examples = { text: "rehearsal", number: "1", choice: asked.choices[0] ?? "", date: state.launchedAt.slice(0, 10), person: by.id, resource: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rehearsal", output: "rehearsal" };
  return examples[asked.type];
}

/** One retry at most: an unattended rehearsal must come to an end. */
function afterFailure(state: DrillState, step: StepState, answer: StepAnswer, operator: Person): PersonCommand | null {
  if (state.operations.some((o) => o.key === step.operation && o.phase !== "ended")) return null;
  if (effects(state).some((e) => e.type === "try-again" && e.step === step.step.id)) return null;
  const at = { by: performerOf(state, step) ?? operator, step: step.step.id, round: step.round, reason: answer.reason };
  if (answer.then === "retry" && step.round < 2) return { type: "retry", ...at };
  if (answer.then === "continue") return { type: "continue", ...at };
  return { type: "give-up", by: operator, reason: courseTexts.failed(step.step.title) };
}

function debtAnswer(state: DrillState, operator: Person): PersonCommand | null {
  const reason = usual.reason;
  const [hold] = state.holds;
  if (hold !== undefined) return { type: "release", by: operator, operation: hold.operation, server: hold.server, reason };
  const forPeople = undoForPeople(state);
  if (forPeople !== null) return { type: "answer-undo", by: operator, operation: forPeople.operation, answer: "done", reason };
  const obligation = openDebts(state).find((d) => d.kind === "obligation");
  if (obligation !== undefined) return { type: "settle", by: operator, obligation: obligation.operation, reason };
  const stays = openDebts(state).find((d) => d.noWayBack);
  if (stays !== undefined) return { type: "accept-debt", by: operator, operation: stays.operation, reason };
  const failed = state.debts.find((d) => d.status === "failed");
  return failed === undefined ? null : failedUndo(failed, operator);
}

function failedUndo({ operation, attempts }: Debt, by: Person): PersonCommand {
  const at = { by, operation, reason: usual.reason };
  return attempts < 2 ? { type: "retry-undo", ...at } : { type: "accept-debt", ...at };
}

function signature(state: DrillState): PersonCommand | null {
  const as = (["owner", "reviewer"] as const).find((a) => !state.signatures.some((s) => s.as === a));
  if (as === undefined) return null;
  const by = (state.roles[as] ?? []).find((p) => permit(state, { type: "sign", by: p, as, statement: "" }) === null);
  return by === undefined ? null : { type: "sign", by, as, statement: usual.reason };
}

/** Whoever may perform the step: the one it was handed to, else somebody in its role, else an operator; never who approved it. */
function performerOf(state: DrillState, { step, round, assignee }: StepState): Person | null {
  const asked = [...(assignee === null ? [] : [assignee]), ...(state.roles[step.role] ?? []), ...(state.roles["operator"] ?? [])];
  return asked.find((by) => permit(state, { type: "retry", by, step: step.id, round, reason: "" }) === null) ?? null;
}

function personIn(state: DrillState, role: string): Person | null {
  return state.roles[role]?.[0] ?? null;
}
